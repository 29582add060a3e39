//! Why a session cannot go on where it stands: the flows are others than those
//! in which it came there.

use std::fmt;

use super::session::Note;

/// A place that a session stands at, and that the flows no longer have so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lost {
    /// The flow of the place: the one at hand, or one around it.
    pub flow: String,
    /// The step in it, as it is stored.
    pub step: String,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No flow of this name is loaded.
    NoFlow,
    /// The flow around it runs this one now.
    OtherSubflow(String),
    /// The flow has no step that bears the name, or did.
    NoStep,
    /// The step asks nothing.
    NoQuestion,
    /// The step runs no other flow.
    NoRun,
    /// This variable is known on every way to the step, and the session lacks it.
    Missing(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFlow => f.write_str("no such flow is loaded"),
            Self::OtherSubflow(name) => write!(f, "the flow around it runs `{name}` there"),
            Self::NoStep => f.write_str("the flow has no such step"),
            Self::NoQuestion => f.write_str("the step is no question"),
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
