-- The original's table, with its five columns, their names and meaning.
-- Where it stands already it is left as it is, and its people go on.
CREATE TABLE IF NOT EXISTS user_sessions (
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_name VARCHAR(100),
    favorite_song VARCHAR(200),
    conversation_state VARCHAR(50),
    last_interaction TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
