-- The tables of all three peers: the original's sessions, and each message id
-- once with the reply that it got.
CREATE TABLE user_sessions (
    phone_number VARCHAR(20) NOT NULL PRIMARY KEY,
    user_name VARCHAR(100),
    favorite_song VARCHAR(200),
    conversation_state VARCHAR(50) NOT NULL,
    last_interaction TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

CREATE TABLE messages (
    message_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    phone_number VARCHAR(20) NOT NULL,
    body TEXT NOT NULL,
    reply TEXT NOT NULL,
    received_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
