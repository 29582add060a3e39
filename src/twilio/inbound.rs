//! Makes a [`Message`] from the parameters of an authentic form.
//!
//! The parameters are those of Twilio's docs, messaging/guides/webhook-request.
//! New parameters appear without notice, so unknown ones are kept and never
//! refused. The five parameters that every message needs must occur exactly
//! once. A signature has no marks between names and values: only this rule, the
//! shape of the id, and the memory of ambiguous signatures bind the values to
//! their names.

use std::borrow::Cow;

use super::{
    consent,
    form::{FormError, Pairs},
    id,
    signature::Authentic,
};
use crate::message::{
    self, AddressError, Channel, Location, MAX_MEDIA, MAX_MESSAGE_ID, Media, Message, Names,
    Parameters, Sender,
};

/// Parameters that say nothing beyond what a [`Message`] says.
const BOILERPLATE: &[&str] = &[
    "AccountSid",
    "ApiVersion",
    "NumMedia",
    "NumSegments",
    "SmsMessageSid",
    "SmsSid",
    "SmsStatus",
];

/// The parameters by which webhooks of other kinds are known, and the names of these kinds.
const OTHER_WEBHOOKS: [(&str, &str); 4] = [
    ("CallSid", "a voice call's webhook"),
    ("ConversationSid", "a webhook of Twilio Conversations"),
    ("ChannelSid", "a webhook of Programmable Chat"),
    ("PayloadType", "the webhook of Twilio's debugger"),
];

/// Why an authentic form is not a message. Values are never quoted: they are people's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboundError {
    /// No parameters at all.
    #[error(
        "the request has no parameters; a message is a POST with a body of type \
         application/x-www-form-urlencoded"
    )]
    Empty,
    /// Not text.
    #[error(transparent)]
    Form(#[from] FormError),
    /// A report about an outgoing message.
    #[error(
        "this is a status callback (it has `MessageStatus`), sent to the URL for messages; at the \
         provider, set another URL, or none, for status callbacks"
    )]
    StatusCallback,
    /// Another kind of webhook.
    #[error(
        "this is {kind} (it has `{parameter}` and no `MessageSid`), sent to the URL for messages; \
         at the provider, set another URL, or none, for it"
    )]
    OtherWebhook {
        /// The kind of webhook.
        kind: &'static str,
        /// The parameter by which it is known.
        parameter: &'static str,
    },
    /// One of the five is missing.
    #[error("parameter `{0}` is missing; every message has it, even if it is empty")]
    Missing(&'static str),
    /// One of the five occurs more than once.
    #[error("parameter `{0}` occurs more than once; send it once")]
    Repeated(&'static str),
    /// The id is not a valid id.
    #[error(
        "parameter `MessageSid` must be 1 to {MAX_MESSAGE_ID} visible ASCII characters without \
         spaces"
    )]
    MessageId,
    /// An id of a known form, followed by further characters.
    #[error("parameter `MessageSid` has further characters after a complete id; send the id alone")]
    MessageIdTail,
    /// Only the first letter of an id.
    #[error("parameter `MessageSid` is one letter, the beginning of an id; send the whole id")]
    MessageIdCut,
    /// A message of another account.
    #[error(
        "parameter `AccountSid` is not the account in TWILIO_ACCOUNT_SID; correct or unset that \
         setting if this account is yours"
    )]
    OtherAccount,
    /// An address that cannot be stored.
    #[error("parameter `{parameter}` {error}")]
    Address {
        /// `From` or `To`.
        parameter: &'static str,
        /// What is wrong with it.
        error: AddressError,
    },
}

