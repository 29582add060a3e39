//! What a flow does when nobody writes.

use std::time::Duration;

use super::target::{StepId, Target};
use crate::conversation::template::Template;

/// What a question does while no answer comes.
#[derive(Clone, Debug, Default)]
pub struct Silence {
    /// Reminders, each with the time after the question, in the order of time.
    pub nudges: Vec<(Duration, Template)>,
    /// The time after the question at which the conversation continues without
    /// an answer, and where.
    pub timeout: Option<(Duration, Target)>,
}

impl Silence {
    /// Returns whether the question only waits.
    pub(in crate::conversation) fn is_empty(&self) -> bool {
        self.nudges.is_empty() && self.timeout.is_none()
    }
}

/// What a flow does when silence has ended its conversation.
#[derive(Clone, Copy, Debug)]
pub(in crate::conversation) struct OnExpire {
    pub(in crate::conversation) step: StepId,
    /// Whether something may be said then.
    pub(in crate::conversation) says: bool,
}
