//! The name of a phone number in logs, and of a call where it goes: a keyed hash,
//! never the number itself.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;

use crate::conversation::CallId;
use crate::message::Sender;

/// The name of the key in the store.
pub const KEY_NAME: &str = "number_hash";

/// The number of bytes of the hash that are shown.
const LENGTH: usize = 6;

/// The number of bytes of a call's hash.
const CALL_LENGTH: usize = 16;

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
        hex(mac.finalize().into_bytes().iter().take(LENGTH))
    }

    /// Returns the name of a call to whom it goes: 32 hexadecimal digits. Without
    /// the key nobody can find the number in it either.
    #[must_use]
    pub fn of_call(&self, sender: &Sender, call: &CallId, turns: i64) -> String {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            return String::new();
        };
        let (at, turns) = (call.at.as_millisecond().to_string(), turns.to_string());
        for part in ["call", sender.as_str(), &call.flow, &call.step, &at, &turns] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        hex(mac.finalize().into_bytes().iter().take(CALL_LENGTH))
    }
}

fn hex<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
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
