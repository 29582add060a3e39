-- Callbacks: where third parties bring the results that conversations wait
-- for. Times are UTC.
--
-- callback   of user_sessions: JSON object, the callback that the conversation
--            has, with a result that came early; NULL: none was shown
-- name       the last part of its URL
-- result     the hash of the result that came
-- over_at    when it was spent, or its conversation ended
ALTER TABLE user_sessions ADD COLUMN callback TEXT;
CREATE TABLE IF NOT EXISTS callbacks (
    name TEXT NOT NULL PRIMARY KEY,
    phone_number TEXT NOT NULL,
    result TEXT,
    over_at TEXT
);
CREATE INDEX IF NOT EXISTS callbacks_over_at ON callbacks (over_at) WHERE over_at IS NOT NULL;
