//! Turns of people who did not write, for the log.

use super::number_hash::NumberHash;
use crate::message::Sender;

/// A turn that moved something.
#[derive(Debug)]
pub(super) struct Moved {
    pub(super) sender: Sender,
    /// The states before and after.
    pub(super) states: (String, String),
    /// What the turn came after, for the log.
    pub(super) after: After,
}

/// What a turn came after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Silence,
    Call,
    Callback,
}

impl Moved {
    /// Logs the turn, once it is saved.
    pub(super) fn log(&self, number_hash: &NumberHash) {
        let Self { sender, states: (before, after), after: came_after } = self;
        let hash = number_hash.of(sender);
        // The macro takes its text as a constant only.
        match came_after {
            After::Silence => tracing::info!(
                sender.hash = hash,
                state.before = before,
                state.after = after,
                "turn taken after silence"
            ),
            After::Call => tracing::info!(
                sender.hash = hash,
                state.before = before,
                state.after = after,
                "turn taken after a call"
            ),
            After::Callback => tracing::info!(
                sender.hash = hash,
                state.before = before,
                state.after = after,
                "turn taken after a callback"
            ),
        }
    }
}
