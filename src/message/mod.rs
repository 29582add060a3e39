//! What a message is: who wrote it, on which channel, with what in it.
//!
//! Plain data that every other module shares. Where a message comes from
//! (forms, signatures) is [`twilio`](crate::twilio)'s, what it does to a
//! conversation is [`conversation`](crate::conversation)'s.

mod address;
mod channel;
pub mod consent;
mod controls;
pub mod keywords;
mod names;
mod parameters;
pub mod segments;

use self::address::number_in;
pub use self::address::{AddressError, MAX_ADDRESS, Sender, check_address};
pub use self::channel::Channel;
pub use self::controls::without_controls;
pub use self::names::Names;
pub use self::parameters::Parameters;

/// The longest message id in bytes; the width of its column.
pub const MAX_MESSAGE_ID: usize = 64;

/// The bytes of a signature.
pub const SIGNATURE: usize = 20;

/// The longest text of a message, in UTF-16 units (Twilio error 14103).
pub const MAX_TEXT: usize = 1_600;

/// The most pictures and files of a message (Twilio docs, messaging/twiml/message).
pub const MAX_MEDIA: usize = 10;

/// The most messages that answer one (Twilio error 14109).
pub const MAX_REPLIES: usize = 10;

/// One inbound message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The provider's id, 1 to [`MAX_MESSAGE_ID`] visible ASCII characters.
    pub id: String,
    /// Whose conversation this message moves.
    pub sender: Sender,
    /// What else the sender is called; `None` for most, who have one address only.
    pub names: Option<Names>,
    /// The sender's address as the provider wrote it, channel prefix included.
    pub from: String,
    /// The address it was sent to, as the provider wrote it.
    pub to: String,
    /// How it came.
    pub channel: Channel,
    /// The text; may be empty.
    pub body: String,
    /// Pictures, sounds and files that came with it.
    pub media: Vec<Media>,
    /// A shared place.
    pub location: Option<Location>,
    /// The payload of a tapped button or list entry; an option's id where we sent it.
    pub button: Option<String>,
    /// What stood on it; most channels send that as the text, too.
    pub button_text: Option<String>,
    /// The display name that the sender's channel tells, if any.
    pub profile_name: Option<String>,
    /// Whether this message asks to stop or to hear from us again.
    pub consent: Option<Consent>,
    /// Whether its channel says that it is a reaction to a message of ours.
    pub is_reaction: bool,
    /// Which of our Messaging Services it was sent to, where it was one.
    pub service: Option<String>,
    /// The signature of the request that brought it, where the same signed bytes
    /// can be cut into another message: then it must be this message's alone.
    pub ambiguous_signature: Option<[u8; SIGNATURE]>,
    /// What the provider told beside ids, addresses, text and media: every
    /// parameter that has a value, as it came.
    pub parameters: Parameters,
}

impl Message {
    /// A message that brings only a text; its channel is that of the sender's address.
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

    /// The sender as the message says, whatever is known of them beside.
    #[must_use]
    pub fn written_by(&self) -> &Sender {
        self.names.as_ref().map_or(&self.sender, |names| &names.from)
    }

    /// Which line of ours it came on.
    #[must_use]
    pub fn line(&self) -> Line<'_> {
        Line {
            channel: self.channel.for_opt_out(),
            number: number_in(&self.to),
            service: self.service.as_deref(),
        }
    }
}

/// What a STOP of a sender is about: one of our addresses on one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The channel under which the opt-out is kept.
    pub channel: Channel,
    /// Our number, or our address where we have no number.
    pub number: &'a str,
    /// The Messaging Service through which we have it, if any.
    pub service: Option<&'a str>,
}

/// Something that came with a message, by address; it is never fetched here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// Where it lies.
    pub url: String,
    /// Its MIME type as the provider tells it; may be empty.
    pub content_type: String,
}

/// A shared place, all of it the provider's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Degrees north.
    pub latitude: String,
    /// Degrees east.
    pub longitude: String,
    /// What the place is called, where the phone knows it.
    pub label: Option<String>,
    /// Its address, likewise.
    pub address: Option<String>,
}

/// What a message wishes of us and of the provider, beside any conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// What it wishes.
    pub wish: Wish,
    /// Whether the provider answers such a message itself, so that we must not.
    pub answered_by_provider: bool,
    /// Whether the provider says that it is one; else its text alone says so.
    pub is_declared: bool,
}

/// The wishes of [`Consent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// STOP and its like.
    Stop,
    /// START and its like. From anyone who is not stopped it is ordinary text,
    /// unless the provider declares it.
    Start,
    /// HELP and its like, which the provider answers.
    Help,
}

/// One outgoing message of a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The text, at most [`MAX_TEXT`] long; may be empty where there is media.
    pub text: String,
    /// Addresses of pictures and files, at most [`MAX_MEDIA`].
    pub media: Vec<String>,
}
