//! Decodes `application/x-www-form-urlencoded` bodies, in two steps.
//!
//! First to raw byte pairs, over which the signature is checked; only then to
//! text. A decoder that does both at once replaces bytes that are no UTF-8,
//! and so lets `%FE` pass under a signature made for `%FF`.

use std::fmt;

/// The most parameters a form may have. The largest that Twilio sends have
/// about seventy.
pub const MAX_PAIRS: usize = 500;

/// Why a form cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// More than [`MAX_PAIRS`] parameters.
    #[error("the form has more than {MAX_PAIRS} parameters; a message has fewer than a hundred")]
    TooMany,
    /// A name that is no UTF-8.
    #[error("the name of a parameter is not UTF-8; percent-encode names as UTF-8")]
    NameNotUtf8,
    /// The value of this parameter is no UTF-8.
    #[error("parameter `{0}` is not UTF-8; percent-encode text as UTF-8")]
    ValueNotUtf8(String),
}

/// The parameters of a form as raw bytes, in the order in which they came,
/// empty and repeated ones included: what a signature is made over.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(Vec<u8>, Vec<u8>)>);

impl Pairs {
    /// Decodes a body as the WHATWG form decoder does (URL Standard, section
    /// 5.1), except that bytes stay bytes: `+` is a space, `%XX` a byte, and a
    /// `%` without two hexadecimal digits stands for itself.
    pub fn decode(body: &[u8]) -> Result<Self, FormError> {
        let mut pairs = Vec::new();
        for sequence in body.split(|&byte| byte == b'&').filter(|sequence| !sequence.is_empty()) {
            if pairs.len() == MAX_PAIRS {
                return Err(FormError::TooMany);
            }
            let mut halves = sequence.splitn(2, |&byte| byte == b'=');
            let mut next = || decode(halves.next().unwrap_or_default());
            pairs.push((next(), next()));
        }
        Ok(Self(pairs))
    }

    /// The pairs, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_slice(), value.as_slice()))
    }

    /// The same parameters as text, once they are known to be authentic.
    pub fn into_text(self) -> Result<Vec<(String, String)>, FormError> {
        self.0
            .into_iter()
            .map(|(name, value)| {
                let name = String::from_utf8(name).map_err(|_| FormError::NameNotUtf8)?;
                match String::from_utf8(value) {
                    Ok(value) => Ok((name, value)),
                    Err(_) => Err(FormError::ValueNotUtf8(name)),
                }
            })
            .collect()
    }
}

/// Pairs made here, to be signed and sent: the simulator's, a test's.
impl<N: Into<Vec<u8>>, V: Into<Vec<u8>>> FromIterator<(N, V)> for Pairs {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Names only: the values are what people wrote.
impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name.escape_ascii().to_string()))
            .finish()
    }
}

fn decode(part: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(part.len());
    let mut rest = part;
    while let [byte, tail @ ..] = rest {
        let (byte, tail) = match (byte, tail) {
            (b'+', _) => (b' ', tail),
            (b'%', [high, low, behind @ ..]) => match (hex_digit(*high), hex_digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, behind),
                _ => (b'%', tail),
            },
            (byte, _) => (*byte, tail),
        };
        decoded.push(byte);
        rest = tail;
    }
    decoded
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
        let text = |body: &[u8]| Pairs::decode(body).unwrap().into_text();
        assert_eq!(text(b"Body=%C3%B1").unwrap(), [("Body".to_owned(), "ñ".to_owned())]);
        assert_eq!(text(b"Body=%FE"), Err(FormError::ValueNotUtf8("Body".to_owned())));
        assert_eq!(text(b"%FE=x"), Err(FormError::NameNotUtf8));
    }

    #[test]
    fn debug_shows_no_values() {
        let pairs = Pairs::decode(b"Body=secret").unwrap();
        assert_eq!(format!("{pairs:?}"), r#"["Body"]"#);
    }
}
