-- One row for each conversation that ended: the results. Times are UTC.
--
-- outcome   COMPLETED, CANCELLED, STOPPED, EXPIRED, or what the flow says
-- answers   JSON object, variable -> text or number
-- began_at  NULL for a conversation that the original began
CREATE TABLE IF NOT EXISTS conversations (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    flow VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    outcome VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    answers JSON NOT NULL,
    began_at DATETIME(3) NULL,
    ended_at DATETIME(3) NOT NULL,
    KEY conversations_phone_number (phone_number),
    KEY conversations_ended_at (ended_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
