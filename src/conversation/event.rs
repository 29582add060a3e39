//! What the engine takes from the outside, and what it asks of the outside.

use crate::message::Message;

/// What begins a turn.
///
/// Each kind of thing that can move a conversation is a variant here: a
/// message, and later the end of a silence or the answer to a request. An event
/// brings all that the engine must know of the outside, except the time and
/// the flows. An event that no longer fits the session changes nothing.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The person wrote.
    Message(&'a Message),
}

/// What a turn asks of the outside, beside its replies.
///
/// Each kind of deed that the engine cannot do itself is a variant here, such
/// as a request to another service or a text that answers no message. An
/// effect is a value that describes the deed. The caller saves it with the
/// session and carries it out afterwards; what comes of it is a further
/// [`Event`]. Replies are no effects, since they answer the event itself.
///
/// No kind exists yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {}
