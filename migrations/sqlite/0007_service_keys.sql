-- Random keys that must outlive a restart, such as that of the number hash in the logs.
CREATE TABLE IF NOT EXISTS service_keys (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