/// Reads a message. If `account` is given, it must be the message's `AccountSid`.
pub fn read(
    authentic: impl Into<Authentic>,
    account: Option<&str>,
) -> Result<Message, InboundError> {
    let Authentic { pairs, ambiguous_signature } = authentic.into();
    let mut form = Form::new(&pairs)?;
    if form.0.is_empty() {
        return Err(InboundError::Empty);
    }
    if form.peek("MessageStatus").is_some() && !form.has("Body") {
        return Err(InboundError::StatusCallback);
    }
    if !form.has("MessageSid") {
        let other = OTHER_WEBHOOKS.iter().find(|(parameter, _)| form.has(parameter));
        if let Some(&(parameter, kind)) = other {
            return Err(InboundError::OtherWebhook { kind, parameter });
        }
    }
    let account_sid = form.take_one("AccountSid")?;
    if account.is_some_and(|account| account != account_sid) {
        return Err(InboundError::OtherAccount);
    }
    let id = form.take_one("MessageSid")?;
    check_id(&id)?;
    let (from, to) = (form.take_one("From")?, form.take_one("To")?);
    let wrong = |parameter| move |error| InboundError::Address { parameter, error };
    let sender = Sender::from_address(&from).map_err(wrong("From"))?;
    message::check_address(&to).map_err(wrong("To"))?;
    let channel = Channel::of_address(&from);
    // Everything else is for people. The four above are compared unchanged.
    form.drop_controls();
    let body = form.take_one("Body")?;
    // These remain further parameters, too. If one occurs twice, Ringback does
    // not guess whom it names.
    let told = ["ExternalUserId", "ParentExternalUserId"].map(|name| form.peek_only(name));
    let names = Names::new(channel, &sender, told.into_iter().flatten());

    Ok(Message {
        id,
        sender,
        names,
        consent: consent::classify(channel, &body, form.peek("OptOutType")),
        channel,
        from,
        to,
        body,
        media: form.take_media(),
        // These remain further parameters, too: nothing else stores them.
        location: form.location(),
        // Other libraries read `ListId` and `ListTitle` for list replies; Twilio's docs do not name
        // them.
        button: form.peek_first(&["ButtonPayload", "ListId"]),
        button_text: form.peek_first(&["ButtonText", "ListTitle"]),
        profile_name: form.peek("ProfileName").map(str::to_owned),
        // As on WhatsApp. Remains a further parameter, too.
        is_reaction: form.peek("MessageType").is_some_and(|kind| kind == "reaction"),
        // Remains a further parameter, too.
        service: form.peek("MessagingServiceSid").map(str::to_owned),
        ambiguous_signature,
        parameters: form.rest(),
    })
}

/// Checks that a complete id ends at its end. Otherwise a recorded request
/// could be sent again under a new id, made of the old id and the next
/// parameter's name and value. The id may not be cut after its first letter
/// either, with its rest as a new name.
fn check_id(id: &str) -> Result<(), InboundError> {
    if !(1..=MAX_MESSAGE_ID).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(InboundError::MessageId);
    }
    match id.as_bytes() {
        [b'A'..=b'Z'] => Err(InboundError::MessageIdCut),
        id if id::goes_on(id) => Err(InboundError::MessageIdTail),
        _ => Ok(()),
    }
}

/// The part of the form that has not been read yet.
struct Form<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Form<'a> {
    fn new(pairs: &'a Pairs) -> Result<Self, FormError> {
        let texts = pairs.texts()?.into_iter();
        Ok(Self(texts.map(|(name, value)| (name, value.into())).collect()))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    /// Drops the control characters of all values. Names stay unchanged: a name
    /// may not become another name.
    fn drop_controls(&mut self) {
        for (_, value) in &mut self.0 {
            if let Cow::Borrowed(text) = value {
                *value = message::without_controls(text);
            }
        }
    }

    /// Returns the value of a parameter that has one.
    fn peek(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| *known == name && !value.is_empty());
        found.map(|(_, value)| value.as_ref())
    }

    /// Returns the value of a parameter that occurs once.
    fn peek_only(&self, name: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(known, _)| *known == name);
        found.next().filter(|_| found.next().is_none()).map(|(_, value)| value.as_ref())
    }

    /// Returns the value of the first of these parameters that has one.
    fn peek_first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.peek(name)).map(str::to_owned)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, value)| *known == name && !value.is_empty())?;
        Some(self.0.remove(at).1.into_owned())
    }

    fn take_one(&mut self, name: &'static str) -> Result<String, InboundError> {
        let at = self.0.iter().position(|(known, _)| *known == name);
        let (_, value) = self.0.remove(at.ok_or(InboundError::Missing(name))?);
        if self.has(name) { Err(InboundError::Repeated(name)) } else { Ok(value.into_owned()) }
    }

    /// Takes `MediaUrl0` and so on: as many as `NumMedia` says, or without it,
    /// until one is missing.
    fn take_media(&mut self) -> Vec<Media> {
        let told = self.peek("NumMedia").and_then(|count| count.parse().ok());
        (0..told.unwrap_or(MAX_MEDIA).min(MAX_MEDIA))
            .map_while(|index| {
                let url = self.take(&format!("MediaUrl{index}"))?;
                let content_type = self.take(&format!("MediaContentType{index}"));
                Some(Media { url, content_type: content_type.unwrap_or_default() })
            })
            .collect()
    }

    /// Returns the shared place, which needs both of its numbers.
    fn location(&self) -> Option<Location> {
        let (latitude, longitude) = (self.peek("Latitude")?, self.peek("Longitude")?);
        Some(Location {
            latitude: latitude.to_owned(),
            longitude: longitude.to_owned(),
            label: self.peek_first(&["Label"]),
            address: self.peek_first(&["Address"]),
        })
    }

    /// Returns everything else that has a value.
    fn rest(self) -> Parameters {
        let says_more =
            |(name, value): &(&str, &str)| !value.is_empty() && !BOILERPLATE.contains(name);
        let pairs = self.0.iter().map(|(name, value)| (*name, value.as_ref()));
        pairs.filter(says_more).collect()
    }
}
