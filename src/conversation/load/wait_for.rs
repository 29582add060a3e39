//! A step that waits for a callback, as it was read.

use super::placed::{At, Text};
use super::silence::DraftSilence;

/// A wait for a third party's result.
#[derive(Debug)]
pub(super) struct DraftWait {
    pub(super) name: Option<At<String>>,
    /// What is kept of a result: the variable, the JSON pointer, and whether a
    /// result without it is refused.
    pub(super) keep: Vec<(At<String>, String, bool)>,
    pub(super) meanwhile: Option<Text>,
    /// What happens while no result comes.
    pub(super) silence: DraftSilence,
}

impl DraftWait {
    /// All of its texts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        self.meanwhile.iter().chain(self.silence.texts())
    }
}
