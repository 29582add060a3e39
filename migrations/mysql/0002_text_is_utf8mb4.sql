-- An adopted table may hold latin1 or three-byte UTF-8; names have emoji.
ALTER TABLE user_sessions CONVERT TO CHARACTER SET utf8mb4;
