//! Tables that were there before ours, or that somebody has changed since.
//!
//! Looks before each migration whether what stands in the database can be used:
//! a table of another program may have a key that is none, an engine without
//! transactions, or a column that nobody here fills. What can be changed without
//! losing anything is changed; for the rest a person is told the statement to
//! write. [`shape`] says what is needed, [`mysql`] and [`sqlite`] have the rules.
//! That all of it holds is tried afterwards, by [`rehearse`](super::rehearse).

mod facts;
pub(super) mod mysql;
mod rules;
pub(super) mod shape;
pub(super) mod sqlite;

use std::fmt::Write as _;

use super::StoreError;

/// Something because of which a table cannot be used, and what mends it.
#[derive(Debug)]
pub(super) struct Finding {
    table: String,
    what: String,
    cure: Cure,
}

/// What mends a finding.
#[derive(Debug)]
enum Cure {
    /// Changes of the table that lose nothing: they are made at once.
    Ours(Vec<String>),
    /// Statements that somebody must decide upon.
    Yours(String),
}

impl Finding {
    /// What loses nothing: parts of one `ALTER TABLE`.
    fn ours(table: &str, what: impl Into<String>, changes: Vec<String>) -> Self {
        Self { table: table.to_owned(), what: what.into(), cure: Cure::Ours(changes) }
    }

    /// What a person must decide upon.
    pub(super) fn yours(
        table: &str,
        what: impl Into<String>,
        statements: impl Into<String>,
    ) -> Self {
        Self { table: table.to_owned(), what: what.into(), cure: Cure::Yours(statements.into()) }
    }
}

/// The error that tells what a person must decide upon, each statement on a line
/// of its own.
pub(super) fn refusal(findings: &[Finding]) -> StoreError {
    let mut text = "a table cannot be used as it is; make a back-up, run the statements below in \
                    their order, then start again"
        .to_owned();
    for Finding { table, what, cure } in findings {
        let Cure::Yours(statements) = cure else { continue };
        // Writing to a string cannot fail.
        let _ = write!(text, "\n\n`{table}` {what}:");
        for line in statements.lines() {
            let _ = write!(text, "\n    {line}");
        }
    }
    StoreError::Migration(text)
}

/// One `ALTER TABLE` of all changes.
fn alter(table: &str, changes: &[String]) -> String {
    format!("ALTER TABLE {} {};", quoted(table), changes.join(", "))
}

/// A name as both databases take it, whatever it holds (`SQLite` for the sake of `MySQL`).
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// The name that a table or column gets which is another program's.
fn set_aside(name: &str) -> String {
    quoted(&format!("{name}_of_another"))
}
