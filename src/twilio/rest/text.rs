//! One text as the form of a request.
//!
//! The limits are checked before anything is sent. The names of the parameters
//! are exact, since the provider ignores others silently.

use std::fmt;

use crate::message::{MAX_MEDIA, MAX_TEXT};

/// How many seconds a text may wait to be sent (Twilio docs, Message resource).
const VALIDITY: std::ops::RangeInclusive<u32> = 1..=36_000;

/// One of our ends, from which a text comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum From<'a> {
    /// An address, with the prefix of its channel.
    Address(&'a str),
    /// A Messaging Service, which chooses an address.
    Service(&'a str),
}

/// One text to one person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// The person's address, with the prefix of its channel.
    pub to: &'a str,
    /// Our end.
    pub from: From<'a>,
    /// What it says; may be empty if there is media.
    pub body: &'a str,
    /// The addresses of pictures and files.
    pub media: &'a [String],
    /// The URL to which its statuses are reported.
    pub status_callback: Option<&'a str>,
    /// After how many seconds the provider gives it up.
    pub validity: Option<u32>,
}

/// Why a text cannot be sent. Values are not quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No address of the person.
    #[error("the text has no address to go to")]
    NoTo,
    /// No end of ours.
    #[error("the text has no address to come from")]
    NoFrom,
    /// Neither text nor media.
    #[error("the text says nothing and has no media")]
    Empty,
    /// More than [`MAX_TEXT`] UTF-16 units.
    #[error("the text is longer than {MAX_TEXT} UTF-16 units")]
    TooLong,
    /// More than [`MAX_MEDIA`].
    #[error("the text has more than {MAX_MEDIA} media")]
    TooManyMedia,
    /// A validity that the provider does not take.
    #[error("the text's validity is not between 1 and 36,000 seconds")]
    Validity,
}

/// The body of a request that sends one text.
#[derive(Clone, PartialEq, Eq)]
pub struct TextForm(String);

impl Text<'_> {
    /// Returns the text as a form: UTF-8, with a `+` of a number as `%2B`.
    pub fn form(&self) -> Result<TextForm, TextError> {
        self.check()?;
        let from = match self.from {
            From::Address(address) => ("From", address),
            From::Service(service) => ("MessagingServiceSid", service),
        };
        let validity = self.validity.map(|seconds| seconds.to_string());
        let body = (!self.body.is_empty()).then_some(("Body", self.body));
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs([("To", self.to), from])
            .extend_pairs(body)
            .extend_pairs(self.media.iter().map(|url| ("MediaUrl", url)))
            .extend_pairs(self.status_callback.map(|url| ("StatusCallback", url)))
            .extend_pairs(validity.map(|seconds| ("ValidityPeriod", seconds)));
        Ok(TextForm(form.finish()))
    }

    fn check(&self) -> Result<(), TextError> {
        let (From::Address(from) | From::Service(from)) = self.from;
        let faults = [
            (self.to.is_empty(), TextError::NoTo),
            (from.is_empty(), TextError::NoFrom),
            (self.body.is_empty() && self.media.is_empty(), TextError::Empty),
            (self.body.encode_utf16().count() > MAX_TEXT, TextError::TooLong),
            (self.media.len() > MAX_MEDIA, TextError::TooManyMedia),
            (
                self.validity.is_some_and(|seconds| !VALIDITY.contains(&seconds)),
                TextError::Validity,
            ),
        ];
        faults.into_iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, error)| Err(error))
    }
}

impl TextForm {
    /// Returns the bytes of the body.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Shows nothing of what is said to whom.
impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(…)")
    }
}

/// Shows nothing of what is said to whom.
impl fmt::Debug for TextForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TextForm(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Text<'_> = Text {
        to: "+15005550001",
        from: From::Address("+15005550006"),
        body: "Hi",
        media: &[],
        status_callback: None,
        validity: None,
    };

    #[test]
    fn texts_become_forms() {
        let media = ["https://a.example/1?x=1&y=2".to_owned(), "https://a.example/2".to_owned()];
        for (text, expected) in [
            (TEXT, "To=%2B15005550001&From=%2B15005550006&Body=Hi"),
            (
                Text {
                    to: "whatsapp:+15005550001",
                    from: From::Service("MG1"),
                    body: "1 + 1 & ñ 😀\r\n",
                    ..TEXT
                },
                "To=whatsapp%3A%2B15005550001&MessagingServiceSid=MG1\
                 &Body=1+%2B+1+%26+%C3%B1+%F0%9F%98%80%0D%0A",
            ),
            (
                Text {
                    body: "",
                    media: &media,
                    status_callback: Some("https://bot.example.com/status?m=1&n=+"),
                    validity: Some(600),
                    ..TEXT
                },
                "To=%2B15005550001&From=%2B15005550006\
                 &MediaUrl=https%3A%2F%2Fa.example%2F1%3Fx%3D1%26y%3D2\
                 &MediaUrl=https%3A%2F%2Fa.example%2F2\
                 &StatusCallback=https%3A%2F%2Fbot.example.com%2Fstatus%3Fm%3D1%26n%3D%2B\
                 &ValidityPeriod=600",
            ),
        ] {
            let form = text.form().unwrap();
            assert_eq!(str::from_utf8(form.as_bytes()).unwrap(), expected);
        }
    }

    #[test]
    fn limits_are_checked_before() {
        let longest = "ñ".repeat(MAX_TEXT);
        let emoji = "😀".repeat(MAX_TEXT / 2);
        let (longer, more_emoji) = (format!("{longest}x"), format!("{emoji}x"));
        let media = vec!["https://a.example/1".to_owned(); MAX_MEDIA + 1];
        let most = &media[1..];
        for (text, expected) in [
            (Text { body: &longest, ..TEXT }, Ok(())),
            (Text { body: &emoji, ..TEXT }, Ok(())),
            (Text { body: &longer, ..TEXT }, Err(TextError::TooLong)),
            (Text { body: &more_emoji, ..TEXT }, Err(TextError::TooLong)),
            (Text { body: "", media: most, ..TEXT }, Ok(())),
            (Text { media: &media, ..TEXT }, Err(TextError::TooManyMedia)),
            (Text { body: "", ..TEXT }, Err(TextError::Empty)),
            (Text { to: "", ..TEXT }, Err(TextError::NoTo)),
            (Text { from: From::Address(""), ..TEXT }, Err(TextError::NoFrom)),
            (Text { from: From::Service(""), ..TEXT }, Err(TextError::NoFrom)),
            (Text { validity: Some(0), ..TEXT }, Err(TextError::Validity)),
            (Text { validity: Some(1), ..TEXT }, Ok(())),
            (Text { validity: Some(36_000), ..TEXT }, Ok(())),
            (Text { validity: Some(36_001), ..TEXT }, Err(TextError::Validity)),
        ] {
            assert_eq!(text.form().map(|_| ()), expected);
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{TEXT:?} {:?}", TEXT.form().unwrap()), "Text(…) TextForm(…)");
    }
}
