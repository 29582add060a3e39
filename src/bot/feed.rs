//! Notifies listeners when a sender's transcript has grown, or when their texts
//! have gone further.
//!
//! A notice has only the sender and what to look at. Listeners read the messages from
//! the store, so a listener that falls behind misses nothing.

use tokio::sync::broadcast;

use crate::message::Sender;

/// The most notices that are kept for a slow listener, which otherwise reads the store again.
const BACKLOG: usize = 1024;

/// There is something new of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sender.
    pub sender: Sender,
    /// What is new.
    pub news: News,
}

/// What is new of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The transcript has grown to this turn, counted per sender from 1.
    Turn(i64),
    /// Texts that answer no message have gone further.
    Texts,
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
