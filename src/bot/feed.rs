//! Notifies listeners when a sender's transcript has grown.
//!
//! A notice has only the sender and the turn. Listeners read the messages from
//! the store, so a listener that falls behind misses nothing.

use tokio::sync::broadcast;

use crate::message::Sender;

/// The most notices that are kept for a slow listener, which otherwise reads the store again.
const BACKLOG: usize = 1024;

/// A sender's transcript has grown to this turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sender of the transcript.
    pub sender: Sender,
    /// The newest turn, counted per sender from 1.
    pub turn: i64,
}

/// The source of notices. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Feed {
    notices: broadcast::Sender<Notice>,
}

impl Feed {
    /// Returns a feed without listeners.
    #[must_use]
    pub fn new() -> Self {
        Self { notices: broadcast::channel(BACKLOG).0 }
    }

    /// Returns the notices from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Sends a notice to the listeners, if there are any.
    pub fn publish(&self, notice: Notice) {
        // An error only means that nobody listens.
        drop(self.notices.send(notice));
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}
