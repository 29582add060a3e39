-- Whose a signature is, where the signed bytes can be cut into another message.
-- Most can not, and have no row here. Times are UTC.
--
-- signature    the HMAC-SHA1 that came with the request
-- message_id   the message that came with it first, taken or not
-- received_at  when it came last
CREATE TABLE IF NOT EXISTS signatures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    signature BLOB NOT NULL UNIQUE,
    message_id TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    received_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS signatures_phone_number ON signatures (phone_number);
