//! What a step does while nothing comes, as it was read.

use std::time::Duration;

use super::placed::{At, Text};

/// What happens while no answer and no result comes.
#[derive(Debug, Default)]
pub(super) struct DraftSilence {
    /// Reminders, each with the time after the question, in the order of time.
    pub(super) nudges: Vec<(At<Duration>, Text)>,
    /// The time after which the conversation continues, and the step there.
    pub(super) timeout: Option<(At<Duration>, At<String>)>,
}

impl DraftSilence {
    /// All of its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        self.nudges.iter().map(|(_, text)| text)
    }
}
