//! The numbers that the page can play: E.164, like a person's phone number.

use std::fmt;

use serde::Deserialize;

use crate::message::{Channel, Sender};

/// A person's phone number: `+`, no leading zero, 7 to 15 digits.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::simulator) struct Phone(String);

/// Why a text is not such a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a phone number is written with `+`, country code and 7 to 15 digits in all, \
     for example +14155552671 (in an address as %2B14155552671)"
)]
pub(in crate::simulator) struct NoPhone;

impl TryFrom<String> for Phone {
    type Error = NoPhone;

    fn try_from(text: String) -> Result<Self, NoPhone> {
        let digits = text.strip_prefix('+').ok_or(NoPhone)?;
        let plausible = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if plausible { Ok(Self(text)) } else { Err(NoPhone) }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Phone {
    /// Returns the number as Twilio would write it on this channel.
    pub(super) fn address(&self, channel: PhoneChannel) -> String {
        match channel {
            PhoneChannel::Sms => self.0.clone(),
            _ => format!("{}:{}", channel.channel().as_str(), self.0),
        }
    }

    /// Returns whether this is the number, as Twilio writes it on any channel.
    pub(in crate::simulator) fn has_address(&self, address: &str) -> bool {
        [PhoneChannel::Sms, PhoneChannel::Whatsapp, PhoneChannel::Rcs]
            .into_iter()
            .any(|channel| self.address(channel) == address)
    }

    /// Returns the number without its `+`, as in WhatsApp's own id.
    pub(super) fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// Returns the sender with this number.
    pub(in crate::simulator) fn sender(&self) -> Result<Sender, NoPhone> {
        Sender::from_address(&self.0).map_err(|_| NoPhone)
    }
}

/// The channels that the page can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::simulator) enum PhoneChannel {
    /// Text messages.
    Sms,
    /// WhatsApp.
    Whatsapp,
    /// RCS.
    Rcs,
}

impl PhoneChannel {
    /// Returns the channel as messages name it.
    pub(super) fn channel(self) -> Channel {
        match self {
            Self::Sms => Channel::Sms,
            Self::Whatsapp => Channel::Whatsapp,
            Self::Rcs => Channel::Rcs,
        }
    }

    /// Returns the name by which people know it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Whatsapp => "WhatsApp",
            Self::Rcs => "RCS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_phones() {
        for good in ["+14155552671", "+4930123456", "+123456789012345", "+1234567"] {
            assert!(Phone::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "+",
            "14155552671",
            " 14155552671",
            "+04155552671",
            "+123456",
            "+1234567890123456",
            "+1415555267a",
            "+1 415 555 2671",
            "+١٤١٥٥٥٥٢٦٧١",
            "whatsapp:+14155552671",
        ] {
            assert_eq!(Phone::try_from(bad.to_owned()), Err(NoPhone), "{bad}");
        }
    }

    #[test]
    fn all_channels_are_one_sender() {
        let phone = Phone::try_from("+14155552671".to_owned()).unwrap();
        for channel in [PhoneChannel::Sms, PhoneChannel::Whatsapp, PhoneChannel::Rcs] {
            let address = phone.address(channel);
            assert_eq!(Sender::from_address(&address).unwrap(), phone.sender().unwrap());
        }
    }
}
