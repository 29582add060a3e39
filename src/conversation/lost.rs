//! The reasons why a session cannot continue at its place: the flows have
//! changed since it got there.

use std::fmt;

use super::session::Note;

/// The place of a session that no longer exists in the flows, or no longer in
/// that form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lost {
    /// The flow of the place: the current one, or one around it.
    pub flow: String,
    /// The step in it, as it is stored.
    pub step: String,
    /// The fault at the place.
    pub reason: Reason,
}

/// A fault at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No flow of this name is loaded.
    NoFlow,
    /// The flow around it now runs this other flow.
    OtherSubflow(String),
    /// The flow has no step with this name or former name.
    NoStep,
    /// The step asks nothing.
    NoQuestion,
    /// The step runs no other flow.
    NoRun,
    /// Every path to the step gives this variable a value, and the session
    /// lacks it.
    Missing(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFlow => f.write_str("no such flow is loaded"),
            Self::OtherSubflow(name) => write!(f, "the flow around it runs `{name}` there"),
            Self::NoStep => f.write_str("the flow has no such step"),
            Self::NoQuestion => f.write_str("the step is not a question"),
            Self::NoRun => f.write_str("the step runs no other flow"),
            Self::Missing(name) => write!(f, "the answer `{name}` is missing"),
        }
    }
}

impl From<Lost> for Note {
    fn from(lost: Lost) -> Self {
        let Lost { flow, step, reason } = lost;
        Self::BeganAfresh { flow, step, reason: reason.to_string() }
    }
}
