//! What a batch changed, on its way into the tables.

use std::sync::Arc;

use jiff::Timestamp;

use super::person::Person;
use crate::conversation::Ended;
use crate::message::{Channel, Message, Sender};

/// One message that was taken, with all that is kept of it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The message.
    pub message: Arc<Message>,
    /// The sender's own counter.
    pub turn: i64,
    /// When it was taken.
    pub received_at: Timestamp,
    /// The state before it.
    pub state_before: String,
    /// The state after it.
    pub state_after: String,
    /// The `TwiML` that answers it.
    pub reply: Vec<u8>,
}

/// What a batch changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// The messages, in the order in which they were taken.
    pub messages: Vec<Recorded>,
    /// The people, each once, as they are now.
    pub people: Vec<(Sender, Person)>,
    /// The conversations that ended, and on which channel.
    pub ended: Vec<(Sender, Channel, Ended)>,
    /// When the batch was run.
    pub now: Timestamp,
}
