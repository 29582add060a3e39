-- The original's table, with its five columns, their names and meaning.
-- Where it stands already it is left as it is, and its people go on.
CREATE TABLE IF NOT EXISTS user_sessions (
    phone_number TEXT NOT NULL PRIMARY KEY,
    user_name TEXT,
    favorite_song TEXT,
    conversation_state TEXT,
    last_interaction TEXT DEFAULT CURRENT_TIMESTAMP
);
