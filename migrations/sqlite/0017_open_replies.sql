-- What a reply says so far that is still open is kept with the person, in
-- `contact` of user_sessions. A text of SQLite is as long as it must be.
SELECT 1;
