-- One row for each conversation that ended: the results. Times are UTC.
--
-- outcome   COMPLETED, CANCELLED, STOPPED, EXPIRED, or what the flow says
-- answers   JSON object, variable -> text or number
-- began_at  NULL for a conversation that the original began
CREATE TABLE IF NOT EXISTS conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    phone_number TEXT NOT NULL,
    channel TEXT NOT NULL,
    flow TEXT NOT NULL,
    outcome TEXT NOT NULL,
    answers TEXT NOT NULL,
    began_at TEXT,
    ended_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_phone_number ON conversations (phone_number);
CREATE INDEX IF NOT EXISTS conversations_ended_at ON conversations (ended_at);
