//! What the engine takes from the outside, and what it asks of the outside.

use crate::message::Message;

/// What begins a turn.
///
/// A variant belongs here for each cause that can move a conversation: a
/// message, and later the end of a silence or the response to a request. An
/// event brings everything that the engine needs from outside, except the flows
/// and the time. An event that no longer fits the session changes nothing.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The person wrote.
    Message(&'a Message),
}

/// What a turn asks of the outside, beside its replies.
///
/// A variant belongs here for each deed that the engine cannot do itself, such
/// as a request to another service, or a text that answers no message. An
/// effect only describes the deed. The caller saves it with the session, and
/// carries it out afterwards. Its result is a further [`Event`]. Replies are
/// separate, since they answer the event itself.
///
/// No kind exists yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {}
