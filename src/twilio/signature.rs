//! Signs requests as Twilio does, and checks whether a request is authentic.
//!
//! The signed string is the URL as configured at the provider, then each
//! parameter's name and value in the byte order of the names, with nothing in
//! between. The signature is its HMAC-SHA1 under the account's auth token, in
//! Base64 (Twilio docs, usage/security). A body that is not a form is covered
//! by the SHA-256 in the signed URL's `bodySHA256`. Neither headers nor the
//! time are signed. A repeated request must therefore be recognized by its
//! `MessageSid`, and a request whose bytes can be cut into another message by
//! its signature; the store does both. [`diagnosis`](super::diagnosis) finds
//! out why a signature is wrong.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::{
    ambiguity,
    form::{FormError, Pairs},
    public_url::PublicUrl,
    spelling,
};
use crate::message::SIGNATURE;

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "x-twilio-signature";

/// The most auth tokens that are tried; two are enough for a rotation.
pub const MAX_TOKENS: usize = 8;

/// An HMAC-SHA1.
pub(super) type Tag = [u8; SIGNATURE];

/// An auth token, ready to sign with. It cannot be empty, and its text is not kept.
#[derive(Clone)]
pub struct AuthToken(Hmac<Sha1>);

/// Why a text is not a list of auth tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No token, or an empty one between commas.
    #[error("is empty; write the auth token of the account, or unset it")]
    Empty,
    /// White space within a token.
    #[error(
        "holds white space within a token; copy it again, and separate several tokens with commas"
    )]
    Space,
    /// More than [`MAX_TOKENS`].
    #[error("lists more than {MAX_TOKENS} tokens; keep those that may still sign")]
    TooMany,
}

impl AuthToken {
    /// Returns the token with this text, used as the bytes with which it is written.
    pub fn new(text: &SecretString) -> Result<Self, TokenError> {
        let text = text.expose_secret();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if text.contains(char::is_whitespace) {
            return Err(TokenError::Space);
        }
        // An HMAC takes keys of any length, so only an empty token fails.
        Hmac::new_from_slice(text.as_bytes()).map(Self).map_err(|_| TokenError::Empty)
    }

    /// Returns the tokens of a comma-separated list: the old and the new one
    /// during a rotation at the provider.
    pub fn list(text: &SecretString) -> Result<Vec<Self>, TokenError> {
        text.expose_secret().split(',').map(|token| Self::new(&token.trim().into())).collect()
    }

    /// Returns whether `tag` is the signature, in constant time.
    pub(super) fn verifies(&self, url: &str, parameters: &[u8], tag: &Tag) -> bool {
        self.mac(url, parameters).verify_slice(tag).is_ok()
    }

    fn mac(&self, url: &str, parameters: &[u8]) -> Hmac<Sha1> {
        self.0.clone().chain_update(url).chain_update(parameters)
    }
}

/// Shows nothing of the token.
impl fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthToken(…)")
    }
}

/// Returns the signature of a request to `url` with these parameters in its
/// body. There are no parameters for GET, whose parameters are in the URL, and
/// for a body that is not a form.
#[must_use]
pub fn sign(url: &str, pairs: &Pairs, token: &AuthToken) -> String {
    BASE64.encode(token.mac(url, &signed_parameters(pairs)).finalize().into_bytes())
}

/// The parts of a request that its signature covers, unchanged.
#[derive(Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The raw request target, never decoded or normalized.
    pub path_and_query: &'a str,
    /// The value of `Content-Type`.
    pub content_type: Option<&'a [u8]>,
    /// The value of [`SIGNATURE_HEADER`].
    pub signature: Option<&'a [u8]>,
    /// The raw body.
    pub body: &'a [u8],
}

