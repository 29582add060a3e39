//! A message: its sender, its channel and its content.
//!
//! Plain data that every other module shares. [`twilio`](crate::twilio) reads
//! messages from forms and checks signatures, and
//! [`conversation`](crate::conversation) decides what a message does to a
//! conversation.

mod address;
mod channel;
pub mod consent;
mod controls;
pub mod keywords;
mod names;
mod opt_out_words;
mod parameters;
pub mod segments;
mod word_forms;

use self::address::number_in;
pub use self::address::{AddressError, MAX_ADDRESS, Sender, check_address};
pub use self::channel::Channel;
pub use self::controls::without_controls;
pub use self::names::Names;
pub use self::parameters::Parameters;

/// The longest message id in bytes; the width of its column.
pub const MAX_MESSAGE_ID: usize = 64;

/// The length of a signature in bytes.
pub const SIGNATURE: usize = 20;

/// The longest text of a message, in UTF-16 units (Twilio error 14103).
pub const MAX_TEXT: usize = 1_600;

/// The most pictures and files in one message (Twilio docs, messaging/twiml/message).
pub const MAX_MEDIA: usize = 10;

/// The most messages in reply to one message (Twilio error 14109).
pub const MAX_REPLIES: usize = 10;

/// One inbound message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The provider's id, 1 to [`MAX_MESSAGE_ID`] visible ASCII characters.
    pub id: String,
    /// The sender whose conversation this message moves.
    pub sender: Sender,
    /// The sender's other names; `None` for most senders, who have only one address.
    pub names: Option<Names>,
    /// The sender's address as the provider wrote it, channel prefix included.
    pub from: String,
    /// The address that the message was sent to, as the provider wrote it.
    pub to: String,
    /// The channel on which the message arrived.
    pub channel: Channel,
    /// The text; may be empty.
    pub body: String,
    /// Pictures, sounds and files in the message.
    pub media: Vec<Media>,
    /// A shared place.
    pub location: Option<Location>,
    /// The payload of a tapped button or list entry: an option's id if Ringback sent it.
    pub button: Option<String>,
    /// The label of the button; most channels send it as the text, too.
    pub button_text: Option<String>,
    /// The sender's display name, if the channel sends one.
    pub profile_name: Option<String>,
    /// Whether this message asks to stop messages, or to receive them again.
    pub consent: Option<Consent>,
    /// Whether the channel marks it as a reaction to a message from us.
    pub is_reaction: bool,
    /// The Messaging Service that it was sent to, if any.
    pub service: Option<String>,
    /// The signature of the request with the message, if the same signed bytes
    /// can be cut into another message. The signature must then belong to this
    /// message alone.
    pub ambiguous_signature: Option<[u8; SIGNATURE]>,
    /// What the provider sent in addition to ids, addresses, text and media:
    /// every parameter that has a value, unchanged.
    pub parameters: Parameters,
}

impl Message {
    /// Returns a message with nothing but a text; its channel is that of the sender's address.
    pub fn text(id: &str, from: &str, to: &str, body: &str) -> Result<Self, AddressError> {
        Ok(Self {
            id: id.to_owned(),
            sender: Sender::from_address(from)?,
            names: None,
            from: from.to_owned(),
            to: to.to_owned(),
            channel: Channel::of_address(from),
            body: body.to_owned(),
            media: Vec::new(),
            location: None,
            button: None,
            button_text: None,
            profile_name: None,
            service: None,
            ambiguous_signature: None,
            consent: None,
            is_reaction: false,
            parameters: Parameters::default(),
        })
    }

    /// Returns the sender that the message names, whatever else is known about the person.
    #[must_use]
    pub fn written_by(&self) -> &Sender {
        self.names.as_ref().map_or(&self.sender, |names| &names.from)
    }

    /// Returns the way back to the person.
    #[must_use]
    pub fn route(&self) -> Route {
        Route {
            channel: self.channel,
            us: self.to.clone(),
            them: self.from.clone(),
            service: self.service.clone(),
        }
    }

    /// Returns the line on which the message arrived.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line {
            channel: self.channel.for_opt_out(),
            number: number_in(&self.to),
            service: self.service.as_deref(),
        }
    }
}

/// What a STOP refers to: one of our addresses on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The channel under which the opt-out is kept.
    pub channel: Channel,
    /// Our number, or our address if we have no number.
    pub number: &'a str,
    /// The Messaging Service to which the number belongs, if any.
    pub service: Option<&'a str>,
}

/// The two ends between which texts go that answer no message, as the last
/// message told them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The channel.
    pub channel: Channel,
    /// Our address, with the prefix of its channel.
    pub us: String,
    /// The person's address, with the prefix of its channel.
    pub them: String,
    /// The Messaging Service that our address belongs to, if any.
    pub service: Option<String>,
}

impl Route {
    /// Returns the line of the route, on which the person may have stopped us.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line {
            channel: self.channel.for_opt_out(),
            number: number_in(&self.us),
            service: self.service.as_deref(),
        }
    }
}

/// An attachment of a message, by its address; Ringback never fetches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The address of the attachment.
    pub url: String,
    /// The MIME type according to the provider; may be empty.
    pub content_type: String,
}

/// A shared place. Every field is the provider's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Degrees north.
    pub latitude: String,
    /// Degrees east.
    pub longitude: String,
    /// The name of the place, if the phone knows it.
    pub label: Option<String>,
    /// The postal address of the place, if the phone knows it.
    pub address: Option<String>,
}

/// What a message asks of us and of the provider, independently of any conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The wish.
    pub wish: Wish,
    /// Whether the provider answers such a message itself, so that Ringback must not.
    pub answered_by_provider: bool,
    /// Whether the provider declares the wish; otherwise the text alone shows it.
    pub is_declared: bool,
}

/// The wishes of [`Consent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// STOP and similar words.
    Stop,
    /// START and similar words. From a person who has not stopped, this is
    /// ordinary text unless the provider declares it.
    Start,
    /// HELP and similar words, which the provider answers.
    Help,
}

/// One outgoing message of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The text, at most [`MAX_TEXT`] long; may be empty if there is media.
    pub text: String,
    /// Addresses of pictures and files, at most [`MAX_MEDIA`].
    pub media: Vec<String>,
}
