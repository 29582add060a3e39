//! The name of a phone number in logs: a keyed hash, never the number itself.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

use crate::message::Sender;

/// The name of the key in the store.
pub const KEY_NAME: &str = "number_hash";

/// The number of bytes of the hash that are shown.
const LENGTH: usize = 6;

/// Hashes numbers with a key that the database keeps. A hash means the same
/// person after a restart, and nobody can find the number by trying all
/// numbers.
#[derive(Clone, Debug)]
pub struct NumberHash(SecretString);

impl NumberHash {
    /// Returns a hash with this key.
    #[must_use]
    pub fn new(key: SecretString) -> Self {
        Self(key)
    }

    /// Returns the name of a sender in logs: 12 hexadecimal digits.
    #[must_use]
    pub fn of(&self, sender: &Sender) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            return String::new();
        };
        mac.update(sender.as_str().as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut text = String::with_capacity(2 * LENGTH);
        for byte in digest.iter().take(LENGTH) {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// Returns a key that was never used before: 244 random bits as text.
pub fn random_key() -> String {
    [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()].map(|half| half.simple().to_string()).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_names_one_sender_under_one_key() {
        let hash = |key: &str, address: &str| {
            NumberHash::new(key.into()).of(&Sender::from_address(address).unwrap())
        };
        assert_eq!(hash("k", "+15551234567"), hash("k", "whatsapp:+15551234567"));
        assert_ne!(hash("k", "+15551234567"), hash("k", "+15551234568"));
        assert_ne!(hash("k", "+15551234567"), hash("l", "+15551234567"));
        assert_eq!(hash("k", "+15551234567").len(), 12);
    }
}
