//! The statements on the owners of signatures.

use super::dialect::{Dialect, placeholders, tuples};

/// Claims signatures; an owned signature keeps its owner.
pub(super) fn claim(dialect: Dialect, rows: usize) -> String {
    let keep = match dialect {
        Dialect::Sqlite => {
            "ON CONFLICT (signature) DO UPDATE SET received_at = excluded.received_at"
        }
        Dialect::MySql => "ON DUPLICATE KEY UPDATE received_at = VALUES(received_at)",
    };
    format!(
        "INSERT INTO signatures (signature, message_id, phone_number, received_at) VALUES {} {keep}",
        tuples("(?, ?, ?, ?)", rows)
    )
}

/// Reads the owners of these signatures.
pub(super) fn owners(rows: usize) -> String {
    format!(
        "SELECT signature, message_id, phone_number FROM signatures WHERE signature IN ({})",
        placeholders(rows)
    )
}
