-- Each inbound message once: the claim against duplicates, the transcript, and
-- the source of repeated answers. Times are UTC.
--
-- turn        the sender's own counter, from 1
-- media       JSON list of {url, content_type}; NULL: none
-- parameters  JSON object of what else the provider told; NULL: nothing
-- reply       the TwiML that answered, byte for byte
CREATE TABLE IF NOT EXISTS messages (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    message_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    turn BIGINT NOT NULL,
    channel VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_address VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    to_address VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body MEDIUMTEXT NOT NULL,
    media MEDIUMTEXT NULL,
    parameters MEDIUMTEXT NULL,
    received_at DATETIME(3) NOT NULL,
    state_before VARCHAR(50) NOT NULL,
    state_after VARCHAR(50) NOT NULL,
    reply MEDIUMBLOB NOT NULL,
    UNIQUE KEY messages_message_id (message_id),
    UNIQUE KEY messages_phone_number_turn (phone_number, turn)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
