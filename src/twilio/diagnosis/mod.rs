//! Finds out why a signature did not match, for one log line.
//!
//! The URL is nearly always the reason: Twilio signs the URL in its console,
//! while a proxy, a tunnel or a setting makes us assume another. Therefore the
//! same request is tried with the spellings that are usually meant. The result
//! is only for the log and accepts nothing. A caller asks at most once a
//! second, with [`Limiter`].

mod candidates;
mod limiter;
mod named;
mod path_fault;

use std::{cell::Cell, fmt};

pub use self::limiter::Limiter;
pub use self::named::Named;
pub use self::path_fault::PathFault;

use super::{
    form::Pairs,
    public_url::PublicUrl,
    signature::{SignedRequest, Tag, Verifier, signed_parameters},
};

/// The most signatures that are computed for one request.
const MAX_ATTEMPTS: usize = 128;

/// Parameters that Twilio sends empty if it knows no place.
const PLACES: [&str; 8] =
    ["FromCity", "FromCountry", "FromState", "FromZip", "ToCity", "ToCountry", "ToState", "ToZip"];

/// The parameter that is empty if a message is only a picture or a place.
const TEXT: &str = "Body";

/// The URL that was assumed for a rejected request, and what the request would
/// have been valid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    assumed: String,
    cause: Option<Cause>,
}

/// Why a signature did not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The request is signed for another scheme, host, port or prefix.
    PublicUrl {
        /// The signed URL, without its query.
        signed: String,
        /// The value that `PUBLIC_URL` should have.
        setting: String,
    },
    /// The request is signed for another path.
    Path {
        /// The signed URL, without its query.
        signed: String,
        /// The difference between the paths.
        fault: PathFault,
    },
    /// The signature covers empty parameters that did not arrive.
    EmptyParametersLost,
    /// The signature does not cover the empty parameters that arrived.
    EmptyParametersUnsigned,
}

impl Diagnosis {
    /// Returns the cause, if one was found.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }
}

/// One log line. URLs are shown without their query, which may contain what people wrote.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "assumed the URL {}", self.assumed)?;
        match &self.cause {
            Some(Cause::PublicUrl { signed, setting }) => {
                write!(f, ", but the request is signed for {signed}: set PUBLIC_URL={setting}")
            }
            Some(Cause::Path { signed, fault }) => write!(
                f,
                ", but the request is signed for {signed}: write the URL at the provider as the \
                 one assumed here, and {}",
                fault.advice(),
            ),
            Some(Cause::EmptyParametersLost) => f.write_str(
                ", which is right, but empty parameters that are signed did not arrive: a proxy \
                 drops empty parameters; let it pass the body on as it is",
            ),
            Some(Cause::EmptyParametersUnsigned) => f.write_str(
                ", which is right, but the empty parameters are not signed: the client must \
                 sign every parameter that is sent, empty ones too",
            ),
            None => f.write_str(
                ", and no similar URL matches: check that TWILIO_AUTH_TOKEN is the primary auth \
                 token of the account that owns the number, and that PUBLIC_URL is the beginning \
                 of the URL in the provider's console",
            ),
        }
    }
}

/// Finds out for what a request would have been valid that [`Verifier::verify`]
/// rejected as a mismatch.
#[must_use]
pub fn diagnose(verifier: &Verifier, request: &SignedRequest<'_>, named: &Named<'_>) -> Diagnosis {
    let own = verifier.public_url();
    let assumed = without_query(&own.url_for(request.path_and_query));
    let cause = Attempts::new(verifier, request).and_then(|attempts| {
        attempts
            .other_url(&candidates::likely(own, named))
            .or_else(|| attempts.other_path())
            .or_else(|| attempts.empty_parameters())
            .or_else(|| attempts.other_url(&candidates::prefixed(own, named)))
            .or_else(|| attempts.rewritten(&candidates::rewritten(own, named)))
            .or_else(|| attempts.other_url(&candidates::unlikely(own, named)))
    });
    Diagnosis { assumed, cause }
}

/// Computes a bounded number of signatures for one request.
struct Attempts<'a> {
    verifier: &'a Verifier,
    target: &'a str,
    pairs: Pairs,
    parameters: Vec<u8>,
    tag: Tag,
    left: Cell<usize>,
}

impl<'a> Attempts<'a> {
    fn new(verifier: &'a Verifier, request: &SignedRequest<'a>) -> Option<Self> {
        let (tag, pairs) = (request.tag()?, request.pairs().ok()?);
        let parameters = signed_parameters(&pairs);
        let (target, left) = (request.path_and_query, Cell::new(MAX_ATTEMPTS));
        Some(Self { verifier, target, pairs, parameters, tag, left })
    }

    fn is_signed(&self, url: &str, parameters: &[u8]) -> bool {
        self.verifier.tokens().iter().any(|token| {
            self.left.get().checked_sub(1).is_some_and(|left| {
                self.left.set(left);
                token.verifies(url, parameters, &self.tag)
            })
        })
    }

    fn other_url(&self, candidates: &[PublicUrl]) -> Option<Cause> {
        candidates.iter().find_map(|candidate| {
            let url = candidate.url_for(self.target);
            self.is_signed(&url, &self.parameters).then(|| Cause::PublicUrl {
                signed: without_query(&url),
                setting: candidate.to_string(),
            })
        })
    }

    fn other_path(&self) -> Option<Cause> {
        let query = self.target.split_at(self.target.find('?').unwrap_or(self.target.len())).1;
        candidates::paths().find_map(|(path, fault)| {
            let signed = self.verifier.public_url().url_for(path);
            self.is_signed(&format!("{signed}{query}"), &self.parameters)
                .then_some(Cause::Path { signed, fault })
        })
    }

    fn rewritten(&self, urls: &[String]) -> Option<Cause> {
        let signed = urls.iter().find(|url| self.is_signed(url, &self.parameters))?;
        Some(Cause::Path { signed: without_query(signed), fault: PathFault::Rewritten })
    }

    fn empty_parameters(&self) -> Option<Cause> {
        let url = self.verifier.public_url().url_for(self.target);
        let filled: Pairs = self.pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
        if self.is_signed(&url, &signed_parameters(&filled)) {
            return Some(Cause::EmptyParametersUnsigned);
        }
        // A message may have lost its empty places, its empty text, or both.
        let is_lost = |names: &[&str]| {
            let missing = names.iter().filter(|name| !self.has(name));
            let empty = missing.map(|name| (name.as_bytes(), b"".as_slice()));
            let restored: Pairs = self.pairs.iter().chain(empty).collect();
            self.is_signed(&url, &signed_parameters(&restored))
        };
        let is_any_lost =
            is_lost(&PLACES) || is_lost(&[TEXT]) || is_lost(&[&PLACES[..], &[TEXT]].concat());
        is_any_lost.then_some(Cause::EmptyParametersLost)
    }

    fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name.as_bytes())
    }
}

fn without_query(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}
