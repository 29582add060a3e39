//! The question that a command has left, to which a step with `resume` returns.

use super::place::{Caller, Place};
use crate::conversation::Answers;

/// The question that a command led away from, and the sub-flows that were left
/// to get to the command's flow.
pub(super) struct Aside<'a> {
    pub(super) place: Place<'a>,
    /// The flows that were left, that of the command first. The session has the
    /// answers of that one.
    pub(super) left: Vec<Caller<'a>>,
    /// The answers of the question's flow, if that is not the command's flow.
    pub(super) answers: Answers,
    /// The language that was spoken there.
    pub(super) language: Option<String>,
}
