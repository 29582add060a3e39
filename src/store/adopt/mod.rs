//! The adoption of tables that existed before ours, or that somebody has changed since.
//!
//! Before each migration this module checks whether the tables in the database
//! can be used. A table of another program may have an unsuitable key, an
//! engine without transactions, or a column that nobody here fills. Changes
//! that lose nothing are made; for the rest the error names the statement to
//! write. [`shape`] says what is needed, [`mysql`] and [`sqlite`] have the
//! rules. Afterwards [`rehearse`](super::rehearse) tests that all of it works.

mod facts;
pub(super) mod mysql;
mod rules;
pub(super) mod shape;
pub(super) mod sqlite;

use std::fmt::Write as _;

use super::StoreError;

/// A reason why a table cannot be used, and its cure.
#[derive(Debug)]
pub(super) struct Finding {
    table: String,
    what: String,
    cure: Cure,
}

/// The cure of a finding.
#[derive(Debug)]
enum Cure {
    /// Changes of the table that lose nothing: they are made at once.
    Ours(Vec<String>),
    /// Statements that a person must decide on.
    Yours(String),
}

impl Finding {
    /// Returns a finding whose cure loses nothing: parts of one `ALTER TABLE`.
    fn ours(table: &str, what: impl Into<String>, changes: Vec<String>) -> Self {
        Self { table: table.to_owned(), what: what.into(), cure: Cure::Ours(changes) }
    }

    /// Returns a finding that a person must decide on.
    pub(super) fn yours(
        table: &str,
        what: impl Into<String>,
        statements: impl Into<String>,
    ) -> Self {
        Self { table: table.to_owned(), what: what.into(), cure: Cure::Yours(statements.into()) }
    }
}

/// Returns the error with everything that a person must decide on, each
/// statement on its own line.
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

/// Returns one `ALTER TABLE` with all changes.
fn alter(table: &str, changes: &[String]) -> String {
    format!("ALTER TABLE {} {};", quoted(table), changes.join(", "))
}

/// Returns a name as both databases accept it, whatever it contains (`SQLite` accepts it for
/// compatibility with `MySQL`).
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// Returns the new name for another program's table or column.
fn set_aside(name: &str) -> String {
    quoted(&format!("{name}_of_another"))
}
