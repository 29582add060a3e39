-- The version of the flows in which a person stands. MySQL has no ADD COLUMN
-- IF NOT EXISTS, so the statement asks first.
--
-- flow_version  flow_versions.id; NULL: not known, as before there were any
SET @add_flow_version = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'flow_version') = 0,
    'ALTER TABLE user_sessions ADD COLUMN flow_version BIGINT NULL',
    'DO 0');
PREPARE add_flow_version FROM @add_flow_version;
EXECUTE add_flow_version;
DEALLOCATE PREPARE add_flow_version;
