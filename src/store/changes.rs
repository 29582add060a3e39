//! The changes of a batch, on their way into the tables.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::callbacks::CallbackRow;
use super::person::Person;
use crate::conversation::Ended;
use crate::message::{Channel, Message, Sender};
use crate::outbox::text::Text;

/// One message that was taken, with everything that is kept of it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The message.
    pub message: Arc<Message>,
    /// The sender's own counter.
    pub turn: i64,
    /// The time at which it was taken.
    pub received_at: Timestamp,
    /// The state before it.
    pub state_before: String,
    /// The state after it.
    pub state_after: String,
    /// The `TwiML` that answers it.
    pub reply: Vec<u8>,
}

/// The end of a reply that was left open.
#[derive(Clone, Debug)]
pub struct ClosedReply {
    /// The id of the message that it answers.
    pub id: String,
    /// The `TwiML` of it.
    pub reply: Vec<u8>,
    /// The state that it led to.
    pub state: String,
}

/// The changes of a batch.
#[derive(Debug, Default)]
pub struct Changes {
    /// The messages, in the order in which they were taken.
    pub messages: Vec<Recorded>,
    /// Replies that are closed now.
    pub closed: Vec<ClosedReply>,
    /// The people, each once, in their current state.
    pub people: Vec<(Sender, Person)>,
    /// The conversations that ended, with their channels.
    pub ended: Vec<(Sender, Channel, Ended)>,
    /// The texts that answer no message: new ones, and known ones that changed.
    pub texts: Vec<Text>,
    /// When addresses of ours may send their next text, as far as that changed.
    pub paces: Vec<(String, Timestamp)>,
    /// The callbacks that were spent, each on this result.
    pub spent: Vec<(String, Json)>,
    /// The rows of callbacks, which follow from its people.
    pub callbacks: Vec<CallbackRow>,
    /// The time of the batch.
    pub now: Timestamp,
}
