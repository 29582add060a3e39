-- What a reply says so far that is still open is kept with the person.
--
-- contact    of user_sessions: JSON object, how a person is reached who does
--            not write, and the reply that is open
SET @widen_contact = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'contact'
        AND data_type = 'varchar') = 1,
    'ALTER TABLE user_sessions MODIFY contact TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
    'DO 0');
PREPARE widen_contact FROM @widen_contact;
EXECUTE widen_contact;
DEALLOCATE PREPARE widen_contact;
