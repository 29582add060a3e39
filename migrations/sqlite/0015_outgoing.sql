-- The outbox: texts that answer no message. Times are UTC.
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
ALTER TABLE user_sessions ADD COLUMN contact TEXT;
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    phone_number TEXT NOT NULL,
    channel TEXT NOT NULL,
    from_address TEXT NOT NULL,
    to_address TEXT NOT NULL,
    service TEXT,
    body TEXT NOT NULL,
    media TEXT,
    kind TEXT NOT NULL,
    turns INTEGER NOT NULL,
    asked_at TEXT,
    state TEXT NOT NULL,
    reason TEXT,
    code INTEGER,
    sid TEXT,
    tries INTEGER NOT NULL,
    again_of INTEGER,
    created_at TEXT NOT NULL,
    good_until TEXT NOT NULL,
    not_before TEXT NOT NULL,
    slot_at TEXT,
    due_at TEXT,
    claimed_at TEXT,
    accepted_at TEXT,
    changed_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS outgoing_phone_number ON outgoing (phone_number, state);
CREATE INDEX IF NOT EXISTS outgoing_due_at ON outgoing (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS outgoing_state ON outgoing (state, created_at);
CREATE TABLE IF NOT EXISTS send_pace (
    address TEXT NOT NULL PRIMARY KEY,
    free_at TEXT NOT NULL
);
