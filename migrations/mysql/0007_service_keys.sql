-- Random keys that must outlive a restart, such as that of the number hash in the logs.
CREATE TABLE IF NOT EXISTS service_keys (
    name VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    value VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
