-- The version of the flows in which a person stands. SQLite runs each file in
-- one transaction, so that a file killed midway has done nothing.
--
-- flow_version  flow_versions.id; NULL: not known, as before there were any
ALTER TABLE user_sessions ADD COLUMN flow_version INTEGER;
