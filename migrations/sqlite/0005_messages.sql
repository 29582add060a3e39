-- Each inbound message once: the claim against duplicates, the transcript, and
-- the source of repeated answers. Times are UTC.
--
-- turn        the sender's own counter, from 1
-- media       JSON list of {url, content_type}; NULL: none
-- parameters  JSON object of what else the provider told; NULL: nothing
-- reply       the TwiML that answered, byte for byte
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    phone_number TEXT NOT NULL,
    turn INTEGER NOT NULL,
    channel TEXT NOT NULL,
    from_address TEXT NOT NULL,
    to_address TEXT NOT NULL,
    body TEXT NOT NULL,
    media TEXT,
    parameters TEXT,
    received_at TEXT NOT NULL,
    state_before TEXT NOT NULL,
    state_after TEXT NOT NULL,
    reply BLOB NOT NULL,
    UNIQUE (phone_number, turn)
);
