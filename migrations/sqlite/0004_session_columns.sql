-- What a session needs beside the original's columns. SQLite runs each file in
-- one transaction, so that a file killed midway has done nothing.
--
-- flow        the flow that began last; NULL: a row of the original, or nothing begun
-- answers     JSON object, variable -> text or number
-- tries       invalid answers so far to the question at hand
-- expires_at  UTC; when silence ends the conversation; NULL: nothing waits, or for ever
-- turns       messages of this sender so far
-- opt_outs    JSON object, channel -> UTC time since when no message is wanted
ALTER TABLE user_sessions ADD COLUMN flow TEXT;
ALTER TABLE user_sessions ADD COLUMN answers TEXT;
ALTER TABLE user_sessions ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_sessions ADD COLUMN began_at TEXT;
ALTER TABLE user_sessions ADD COLUMN expires_at TEXT;
ALTER TABLE user_sessions ADD COLUMN turns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_sessions ADD COLUMN opt_outs TEXT;
