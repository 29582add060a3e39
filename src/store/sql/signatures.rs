//! The statements on whose signatures are.

use super::dialect::{Dialect, placeholders, tuples};

/// Claims signatures; one that is owned stays its owner's.
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

/// Whose these signatures are.
pub(super) fn owners(rows: usize) -> String {
    format!(
        "SELECT signature, message_id, phone_number FROM signatures WHERE signature IN ({})",
        placeholders(rows)
    )
}
