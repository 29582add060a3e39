//! Tells whoever listens that a sender's transcript grew.
//!
//! A notice names the sender and the turn, nothing more: what was said is read
//! from the store, so that a listener who fell behind misses nothing.

use tokio::sync::broadcast;

use crate::message::Sender;

/// Notices that are kept for a slow listener; one that falls further behind reads the store again.
const BACKLOG: usize = 1024;

/// One sender's transcript has grown to this turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whose transcript.
    pub sender: Sender,
    /// The newest turn, counted per sender from 1.
    pub turn: i64,
}

/// Where notices come from. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Feed {
    notices: broadcast::Sender<Notice>,
}

impl Feed {
    /// A feed that nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self { notices: broadcast::channel(BACKLOG).0 }
    }

    /// Notices from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Tells the listeners, if there are any.
    pub fn publish(&self, notice: Notice) {
        // An error says only that nobody listens.
        drop(self.notices.send(notice));
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}
