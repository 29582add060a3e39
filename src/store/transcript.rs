//! A transcript as it is read.

use jiff::Timestamp;

use crate::message::{Channel, Media};

/// One turn of a sender's transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The sender's own counter, from 1, without gaps.
    pub turn: i64,
    /// The provider's id of the inbound message.
    pub message_id: String,
    /// The channel on which it arrived.
    pub channel: Channel,
    /// Its text.
    pub body: String,
    /// Its attachments.
    pub media: Vec<Media>,
    /// The further parameters that the provider sent with it, as a JSON object.
    pub parameters: Option<String>,
    /// The time at which it was taken.
    pub received_at: Timestamp,
    /// The state before.
    pub state_before: String,
    /// The state after.
    pub state_after: String,
    /// The reply's `TwiML`, byte for byte as it went out.
    pub reply: Vec<u8>,
}
