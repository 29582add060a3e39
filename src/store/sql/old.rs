//! Finds and deletes the old rows of a table, bite by bite.

use super::dialect::Dialect;

/// Returns, of the next rows after an id, the last one, and the last that is older than a time.
pub(super) fn look(table: &str, time: &str) -> String {
    format!(
        "SELECT MAX(id), MAX(CASE WHEN {time} < ? THEN id END) FROM \
         (SELECT id, {time} FROM {table} WHERE id > ? ORDER BY id LIMIT ?) AS bite"
    )
}

/// Deletes the rows after an id and up to another that are older than a time.
///
/// `FORCE INDEX`, which MySQL accepts only in this form of `DELETE`: on a small
/// table a scan would wait for rows that a batch is just writing. So would a
/// range that ends with the last row but one, since its end is found by locking
/// the row behind it.
pub(super) fn delete(dialect: Dialect, table: &str, time: &str) -> String {
    let delete = match dialect {
        Dialect::Sqlite => format!("DELETE FROM {table}"),
        Dialect::MySql => format!("DELETE {table} FROM {table} FORCE INDEX (PRIMARY)"),
    };
    format!("{delete} WHERE id > ? AND id <= ? AND {time} < ?")
}
