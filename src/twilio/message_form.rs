//! The parameters that Twilio sends with a message of any kind (Twilio docs,
//! messaging/guides/webhook-request).
//!
//! The phone page and `ringback post` make their messages of them, and add
//! those of the channel and the kind.

use uuid::Uuid;

use crate::message::{Channel, segments};

/// Twilio's number for tests, which belongs to nobody.
const TEST_NUMBER: &str = "+15005550006";

/// The agent of a business on RCS, where it has no number.
pub const RCS_AGENT: &str = "ringback_agent";

/// A form, in the order in which it is sent.
pub type MessageForm = Vec<(String, String)>;

/// A message that a person sends to us.
#[derive(Clone, Copy)]
pub struct NewMessage<'a> {
    /// Its id.
    pub sid: &'a str,
    /// Our account; by default one of zeros.
    pub account_sid: Option<&'a str>,
    /// The person's address, with the prefix of its channel.
    pub from: &'a str,
    /// Our address, with the prefix of its channel.
    pub to: &'a str,
    /// What it says.
    pub body: &'a str,
    /// How many files come with it.
    pub files: usize,
}

impl NewMessage<'_> {
    /// Returns the parameters that every message has.
    #[must_use]
    pub fn form(&self) -> MessageForm {
        let Self { sid, account_sid, from, to, body, files } = *self;
        let segments = match Channel::of_address(from) {
            Channel::Sms if files == 0 => segments::count(body).segments,
            _ => 1,
        };
        let account_sid =
            account_sid.map_or_else(|| format!("AC{}", Uuid::nil().simple()), str::to_owned);
        let mut form = MessageForm::new();
        extend(
            &mut form,
            [
                ("MessageSid", sid),
                ("SmsSid", sid),
                ("SmsMessageSid", sid),
                ("AccountSid", &account_sid),
                ("ApiVersion", "2010-04-01"),
                ("From", from),
                ("To", to),
                ("Body", body),
                ("NumMedia", &files.to_string()),
                ("NumSegments", &segments.to_string()),
                ("SmsStatus", "received"),
            ],
        );
        form
    }
}

/// Returns an address of ours for tests on a channel.
#[must_use]
pub fn test_address(channel: Channel) -> String {
    match channel {
        Channel::Rcs => format!("rcs:{RCS_AGENT}"),
        Channel::Sms => TEST_NUMBER.to_owned(),
        other => format!("{}:{TEST_NUMBER}", other.as_str()),
    }
}

/// Returns the places of both numbers, which come with SMS only. Twilio often
/// does not know them.
pub fn places() -> impl Iterator<Item = (&'static str, &'static str)> {
    ["FromCity", "FromState", "FromZip", "FromCountry", "ToCity", "ToState", "ToZip", "ToCountry"]
        .into_iter()
        .map(|name| (name, ""))
}

/// Adds parameters to a form.
pub fn extend(
    form: &mut MessageForm,
    more: impl IntoIterator<Item = (&'static str, impl Into<String>)>,
) {
    form.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value.into())));
}
