-- Callbacks: where third parties bring the results that conversations wait
-- for. Times are UTC. MySQL has no ADD COLUMN IF NOT EXISTS, so the statement
-- asks first.
--
-- callback   of user_sessions: JSON object, the callback that the conversation
--            has, with a result that came early; NULL: none was shown
-- name       the last part of its URL
-- result     the hash of the result that came
-- over_at    when it was spent, or its conversation ended
SET @add_callback = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'callback') = 0,
    'ALTER TABLE user_sessions ADD COLUMN callback MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
    'DO 0');
PREPARE add_callback FROM @add_callback;
EXECUTE add_callback;
DEALLOCATE PREPARE add_callback;
CREATE TABLE IF NOT EXISTS callbacks (
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    result VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    over_at DATETIME(3) NULL,
    KEY callbacks_over_at (over_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
