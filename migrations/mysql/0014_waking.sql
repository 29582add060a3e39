-- What happens to a person who does not write. MySQL has no ADD COLUMN IF NOT
-- EXISTS, so the statement asks first. The index is part of the same statement,
-- which is done whole or not at all.
--
-- waits     JSON object: when the question was asked, and how many of its nudges
--           are over; NULL: the question does nothing while it waits
-- wakes_at  UTC; when silence causes the next turn; NULL: it causes none
SET @add_waking = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'wakes_at') = 0,
    'ALTER TABLE user_sessions
        ADD COLUMN waits VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL,
        ADD COLUMN wakes_at DATETIME(3) NULL,
        ADD INDEX user_sessions_wakes_at (wakes_at)',
    'DO 0');
PREPARE add_waking FROM @add_waking;
EXECUTE add_waking;
DEALLOCATE PREPARE add_waking;
