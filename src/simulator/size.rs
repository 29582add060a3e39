//! The number of SMS segments that a text takes, as the page shows it.

use serde::Serialize;

use crate::message::Channel;
use crate::message::segments::{self, Encoding, Segments};

/// The size of a text as SMS.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct SizeData {
    segments: usize,
    units: usize,
    encoding: &'static str,
    /// The first character that makes the text UCS-2, if one does.
    forced_by: Option<char>,
}

impl SizeData {
    /// Returns the size of a text on a channel; `None` for a channel without
    /// segments, and for a message with files, which goes as MMS.
    pub(super) fn of(channel: Channel, text: &str, has_media: bool) -> Option<Self> {
        if channel != Channel::Sms || has_media || text.is_empty() {
            return None;
        }
        let Segments { encoding, segments, units } = segments::count(text);
        let encoding = match encoding {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        };
        let forced_by = segments::first_ucs2_character(text).map(|(_, character)| character);
        Some(Self { segments, units, encoding, forced_by })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_by_sms_has_segments() {
        let gsm = SizeData { segments: 1, units: 5, encoding: "GSM-7", forced_by: None };
        assert_eq!(SizeData::of(Channel::Sms, "hello", false), Some(gsm));
        let ucs = SizeData { segments: 2, units: 71, encoding: "UCS-2", forced_by: Some('’') };
        assert_eq!(SizeData::of(Channel::Sms, &format!("{}’", "a".repeat(70)), false), Some(ucs));
        for (channel, text, has_media) in [
            (Channel::Sms, "hello", true),
            (Channel::Sms, "", false),
            (Channel::Whatsapp, "hello", false),
            (Channel::Rcs, "hello", false),
        ] {
            assert_eq!(SizeData::of(channel, text, has_media), None, "{channel:?} {text}");
        }
    }
}
