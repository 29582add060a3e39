//! What was said, as it is read back.

use jiff::Timestamp;

use crate::message::{Channel, Media};

/// One turn of a sender's transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The sender's own counter, from 1, without gaps.
    pub turn: i64,
    /// The provider's id of the inbound message.
    pub message_id: String,
    /// How it came.
    pub channel: Channel,
    /// Its text.
    pub body: String,
    /// What came with it.
    pub media: Vec<Media>,
    /// When we took it.
    pub received_at: Timestamp,
    /// The state before.
    pub state_before: String,
    /// The state after.
    pub state_after: String,
    /// The reply's `TwiML`, byte for byte as it went out.
    pub reply: Vec<u8>,
}
