-- The versions of the flows that were served, in the order in which they
-- appeared: one that comes back, as after a roll-back, stands here anew. Times
-- are UTC.
--
-- hash     SHA-256 over the files' names and texts, hexadecimal
-- sources  JSON list of {name, text}, sorted by name
CREATE TABLE IF NOT EXISTS flow_versions (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    sources MEDIUMTEXT NOT NULL,
    first_served_at DATETIME(3) NOT NULL,
    KEY flow_versions_hash (hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
