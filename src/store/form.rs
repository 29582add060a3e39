//! The forms of a session: which of its columns are written.
//!
//! Each value of a statement costs the server about a microsecond, and seven of the
//! columns are NULL in most sessions. A column is left out if it was NULL before and
//! is NULL afterwards.

/// The columns of a session that are written. The form with the fewest is first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Form {
    /// Those that every session has.
    #[default]
    Plain,
    /// Also those of a person who is written to without being asked.
    Waiting,
    /// All.
    Whole,
}

/// The form of a row as it was read. It says nothing about the person, so any two
/// of these are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsRead(pub(super) Form);

impl PartialEq for AsRead {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