impl<'a> SignedRequest<'a> {
    /// Returns whether the body is declared as a form.
    #[must_use]
    pub fn is_form(&self) -> bool {
        let content_type = self.content_type.unwrap_or_default();
        let essence = content_type.split(|&byte| byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    }

    /// Returns the parameters that are signed in addition to the URL.
    pub(super) fn pairs(&self) -> Result<Pairs, FormError> {
        if self.is_form() { Pairs::decode(self.body) } else { Ok(Pairs::default()) }
    }

    /// Returns the signature's bytes.
    pub(super) fn tag(&self) -> Option<Tag> {
        BASE64.decode(self.signature?).ok()?.try_into().ok()
    }

    fn query(&self) -> Option<&'a str> {
        self.path_and_query.split_once('?').map(|(_, query)| query)
    }
}

/// The parameters of an authentic request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentic {
    pub(super) pairs: Pairs,
    /// The signature, if the same signed bytes can be cut into another message.
    pub(super) ambiguous_signature: Option<Tag>,
}

impl Authentic {
    /// Returns the parameters as they are signed.
    #[must_use]
    pub fn into_pairs(self) -> Pairs {
        self.pairs
    }
}

/// Parameters that no signature covers, but which are authentic nevertheless.
impl From<Pairs> for Authentic {
    fn from(pairs: Pairs) -> Self {
        Self { pairs, ambiguous_signature: None }
    }
}

/// Why a request is refused. None of it is meant for the sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No signature header.
    #[error("the request has no {SIGNATURE_HEADER} header")]
    Missing,
    /// The header holds no signature.
    #[error("the {SIGNATURE_HEADER} header is not the Base64 of {SIGNATURE} bytes")]
    Malformed,
    /// The form has more parameters than can be checked.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The body is not a form, and the URL has no `bodySHA256` that would cover it.
    #[error("the body is not a form, and no bodySHA256 in the URL covers it")]
    BodyNotSigned,
    /// The URL is authentic, but was made for another body.
    #[error("the body is not the one that bodySHA256 in the URL was made for")]
    BodyHash,
    /// No token makes this signature for any spelling of the URL.
    #[error("the signature does not match")]
    Mismatch,
}

/// Checks whether requests are authentic.
#[derive(Clone, Debug)]
pub struct Verifier {
    public_url: PublicUrl,
    /// The same URL with each port that Twilio may have signed.
    spellings: Vec<PublicUrl>,
    tokens: Vec<AuthToken>,
}

impl Verifier {
    /// Returns a verifier of requests to `public_url`, signed with any one of `tokens`.
    pub fn new(public_url: PublicUrl, tokens: Vec<AuthToken>) -> Result<Self, TokenError> {
        match tokens.len() {
            0 => Err(TokenError::Empty),
            1..=MAX_TOKENS => {
                let spellings = spelling::of_port(&public_url);
                Ok(Self { public_url, spellings, tokens })
            }
            _ => Err(TokenError::TooMany),
        }
    }

    /// Returns the URL to which requests are expected to be addressed.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// Returns the parameters of an authentic request; none if its body is empty or not a form.
    ///
    /// The URL is tried with the port as configured, without a port, and with the
    /// scheme's default. (Twilio is "inconsistent" there according to its SDKs,
    /// which do the same.) Each of these is tried with the spellings of the query
    /// that the Node SDK knows. That makes at most twelve URLs, all of them
    /// spellings of the received one.
    pub fn verify(&self, request: &SignedRequest<'_>) -> Result<Authentic, Rejection> {
        if request.signature.is_none() {
            return Err(Rejection::Missing);
        }
        let tag = request.tag().ok_or(Rejection::Malformed)?;
        let pairs = request.pairs()?;
        let hashed = !request.is_form() && !request.body.is_empty();
        let body_hash = request.query().and_then(body_hash);
        if hashed && body_hash.is_none() {
            return Err(Rejection::BodyNotSigned);
        }

        let sorted = sorted(&pairs);
        let parameters = joined(&sorted);
        let targets = spelling::of_target(request.path_and_query);
        let signed_target = targets.iter().find(|target| {
            self.spellings.iter().any(|base| {
                let url = base.url_for(target);
                self.tokens.iter().any(|token| token.verifies(&url, &parameters, &tag))
            })
        });
        let signed_target = signed_target.ok_or(Rejection::Mismatch)?;
        if hashed && body_hash != Some(hex(&Sha256::digest(request.body)).as_str()) {
            return Err(Rejection::BodyHash);
        }
        // Everything before the query is fixed by us and cannot be cut.
        let is_plain = match signed_target.find('?') {
            None => ambiguity::is_plain(&parameters, &sorted),
            Some(at) => {
                let query = signed_target.as_bytes().split_at(at).1;
                ambiguity::is_plain(&[query, &parameters].concat(), &sorted)
            }
        };
        let ambiguous_signature = (!is_plain).then_some(tag);
        Ok(Authentic { pairs, ambiguous_signature })
    }

