//! Tells the operator why a signature did not match, in one log line.
//!
//! Nearly always the URL is the reason: Twilio signs the one in its console,
//! and a proxy, a tunnel or a setting makes us assume another. So the very same
//! request is tried under the spellings that are usually meant. This is for the
//! log only and lets nothing in; a caller asks at most once a second, by
//! [`Limiter`].

use std::{
    cell::Cell,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{
    form::Pairs,
    public_url::PublicUrl,
    signature::{SignedRequest, Tag, Verifier, signed_parameters},
};

/// The most signatures that are computed for one request.
const MAX_ATTEMPTS: usize = 16;

/// How often a request may be diagnosed.
const INTERVAL: Duration = Duration::from_secs(1);

/// The headers by which a request may name the host that was called.
pub const HOST_HEADERS: [&str; 3] = ["host", "x-forwarded-host", "x-original-host"];

/// Ports that tunnels and proxies often show.
const USUAL_PORTS: [u16; 2] = [8443, 8080];

/// Parameters that Twilio sends empty where it knows no place.
const PLACES: [&str; 8] =
    ["FromCity", "FromCountry", "FromState", "FromZip", "ToCity", "ToCountry", "ToState", "ToZip"];

/// The parameter that is empty where a message is only a picture or a place.
const TEXT: &str = "Body";

/// What a rejected request was taken for, and what it would have been valid as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    assumed: String,
    cause: Option<Cause>,
}

/// Why a signature did not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is made for another scheme, host, port or prefix.
    PublicUrl {
        /// The URL it is made for, without its query.
        signed: String,
        /// What `PUBLIC_URL` should be.
        setting: String,
    },
    /// It is made for the path with a `/` more or less at its end.
    TrailingSlash {
        /// The URL it is made for, without its query.
        signed: String,
    },
    /// It covers empty parameters that did not arrive.
    EmptyParametersLost,
    /// It does not cover the empty parameters that arrived.
    EmptyParametersUnsigned,
}

impl Diagnosis {
    /// What was found, if anything.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }
}

/// One log line. URLs are shown without their query, which may hold what people wrote.
impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "assumed the URL {}", self.assumed)?;
        match &self.cause {
            Some(Cause::PublicUrl { signed, setting }) => {
                write!(f, ", but the request is signed for {signed}: set PUBLIC_URL={setting}")
            }
            Some(Cause::TrailingSlash { signed }) => write!(
                f,
                ", but the request is signed for {signed}: write the URL at the provider as the \
                 one assumed here, and see that no proxy adds or removes the last slash",
            ),
            Some(Cause::EmptyParametersLost) => f.write_str(
                ", which is right, but empty parameters are signed that did not arrive: a proxy \
                 drops empty parameters; let it pass the body on as it is",
            ),
            Some(Cause::EmptyParametersUnsigned) => f.write_str(
                ", which is right, but the empty parameters are not signed: whoever signs must \
                 sign every parameter that is sent, empty ones too",
            ),
            None => f.write_str(
                ", and no similar one fits: check that TWILIO_AUTH_TOKEN is the primary auth \
                 token of the account that owns the number, and that PUBLIC_URL is the beginning \
                 of the URL in the provider's console",
            ),
        }
    }
}

/// Finds out for what a request that [`Verifier::verify`] rejected as a
/// mismatch would have been valid.
///
/// `named_hosts` are the values of [`HOST_HEADERS`], as far as the request has
/// them. They are no evidence of anything: one is named only if the signature
/// was made for it.
#[must_use]
pub fn diagnose(
    verifier: &Verifier,
    request: &SignedRequest<'_>,
    named_hosts: &[&str],
) -> Diagnosis {
    let own = verifier.public_url();
    let assumed = without_query(&own.url_for(request.path_and_query));
    let cause = Attempts::new(verifier, request).and_then(|attempts| {
        attempts
            .other_url(&likely_urls(own, named_hosts))
            .or_else(|| attempts.trailing_slash())
            .or_else(|| attempts.empty_parameters())
            .or_else(|| attempts.other_url(&unlikely_urls(own, named_hosts)))
    });
    Diagnosis { assumed, cause }
}

/// Computes signatures for one request, a bounded number of them.
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

    fn trailing_slash(&self) -> Option<Cause> {
        let target = self.target;
        let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
        let path = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
        let url = self.verifier.public_url().url_for(&path);
        self.is_signed(&format!("{url}{query}"), &self.parameters)
            .then_some(Cause::TrailingSlash { signed: url })
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

/// The hosts that the request named, by either scheme, and our own by the other one.
fn likely_urls(own: &PublicUrl, named_hosts: &[&str]) -> Vec<PublicUrl> {
    let mut urls = named(named_hosts, own.prefix());
    let swapped = own.with_other_scheme();
    urls.extend([swapped.with_port(None), swapped]);
    without_repeats(own, urls)
}

/// Another port, and a path prefix that is none.
fn unlikely_urls(own: &PublicUrl, named_hosts: &[&str]) -> Vec<PublicUrl> {
    let mut urls = Vec::new();
    if !own.prefix().is_empty() {
        urls.extend(named(named_hosts, ""));
    }
    urls.extend(USUAL_PORTS.map(|port| own.with_port(Some(port))));
    without_repeats(own, urls)
}

fn named(hosts: &[&str], prefix: &str) -> Vec<PublicUrl> {
    let mut urls = Vec::new();
    for host in hosts.iter().take(HOST_HEADERS.len()) {
        // A chain of proxies lists several; the first is what the client called.
        let host = host.split(',').next().unwrap_or_default().trim();
        for scheme in ["https", "http"] {
            urls.extend(format!("{scheme}://{host}{prefix}").parse::<PublicUrl>());
        }
    }
    urls
}

/// Each URL once, and not our own, which is known not to fit.
fn without_repeats(own: &PublicUrl, urls: Vec<PublicUrl>) -> Vec<PublicUrl> {
    let mut kept = Vec::new();
    for url in urls {
        if url != *own && !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept
}

fn without_query(url: &str) -> String {
    url.split('?').next().unwrap_or_default().to_owned()
}

/// Lets one diagnosis a second through, so that a flood of forged requests
/// costs neither time nor log. The time is told to it.
#[derive(Debug, Default)]
pub struct Limiter {
    last: Mutex<Option<Instant>>,
}

impl Limiter {
    /// Whether a request that is rejected `now` may be diagnosed.
    pub fn allow(&self, now: Instant) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let allowed = last.is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if allowed {
            *last = Some(now);
        }
        allowed
    }
}
