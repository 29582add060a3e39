//! The two dialects, and how values are written in both.

/// The two dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded database.
    Sqlite,
    /// `MySQL` and `MariaDB`.
    MySql,
}

/// Returns this many values, for `IN (…)`.
pub(super) fn placeholders(rows: usize) -> String {
    tuples("?", rows)
}

/// Returns this many rows of values.
pub(super) fn tuples(tuple: &str, rows: usize) -> String {
    vec![tuple; rows].join(",")
}
