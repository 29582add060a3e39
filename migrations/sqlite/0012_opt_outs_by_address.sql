-- SQLite's text has no bound; only MySQL needs this step.
--
-- opt_outs  JSON object, channel -> UTC time since when no message is wanted on
--           any address of ours; or lines of such a time and one of our addresses
SELECT 1;
