-- What happens to a person who does not write. SQLite runs each file in one
-- transaction, so that a file killed midway has done nothing.
--
-- waits     JSON object: when the question was asked, and how many of its nudges
--           are over; NULL: the question does nothing while it waits
-- wakes_at  UTC; when silence causes the next turn; NULL: it causes none
ALTER TABLE user_sessions ADD COLUMN waits TEXT;
ALTER TABLE user_sessions ADD COLUMN wakes_at TEXT;
CREATE INDEX user_sessions_wakes_at ON user_sessions (wakes_at) WHERE wakes_at IS NOT NULL;