    pub(super) fn tokens(&self) -> &[AuthToken] {
        &self.tokens
    }
}

/// Returns the parameters as they are signed.
pub(super) fn signed_parameters(pairs: &Pairs) -> Vec<u8> {
    joined(&sorted(pairs))
}

/// Returns names in byte order, the values of a repeated name as a sorted set,
/// as the Python, Node and PHP SDKs sign them.
fn sorted(pairs: &Pairs) -> Vec<(&[u8], &[u8])> {
    // Most names differ in their first eight bytes, which one instruction compares.
    let front = |name: &[u8]| {
        let length = name.len().min(8);
        let mut front = [0; 8];
        front[..length].copy_from_slice(&name[..length]);
        u64::from_be_bytes(front)
    };
    let mut sorted: Vec<_> = pairs.iter().map(|pair| (front(pair.0), pair)).collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into_iter().map(|(_, pair)| pair).collect()
}

fn joined(sorted: &[(&[u8], &[u8])]) -> Vec<u8> {
    let length = sorted.iter().map(|(name, value)| name.len() + value.len()).sum();
    let mut signed = Vec::with_capacity(length);
    for (name, value) in sorted {
        signed.extend_from_slice(name);
        signed.extend_from_slice(value);
    }
    signed
}

/// Returns the value of `bodySHA256` in a query: lower-case hexadecimal.
fn body_hash(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="))
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_are_signed_in_byte_order(
            names in proptest::collection::vec("[AB\u{0}\u{7f}é]{0,10}", 0..8),
        ) {
            let body = names.iter().map(|name| (name.as_str(), "")).collect::<Vec<_>>();
            let pairs = Pairs::decode(serde_urlencoded::to_string(body).unwrap().as_bytes()).unwrap();
            let signed: Vec<&[u8]> = sorted(&pairs).into_iter().map(|(name, _)| name).collect();
            let mut expected: Vec<&[u8]> = pairs.iter().map(|(name, _)| name).collect();
            expected.sort_unstable();
            expected.dedup();
            prop_assert_eq!(signed, expected);
        }
    }

    #[test]
    fn tokens_are_never_empty() {
        let list = |text: &str| AuthToken::list(&text.into()).map(|tokens| tokens.len());
        assert_eq!(list("12345"), Ok(1));
        assert_eq!(list("12345, 67890"), Ok(2));
        for empty in ["", " ", ",", "12345,", "12345,,67890"] {
            assert_eq!(list(empty), Err(TokenError::Empty), "{empty:?}");
        }
        assert_eq!(list("123 45"), Err(TokenError::Space));
        let url: PublicUrl = "https://bot.example.com".parse().unwrap();
        let token = AuthToken::new(&"12345".into()).unwrap();
        assert_eq!(Verifier::new(url.clone(), vec![]).unwrap_err(), TokenError::Empty);
        let many = vec![token; MAX_TOKENS + 1];
        assert_eq!(Verifier::new(url, many).unwrap_err(), TokenError::TooMany);
    }

    #[test]
    fn debug_shows_no_token() {
        let token = AuthToken::new(&"12345".into()).unwrap();
        assert_eq!(format!("{token:?}"), "AuthToken(…)");
    }
}
