//! Decodes `application/x-www-form-urlencoded` bodies, in two steps.
//!
//! The first step gives raw byte pairs, over which the signature is checked.
//! Only the second step gives text. A decoder that does both at once replaces
//! bytes that are not UTF-8, and so accepts `%FE` under a signature made for
//! `%FF`.

use std::fmt;
use std::ops::Range;

/// The most parameters that a form may have. Twilio's largest forms have about
/// seventy.
pub const MAX_PAIRS: usize = 500;

/// Why a form cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// More than [`MAX_PAIRS`] parameters.
    #[error("the form has more than {MAX_PAIRS} parameters; a message has fewer than a hundred")]
    TooMany,
    /// The name of a parameter is not UTF-8.
    #[error("the name of a parameter is not UTF-8; percent-encode names as UTF-8")]
    NameNotUtf8,
    /// The value of this parameter is not UTF-8.
    #[error("parameter `{0}` is not UTF-8; percent-encode text as UTF-8")]
    ValueNotUtf8(String),
}

/// The parameters of a form as raw bytes, in the order of the body, including
/// empty and repeated ones. The signature covers exactly these.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// All names and values, one after the other: one buffer costs less than a
    /// buffer for each.
    bytes: Vec<u8>,
    /// The ends of each name and its value.
    ends: Vec<(usize, usize)>,
}

impl Pairs {
    /// Decodes a body as the WHATWG form decoder does (URL Standard, section
    /// 5.1), except that bytes stay bytes: `+` is a space, `%XX` a byte, and a
    /// `%` without two hexadecimal digits means itself.
    pub fn decode(body: &[u8]) -> Result<Self, FormError> {
        let mut pairs = Self { bytes: Vec::with_capacity(body.len()), ends: Vec::new() };
        for sequence in body.split(|&byte| byte == b'&').filter(|sequence| !sequence.is_empty()) {
            if pairs.ends.len() == MAX_PAIRS {
                return Err(FormError::TooMany);
            }
            let mut halves = sequence.splitn(2, |&byte| byte == b'=');
            let mut end_of_next = || {
                decode(halves.next().unwrap_or_default(), &mut pairs.bytes);
                pairs.bytes.len()
            };
            pairs.ends.push((end_of_next(), end_of_next()));
        }
        Ok(pairs)
    }

    /// Returns the pairs, in the order of the body.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.ranges().map(|(name, value)| (&self.bytes[name], &self.bytes[value]))
    }

    /// Returns the same parameters as text, once they are known to be authentic.
    pub fn texts(&self) -> Result<Vec<(&str, &str)>, FormError> {
        // One check of all bytes costs less, and is nearly always enough.
        let all = str::from_utf8(&self.bytes).ok();
        let text = |range: Range<usize>| match all {
            Some(all) => all.get(range),
            None => str::from_utf8(&self.bytes[range]).ok(),
        };
        let texts = |(name, value)| {
            let name = text(name).ok_or(FormError::NameNotUtf8)?;
            let value = text(value).ok_or_else(|| FormError::ValueNotUtf8(name.to_owned()))?;
            Ok((name, value))
        };
        self.ranges().map(texts).collect()
    }

    /// Returns the positions of each name and its value.
    fn ranges(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let mut start = 0;
        self.ends.iter().map(move |&(middle, end)| {
            let name = std::mem::replace(&mut start, end);
            (name..middle, middle..end)
        })
    }
}

/// Pairs that are made here to be signed and sent, by the simulator or a test.
impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut made = Self::default();
        for (name, value) in pairs {
            made.bytes.extend_from_slice(name.as_ref());
            let middle = made.bytes.len();
            made.bytes.extend_from_slice(value.as_ref());
            made.ends.push((middle, made.bytes.len()));
        }
        made
    }
}

/// Shows names only: the values are what people wrote.
impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name.escape_ascii().to_string()))
            .finish()
    }
}

/// Appends the bytes that a name or a value stands for.
fn decode(part: &[u8], decoded: &mut Vec<u8>) {
    let mut rest = part;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'+' | b'%')) {
        let (plain, written) = rest.split_at(at);
        decoded.extend_from_slice(plain);
        let (byte, length) = match written {
            [b'+', ..] => (b' ', 1),
            [b'%', high, low, ..] => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, 3),
                _ => (b'%', 1),
            },
            _ => (b'%', 1),
        };
        decoded.push(byte);
        rest = &written[length..];
    }
    decoded.extend_from_slice(rest);
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_decode_to_bytes() {
        type Case = (&'static [u8], &'static [(&'static [u8], &'static [u8])]);
        let cases: [Case; 11] = [
            (b"", &[]),
            (b"a=1&b=2", &[(b"a", b"1"), (b"b", b"2")]),
            (b"a=1&a=1", &[(b"a", b"1"), (b"a", b"1")]),
            (b"a=&b", &[(b"a", b""), (b"b", b"")]),
            (b"&&a=1&", &[(b"a", b"1")]),
            (b"=", &[(b"", b"")]),
            (b"a=b=c", &[(b"a", b"b=c")]),
            (b"a+b=%2B+%20", &[(b"a b", b"+  ")]),
            (b"a=%FE%ff%00", &[(b"a", b"\xFE\xFF\0")]),
            (
                b"a=%&b=%4&c=%zz&d=100%",
                &[(b"a", b"%"), (b"b", b"%4"), (b"c", b"%zz"), (b"d", b"100%")],
            ),
            (b"a=\xF0\x9F\x98\x80", &[(b"a", b"\xF0\x9F\x98\x80")]),
        ];
        for (body, expected) in cases {
            let pairs = Pairs::decode(body).unwrap();
            assert!(pairs.iter().eq(expected.iter().copied()), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn the_number_of_parameters_is_bounded() {
        let form = |count| vec!["a=1"; count].join("&");
        assert!(Pairs::decode(form(MAX_PAIRS).as_bytes()).is_ok());
        assert_eq!(Pairs::decode(form(MAX_PAIRS + 1).as_bytes()), Err(FormError::TooMany));
    }

    #[test]
    fn text_must_be_utf8() {
        let decoded = |body: &[u8]| Pairs::decode(body).unwrap();
        assert_eq!(decoded(b"Body=%C3%B1").texts().unwrap(), [("Body", "ñ")]);
        for not_utf8 in [b"Body=%FE&a=1".as_slice(), b"Body=%C3&%B1=1"] {
            let error = FormError::ValueNotUtf8("Body".to_owned());
            assert_eq!(decoded(not_utf8).texts(), Err(error));
        }
        assert_eq!(decoded(b"%FE=x").texts(), Err(FormError::NameNotUtf8));
    }

    #[test]
    fn debug_shows_no_values() {
        let pairs = Pairs::decode(b"Body=secret").unwrap();
        assert_eq!(format!("{pairs:?}"), r#"["Body"]"#);
    }
}
