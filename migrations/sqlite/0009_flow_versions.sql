-- The versions of the flows that were served, in the order in which they
-- appeared: one that comes back, as after a roll-back, stands here anew. Times
-- are UTC.
--
-- hash     SHA-256 over the files' names and texts, hexadecimal
-- sources  JSON list of {name, text}, sorted by name
CREATE TABLE IF NOT EXISTS flow_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL,
    sources TEXT NOT NULL,
    first_served_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS flow_versions_hash ON flow_versions (hash);
