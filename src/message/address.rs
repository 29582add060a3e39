//! Who writes, by the address that a message comes from.

use std::fmt;

/// The longest sender or recipient address in bytes; the width of its column.
pub const MAX_ADDRESS: usize = 190;

/// The key of a conversation: the sender's number, or an address that is none.
///
/// `whatsapp:+15551234567` and `+15551234567` are one person; every other
/// address keeps its prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sender(String);

/// Why a text is no sender address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was there.
    #[error("is empty")]
    Empty,
    /// More than [`MAX_ADDRESS`] bytes.
    #[error("is longer than {MAX_ADDRESS} characters")]
    TooLong,
    /// Something else than visible ASCII and inner spaces.
    #[error("holds a character that is not visible ASCII")]
    NotAscii,
    /// A space at an end: nearly always a `+` that was not percent-encoded.
    #[error("begins or ends with a space; write a leading `+` as `%2B` in a form")]
    OuterSpace,
}

impl Sender {
    /// The sender that an address names.
    pub fn from_address(address: &str) -> Result<Self, AddressError> {
        check_address(address)?;
        Ok(Self(number_in(address).to_owned()))
    }

    /// The sender of a key that was stored before.
    pub fn from_key(key: String) -> Self {
        Self(key)
    }

    /// The key as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a phone number, by which everybody can be found.
    pub fn is_number(&self) -> bool {
        is_e164(&self.0)
    }

    /// The number, as one shows it to somebody; `None` for an address that
    /// means nothing to people. Short codes are numbers, too.
    pub fn number(&self) -> Option<&str> {
        let is_code = self.0.bytes().all(|byte| byte.is_ascii_digit());
        (self.is_number() || is_code).then_some(&self.0)
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `address` can be stored and compared: visible ASCII, inner spaces
/// allowed (alphanumeric sender ids have them), 1 to [`MAX_ADDRESS`] bytes.
pub fn check_address(address: &str) -> Result<(), AddressError> {
    if address.is_empty() {
        Err(AddressError::Empty)
    } else if address.len() > MAX_ADDRESS {
        Err(AddressError::TooLong)
    } else if !address.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        Err(AddressError::NotAscii)
    } else if address.starts_with(' ') || address.ends_with(' ') {
        Err(AddressError::OuterSpace)
    } else {
        Ok(())
    }
}

/// The number in an address without its channel's prefix, or the address.
pub(super) fn number_in(address: &str) -> &str {
    let bare = ["whatsapp:", "rcs:"].iter().find_map(|prefix| address.strip_prefix(prefix));
    bare.filter(|rest| is_e164(rest)).unwrap_or(address)
}

/// Whether `text` is a phone number in E.164: `+`, then 1 to 15 digits.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}
