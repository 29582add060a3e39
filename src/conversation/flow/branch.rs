//! The branches that a conversation may take, and names for some of them.

/// A branch that a conversation may take: how a step is reached or left, or
/// what a flow as a whole does with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// The conversation came to the step.
    Reached,
    /// The question got a valid answer, or was skipped.
    Answered,
    /// Its `error` was said.
    Error,
    /// The entry of `attachment` with this index was said.
    Attachment(usize),
    /// A word of `optional` skipped the question.
    Skipped,
    /// The entry of `when` with this index decided.
    When(usize),
    /// The entry of `if` with this index decided.
    If(usize),
    /// Neither decided.
    Next,
    /// The question got too many invalid answers.
    Failed,
    /// The nudge with this index was said.
    Nudge(usize),
    /// No answer came in time.
    TimedOut,
    /// `meanwhile` was said.
    Meanwhile,
    /// The entry of `commands` with this index was heard.
    Command(usize),
    /// `otherwise` was said.
    Otherwise,
    /// `ended` was said.
    Ended,
    /// The person was silent for longer than `expire`.
    Expired,
    /// The step of `on_expire` was run.
    OnExpire,
}

/// The words for the branch of `on_fail` in a path.
pub(in crate::conversation) const AFTER_FAILURE: &str = "after too many invalid answers";

/// The words for the branch of `on_timeout` in a path.
pub(in crate::conversation) const AFTER_TIMEOUT: &str = "after the timeout";

/// The words for a branch of `when` without a usable answer to a call in a path.
pub(in crate::conversation) const AFTER_FAILED_CALL: &str = "where the call fails";

/// The words for the branch of `on_expire` in a path.
pub(in crate::conversation) const AFTER_EXPIRY: &str = "after the silence of `expire`";

/// Returns the words for the branch of a command in a path.
pub(in crate::conversation) fn by_command(word: &str) -> String {
    format!("by the command `{word}`")
}
