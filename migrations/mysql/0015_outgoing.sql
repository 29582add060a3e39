-- The outbox: texts that answer no message. Times are UTC. MySQL has no ADD
-- COLUMN IF NOT EXISTS, so the statement asks first.
--
-- contact      of user_sessions: JSON object, how a person is reached who does
--              not write, and until when texts may be on their way to them;
--              NULL: nothing is sent to them
-- kind         nudge, question, statement
-- turns        the person's messages that were taken when it was said
-- asked_at     when the question was asked that it asks or reminds of
-- state        pending, claimed, accepted, sent, delivered, read, failed,
--              undelivered, unknown, dropped, replied
-- reason       why it was dropped, failed, waits, or is unknown
-- sid          the provider's id of it
-- again_of     the text of which it is the second attempt
-- slot_at      its turn at the pace of our address
-- due_at       when somebody looks at it next; NULL: after another event
--
-- send_pace    when each of our addresses may send its next text
SET @add_contact = IF(
    (SELECT COUNT(*) FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'user_sessions' AND column_name = 'contact') = 0,
    'ALTER TABLE user_sessions ADD COLUMN contact VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL',
    'DO 0');
PREPARE add_contact FROM @add_contact;
EXECUTE add_contact;
DEALLOCATE PREPARE add_contact;
CREATE TABLE IF NOT EXISTS outgoing (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_address VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    to_address VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    service VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NULL,
    body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    media MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    turns BIGINT NOT NULL,
    asked_at DATETIME(3) NULL,
    state VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
    code INT NULL,
    sid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    tries INT NOT NULL,
    again_of BIGINT NULL,
    created_at DATETIME(3) NOT NULL,
    good_until DATETIME(3) NOT NULL,
    not_before DATETIME(3) NOT NULL,
    slot_at DATETIME(3) NULL,
    due_at DATETIME(3) NULL,
    claimed_at DATETIME(3) NULL,
    accepted_at DATETIME(3) NULL,
    changed_at DATETIME(3) NOT NULL,
    KEY outgoing_phone_number (phone_number, state),
    KEY outgoing_due_at (due_at),
    KEY outgoing_state (state, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS send_pace (
    address VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    free_at DATETIME(3) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
