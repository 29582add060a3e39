//! The account that sends, and what proves that it is ours.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use secrecy::{ExposeSecret as _, SecretString};

/// An account with its auth token, or with an API key and the secret of that key.
#[derive(Clone)]
pub struct Credentials {
    account: String,
    user: String,
    password: SecretString,
}

/// Why values are not credentials. They are never quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The account's SID is not one, not even that of another provider.
    #[error("the account's SID must be letters, digits, `-` and `_`; copy it again")]
    Account,
    /// The SID of the API key is not one.
    #[error("the API key's SID must be letters, digits, `-` and `_`; copy it again")]
    Key,
    /// The auth token or the secret is empty, or has white space or control characters.
    #[error("the auth token or secret is empty or has white space; copy it again")]
    Secret,
}

impl Credentials {
    /// Returns the credentials of an account with its auth token.
    pub fn with_token(account: &str, token: SecretString) -> Result<Self, CredentialsError> {
        Self::new(account, account, token)
    }

    /// Returns the credentials of an account with an API key and its secret.
    pub fn with_key(
        account: &str,
        key: &str,
        secret: SecretString,
    ) -> Result<Self, CredentialsError> {
        if !is_id(key) {
            return Err(CredentialsError::Key);
        }
        Self::new(account, key, secret)
    }

    fn new(account: &str, user: &str, password: SecretString) -> Result<Self, CredentialsError> {
        if !is_id(account) {
            return Err(CredentialsError::Account);
        }
        let text = password.expose_secret();
        if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(CredentialsError::Secret);
        }
        Ok(Self { account: account.to_owned(), user: user.to_owned(), password })
    }

    /// Returns the SID of the account, which is part of the request's path.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Returns the value of `Authorization`.
    #[must_use]
    pub fn authorization(&self) -> SecretString {
        let pair = format!("{}:{}", self.user, self.password.expose_secret());
        format!("Basic {}", BASE64.encode(pair)).into()
    }
}

/// Shows nothing of them.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Returns whether a text can stand in a path and before the colon of Basic
/// authentication. Other providers have ids of other forms than Twilio.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    #[test]
    fn requests_are_authorized_by_token_or_key() {
        let basic = |given: Credentials| given.authorization().expose_secret().to_owned();
        let by_token = Credentials::with_token("AC1", "t:k".into()).unwrap();
        assert_eq!(basic(by_token), format!("Basic {}", BASE64.encode("AC1:t:k")));
        let by_key = Credentials::with_key("AC1", "SK2", "s".into()).unwrap();
        assert_eq!(by_key.account(), "AC1");
        assert_eq!(basic(by_key), format!("Basic {}", BASE64.encode("SK2:s")));
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        let long = "A".repeat(65);
        for bad in ["", "AC/1", "AC:1", "AC 1", "AC1\n", "AÇ1", "..", &long] {
            let found = Credentials::with_token(bad, "t".into()).unwrap_err();
            assert_eq!(found, CredentialsError::Account, "{bad:?}");
            let found = Credentials::with_key(ACCOUNT, bad, "t".into()).unwrap_err();
            assert_eq!(found, CredentialsError::Key, "{bad:?}");
        }
        for bad in ["", " ", "a b", "a\n", "a\u{0}"] {
            let found = Credentials::with_token(ACCOUNT, bad.into()).unwrap_err();
            assert_eq!(found, CredentialsError::Secret, "{bad:?}");
        }
        Credentials::with_token("0b9a38cf-9d4b-4b8f-8d5e-7a2c3d4e5f60", "t".into()).unwrap();
    }

    #[test]
    fn debug_shows_nothing() {
        let shown = format!("{:?}", Credentials::with_key(ACCOUNT, "SK2", "s3".into()).unwrap());
        assert_eq!(shown, "Credentials(…)");
    }
}
