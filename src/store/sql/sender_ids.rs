//! The statements on people with a known id, and on everything that moves with
//! an id from key to key.

use super::dialect::{Dialect, placeholders, tuples};

/// Reads the keys under which people with these ids are kept.
pub(super) fn keys(rows: usize) -> String {
    format!(
        "SELECT external_id, phone_number FROM sender_ids WHERE external_id IN ({})",
        placeholders(rows)
    )
}

/// Does the same, with the rows locked.
///
/// `FORCE INDEX`: a scan of a small table would lock rows that were not requested.
pub(super) fn hold(dialect: Dialect, rows: usize) -> String {
    let (index, lock) = match dialect {
        Dialect::Sqlite => ("", ""),
        Dialect::MySql => ("FORCE INDEX (PRIMARY)", "FOR UPDATE"),
    };
    format!(
        "SELECT external_id, phone_number FROM sender_ids {index} \
         WHERE external_id IN ({}) ORDER BY external_id {lock}",
        placeholders(rows)
    )
}

/// Stores ids that are new; a known id keeps its key.
pub(super) fn claim(dialect: Dialect, rows: usize) -> String {
    let keep = match dialect {
        Dialect::Sqlite => "ON CONFLICT (external_id) DO NOTHING",
        Dialect::MySql => "ON DUPLICATE KEY UPDATE external_id = VALUES(external_id)",
    };
    format!(
        "INSERT INTO sender_ids (external_id, phone_number) VALUES {} {keep}",
        tuples("(?, ?)", rows)
    )
}

pub(super) const MOVE: &str = "UPDATE sender_ids SET phone_number = ? WHERE phone_number = ?";

pub(super) const OF_KEY: &str = "SELECT external_id FROM sender_ids WHERE phone_number = ?";

pub(super) const MOVE_MESSAGES: &str =
    "UPDATE messages SET phone_number = ?, turn = turn + ? WHERE phone_number = ?";

pub(super) const MOVE_CONVERSATIONS: &str =
    "UPDATE conversations SET phone_number = ? WHERE phone_number = ?";

pub(super) const DELETE_SESSION: &str = "DELETE FROM user_sessions WHERE phone_number = ?";
