//! The statements on callbacks.

use super::dialect::{Dialect, placeholders};

/// Reads callbacks by their names.
pub(super) fn find(rows: usize) -> String {
    format!(
        "SELECT phone_number, result, CAST(over_at AS CHAR) AS over_at FROM callbacks \
         WHERE name IN ({})",
        placeholders(rows)
    )
}

/// How far the next callbacks go that have been over for long.
pub(super) const OLD: &str = "SELECT MAX(CAST(over_at AS CHAR)) FROM \
     (SELECT over_at FROM callbacks WHERE over_at < ? ORDER BY over_at LIMIT ?) AS bite";

/// Deletes the callbacks that were over by a time.
///
/// `FORCE INDEX`: a scan of a small table would wait for rows that a batch is
/// just writing.
pub(super) fn delete(dialect: Dialect) -> String {
    let delete = match dialect {
        Dialect::Sqlite => "DELETE FROM callbacks",
        Dialect::MySql => "DELETE callbacks FROM callbacks FORCE INDEX (callbacks_over_at)",
    };
    format!("{delete} WHERE over_at <= ?")
}
