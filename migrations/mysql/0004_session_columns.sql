-- What a session needs beside the original's columns. MySQL has no
-- ADD COLUMN IF NOT EXISTS, so the statement asks first.
--
-- flow        the flow that began last; NULL: a row of the original, or nothing begun
-- answers     JSON object, variable -> text or number
-- tries       invalid answers so far to the question at hand
-- expires_at  UTC; when silence ends the conversation; NULL: nothing waits, or for ever
-- turns       messages of this sender so far
-- opt_outs    JSON object, channel -> UTC time since when no message is wanted
SET @add_session_columns = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'opt_outs') = 0,
    'ALTER TABLE user_sessions
        ADD COLUMN flow VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
        ADD COLUMN answers MEDIUMTEXT NULL,
        ADD COLUMN tries INT NOT NULL DEFAULT 0,
        ADD COLUMN began_at DATETIME(3) NULL,
        ADD COLUMN expires_at DATETIME(3) NULL,
        ADD COLUMN turns BIGINT NOT NULL DEFAULT 0,
        ADD COLUMN opt_outs VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL',
    'DO 0');
PREPARE add_session_columns FROM @add_session_columns;
EXECUTE add_session_columns;
DEALLOCATE PREPARE add_session_columns;
