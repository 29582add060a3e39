//! What the engine takes from the outside, and what it asks of the outside.

use jiff::Timestamp;

use serde_json::Value as Json;

use super::request::{CallAnswer, CallId, Request};
use crate::message::{Channel, Message, Reply, Sender};

/// What begins a turn.
///
/// A variant belongs here for each cause that can move a conversation. An event
/// brings everything that the engine needs from outside, except the flows and
/// the time. An event that no longer fits the session changes nothing.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The person wrote.
    Message(&'a Message),
    /// Time has passed, and perhaps a silence is over. The engine works out
    /// what is due: a nudge, a timeout or the end of the conversation.
    Silence(Contact<'a>),
    /// A call has an answer, or will have none.
    Called {
        /// The person whose conversation waits for it.
        contact: Contact<'a>,
        /// The call.
        call: &'a CallId,
        /// What became of it.
        answer: &'a CallAnswer,
    },
    /// A third party has called back.
    CalledBack {
        /// The person whose conversation has the callback.
        contact: Contact<'a>,
        /// The name of the callback.
        callback: &'a str,
        /// The result: a JSON object with an `outcome`.
        result: &'a Json,
    },
}

/// The person of a conversation, as far as texts may name them.
#[derive(Clone, Copy, Debug)]
pub struct Contact<'a> {
    /// The key of the conversation.
    pub sender: &'a Sender,
    /// The name that the person chose in WhatsApp.
    pub profile_name: Option<&'a str>,
    /// The channel on which the person wrote last.
    pub channel: Channel,
}

impl<'a> Event<'a> {
    /// Returns the person whose conversation the event moves.
    #[must_use]
    pub fn contact(self) -> Contact<'a> {
        match self {
            Self::Message(message) => Contact {
                sender: &message.sender,
                profile_name: message.profile_name.as_deref(),
                channel: message.channel,
            },
            Self::Silence(contact)
            | Self::Called { contact, .. }
            | Self::CalledBack { contact, .. } => contact,
        }
    }
}

/// What a turn asks of the outside, beside its replies.
///
/// A variant belongs here for each deed that the engine cannot do itself. An
/// effect only describes the deed. The caller saves it with the session, and
/// carries it out afterwards. Replies are separate, since they answer the event
/// itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Sends a text that answers no message.
    Text {
        /// The text, with its media.
        reply: Reply,
        /// Why it is sent.
        kind: TextKind,
        /// The time after which it is too late to send it.
        good_until: Timestamp,
    },
    /// Makes an HTTP call. What becomes of it is an [`Event::Called`]. Texts of
    /// the same turn come before it.
    Call {
        /// The request, with places for secrets.
        request: Box<Request>,
    },
    /// Remembers that a callback is spent, so that a repeat of its result gets
    /// the same answer.
    Spend {
        /// The name of the callback.
        callback: String,
        /// The result that it was spent on.
        result: Json,
    },
}

/// Why a text is sent that answers no message. It decides what becomes of the
/// text if it cannot be sent at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// It reminds the person of the question that waits.
    Nudge,
    /// It is the question that the turn ended with.
    Question,
    /// Any other text.
    Statement,
}

impl TextKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Nudge, Self::Question, Self::Statement];

    /// Returns the name that the database and commands use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nudge => "nudge",
            Self::Question => "question",
            Self::Statement => "statement",
        }
    }
}
