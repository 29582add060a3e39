//! What the page asks the phone to send, and whether a phone can send it.

use serde::Deserialize;
use uuid::Uuid;

use super::files::{Files, KeptFile};
use super::number::{Phone, PhoneChannel};
use crate::message::{MAX_MEDIA, MAX_TEXT};

/// The longest payload of a button (WhatsApp's limit).
const MAX_PAYLOAD: usize = 256;

/// The longest name or address of a place, and name of a person, in characters.
const MAX_NAME: usize = 200;

/// The longest reaction in bytes. A flag or a family is one emoji of many characters.
const MAX_EMOJI: usize = 64;

/// The request of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outgoing {
    /// Made by the page and kept while it repeats an unanswered request, so
    /// that a message that did arrive is not taken twice.
    pub(super) id: Uuid,
    pub(super) from: Phone,
    pub(super) channel: PhoneChannel,
    #[serde(default)]
    pub(super) text: String,
    /// The ids of files that were attached before.
    #[serde(default)]
    pub(super) media: Vec<Uuid>,
    pub(super) location: Option<Location>,
    pub(super) button: Option<Tap>,
    pub(super) reaction: Option<Reaction>,
    /// The name that the person has chosen for themselves.
    pub(super) profile_name: Option<String>,
}

impl Outgoing {
    /// Returns a new message that has only a text.
    pub(super) fn text(from: Phone, channel: PhoneChannel, text: String) -> Self {
        Self {
            id: Uuid::new_v4(),
            from,
            channel,
            text,
            media: Vec::new(),
            location: None,
            button: None,
            reaction: None,
            profile_name: None,
        }
    }
}

/// A shared place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Location {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    #[serde(default)]
    pub(super) label: String,
    #[serde(default)]
    pub(super) address: String,
}

/// A tapped option.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tap {
    pub(super) id: String,
    pub(super) label: String,
    /// Whether it stood in a list instead of on a button.
    #[serde(default)]
    pub(super) in_list: bool,
    /// The id of the message that it belongs to.
    pub(super) to: Option<String>,
}

/// A reaction to a message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reaction {
    pub(super) emoji: String,
    /// The id of that message.
    pub(super) to: String,
    /// Whether the person wrote that message themselves.
    #[serde(default)]
    pub(super) to_own: bool,
}

/// Why a phone cannot send a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No phone could send it; the words give the reason.
    Impossible(String),
    /// A file is not kept any more.
    Forgotten,
}

impl Outgoing {
    /// Returns the files of the message, if a phone can send the message.
    pub(super) fn check(&self, files: &Files) -> Result<Vec<KeptFile>, Refusal> {
        self.check_texts().and_then(|()| self.check_parts()).map_err(Refusal::Impossible)?;
        let found = self.media.iter().map(|id| files.find(*id).ok_or(Refusal::Forgotten));
        let found: Vec<KeptFile> = found.collect::<Result<_, _>>()?;
        let mut checks = found.iter().map(|file| file.check(self.channel));
        checks.try_for_each(|check| check).map_err(Refusal::Impossible)?;
        Ok(found)
    }

    /// Checks how long the texts are.
    fn check_texts(&self) -> Result<(), String> {
        if self.text.encode_utf16().count() > MAX_TEXT {
            return Err(format!("a message has at most {MAX_TEXT} characters\n"));
        }
        let is_name = |name: &str| name.chars().count() <= MAX_NAME;
        if let Some(Location { latitude, longitude, label, address }) = &self.location {
            if !(-90.0..=90.0).contains(latitude) || !(-180.0..=180.0).contains(longitude) {
                let words = "a place lies at a latitude from -90 to 90 and a longitude from -180 \
                             to 180\n";
                return Err(words.to_owned());
            }
            if !is_name(label) || !is_name(address) {
                return Err(format!(
                    "the name and the address of a place have at most {MAX_NAME} characters\n"
                ));
            }
        }
        if let Some(Tap { id, label, to, .. }) = &self.button {
            if id.is_empty() || id.len() > MAX_PAYLOAD || !is_name(label) {
                return Err(format!(
                    "an option has an id of 1 to {MAX_PAYLOAD} bytes, and a label of at most \
                     {MAX_NAME} characters\n"
                ));
            }
            if to.as_deref().is_some_and(|to| !is_message_id(to)) {
                return Err("a tap names the id of the message with the option\n".to_owned());
            }
        }
        if let Some(Reaction { emoji, to, .. }) = &self.reaction {
            if !(1..=MAX_EMOJI).contains(&emoji.len()) || emoji.contains(char::is_whitespace) {
                return Err("a reaction is one emoji\n".to_owned());
            }
            if !is_message_id(to) {
                return Err("a reaction names the id of the message it answers\n".to_owned());
            }
        }
        if self.profile_name.as_deref().is_some_and(|name| name.is_empty() || !is_name(name)) {
            return Err(format!("a profile name has 1 to {MAX_NAME} characters\n"));
        }
        Ok(())
    }

    /// Checks that the parts go together, and that the channel has them.
    fn check_parts(&self) -> Result<(), String> {
        let parts = [self.location.is_some(), self.button.is_some(), self.reaction.is_some()];
        let special = parts.iter().filter(|is_there| **is_there).count();
        let has_content = !self.text.is_empty() || !self.media.is_empty();
        if special > 1 || special == 1 && has_content {
            return Err("a place, a tapped option and a reaction are messages of their own, \
                        without a text or files\n"
                .to_owned());
        }
        let most = if self.channel == PhoneChannel::Sms { MAX_MEDIA } else { 1 };
        if self.media.len() > most {
            let files = if most == 1 { "1 file".to_owned() } else { format!("{most} files") };
            return Err(format!("a message by {} has at most {files}\n", self.channel.name()));
        }
        if self.channel == PhoneChannel::Whatsapp {
            return Ok(());
        }
        for (is_there, what) in [
            (self.location.is_some(), "a place goes by WhatsApp only; write its address"),
            (self.reaction.is_some(), "a reaction goes by WhatsApp only; other phones write it"),
            (self.profile_name.is_some(), "a profile name comes with WhatsApp only"),
            (
                self.button.is_some() && self.channel == PhoneChannel::Sms,
                "SMS has no buttons; send the number or the label of the option as the text",
            ),
        ] {
            if is_there {
                return Err(format!("{what}\n"));
            }
        }
        Ok(())
    }
}

/// Returns whether a text may be the id of a message at Twilio.
fn is_message_id(text: &str) -> bool {
    let digits = text.strip_prefix("SM").or_else(|| text.strip_prefix("MM"));
    digits.is_some_and(|digits| {
        digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
