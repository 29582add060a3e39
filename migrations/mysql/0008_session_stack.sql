-- Where in flows that run others a person stands, and in which language. MySQL
-- has no ADD COLUMN IF NOT EXISTS, so the statement asks first.
--
-- stack     JSON list, outermost first, of the flows that wait for `flow` to end:
--           {"flow", "step", "answers"}; NULL: `flow` is not run by another
-- language  the tag of the language that was chosen last; NULL: none ever was
SET @add_session_stack = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'stack') = 0,
    'ALTER TABLE user_sessions
        ADD COLUMN stack MEDIUMTEXT NULL,
        ADD COLUMN language VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NULL',
    'DO 0');
PREPARE add_session_stack FROM @add_session_stack;
EXECUTE add_session_stack;
DEALLOCATE PREPARE add_session_stack;
