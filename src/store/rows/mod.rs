//! The rows that a batch writes: one trait, and a file for each table.
//!
//! A further table needs a file here, a statement in `sql`, a field of
//! `Changes`, and a line in `writes`.

mod callbacks;
mod conversations;
mod messages;
mod outgoing;
mod paces;
pub(super) mod sessions;

use super::either::Binds;
use crate::conversation::{Answers, Value};

/// A row of a table, as it is written. `Form` says which of its columns are
/// written, if not all of them are.
pub(super) trait Row<Form = ()> {
    /// The table's name.
    const TABLE: &'static str;

    /// The columns that are written, in the order in which their values are bound.
    const COLUMNS: &'static [&'static str];

    /// Returns roughly how many bytes the values have. JSON escapes may add to
    /// them, which costs a wait and nothing else.
    fn size(&self) -> usize;

    /// Binds the values; `now` is the time of the batch.
    fn bind<Q: Binds>(&self, query: Q, now: &str) -> Q;
}

/// The bytes of a row in addition to its texts of any length: ids, addresses,
/// states, times.
const FIXED: usize = 400;

/// Returns roughly how many bytes the values of a row with these answers have.
fn answers_size(answers: &Answers) -> usize {
    let answer = |(name, value): (&String, &Value)| match value {
        Value::Text(text) => name.len() + text.len() + 8,
        Value::Integer(_) | Value::Number(_) => name.len() + 32,
    };
    FIXED + answers.iter().map(answer).sum::<usize>()
}
