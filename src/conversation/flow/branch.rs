//! The branches that a conversation may take, and how some of them are called.

/// A way that a conversation may go: how a step is reached or left, or what a
/// flow as a whole does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// The conversation came to the step.
    Reached,
    /// A valid answer was given to it, or it was skipped.
    Answered,
    /// Its `error` was said.
    Error,
    /// The entry of `attachment` at this place was said, counted from 0.
    Attachment(usize),
    /// It was skipped by a word of `optional`.
    Skipped,
    /// The entry of `when` at this place decided, counted from 0.
    When(usize),
    /// The entry of `if` at this place decided, counted from 0.
    If(usize),
    /// Neither decided.
    Next,
    /// Too many invalid answers were given.
    Failed,
    /// The entry of `commands` at this place was heard, counted from 0.
    Command(usize),
    /// `otherwise` was said.
    Otherwise,
    /// `ended` was said.
    Ended,
    /// Somebody was silent for longer than `expire`.
    Expired,
}

/// How a way goes on by `on_fail`.
pub(in crate::conversation) const AFTER_FAILURE: &str = "after too many invalid answers";

/// How a way goes on by a command.
pub(in crate::conversation) fn by_command(word: &str) -> String {
    format!("by the command `{word}`")
}
