//! The sender of a message, and the rules for addresses.

use std::fmt;

/// The longest sender or recipient address in bytes; the width of its column.
pub const MAX_ADDRESS: usize = 190;

/// The key of a conversation: the sender's number, or the whole address where
/// it holds no number.
///
/// `whatsapp:+15551234567` and `+15551234567` are one person; every other
/// address keeps its prefix.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sender(String);

/// Why a text is not the address of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was there.
    #[error("is empty")]
    Empty,
    /// More than [`MAX_ADDRESS`] bytes.
    #[error("is longer than {MAX_ADDRESS} characters")]
    TooLong,
    /// A character that is neither visible ASCII nor an inner space.
    #[error("holds a character that is not visible ASCII")]
    NotAscii,
    /// A space at the beginning or the end: nearly always a `+` that was not
    /// percent-encoded.
    #[error("begins or ends with a space; write a leading `+` as `%2B` in a form")]
    OuterSpace,
}

impl Sender {
    /// Returns the sender that an address names.
    pub fn from_address(address: &str) -> Result<Self, AddressError> {
        check_address(address)?;
        Ok(Self(number_in(address).to_owned()))
    }

    /// Returns the sender of a key that was stored before.
    pub fn from_key(key: String) -> Self {
        Self(key)
    }

    /// Returns the key as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the key is a phone number.
    pub fn is_number(&self) -> bool {
        is_e164(&self.0)
    }

    /// Returns the number as it is shown to people; `None` for an address that
    /// means nothing to them. Short codes are numbers, too.
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

/// Checks that `address` can be stored and compared: visible ASCII, inner
/// spaces allowed (alphanumeric sender ids have them), 1 to [`MAX_ADDRESS`]
/// bytes.
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

/// Returns the number in an address without its channel's prefix, or the whole address.
pub(super) fn number_in(address: &str) -> &str {
    let bare = ["whatsapp:", "rcs:"].iter().find_map(|prefix| address.strip_prefix(prefix));
    bare.filter(|rest| is_e164(rest)).unwrap_or(address)
}

/// Returns whether `text` is a phone number in E.164: `+`, then 1 to 15 digits.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}
