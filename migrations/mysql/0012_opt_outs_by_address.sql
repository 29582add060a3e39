-- Opt-outs name our addresses, and need room. A longer VARCHAR whose length
-- takes two bytes as before is a change of the table's description only.
--
-- opt_outs  JSON object, channel -> UTC time since when no message is wanted on
--           any address of ours; or lines of such a time and one of our addresses
ALTER TABLE user_sessions MODIFY COLUMN opt_outs VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin NULL;
