//! Which columns of a session are written.
//!
//! Each value of a statement costs the server about a microsecond, and most
//! sessions have nothing to say in seven of their columns. They are left out
//! where they are NULL before and after.

/// The columns of a session that are written, the fewest first.
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

/// The form of a row as it was read. It says nothing about the person, so all
/// are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsRead(pub(super) Form);

impl PartialEq for AsRead {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
