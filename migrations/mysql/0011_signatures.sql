-- Whose a signature is, where the signed bytes can be cut into another message.
-- Most can not, and have no row here. Times are UTC.
--
-- signature    the HMAC-SHA1 that came with the request
-- message_id   the message that came with it first, taken or not
-- received_at  when it came last
CREATE TABLE IF NOT EXISTS signatures (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    signature BINARY(20) NOT NULL,
    message_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at DATETIME(3) NOT NULL,
    UNIQUE KEY signatures_signature (signature),
    KEY signatures_phone_number (phone_number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
