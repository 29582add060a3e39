//! What is asked for by a call, and its form on the wire.

use std::fmt;
use std::time::Duration;

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use url::Url;

use super::outcome::Reason;
use super::target::Target;
pub use crate::conversation::Method;

/// The largest body of a request.
pub const LARGEST_BODY: usize = 64 * 1024;

/// The longest time limit. A longer one is cut.
pub const LONGEST: Duration = Duration::from_mins(1);

/// The most attempts. A higher number is cut, and none is one.
pub const MOST_ATTEMPTS: u8 = 5;

/// Headers that belong to the connection, or that the client sets.
const OURS: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The body of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The type of the content, for the header.
    pub content_type: String,
    /// The content.
    pub content: Vec<u8>,
}

/// A call to make.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL, with `http` or `https`.
    pub url: String,
    /// Headers of the flow. Those of the connection are refused.
    pub headers: Vec<(String, String)>,
    /// The body, at most [`LARGEST_BODY`].
    pub body: Option<Body>,
    /// The id of the call, which every attempt carries as `Idempotency-Key`.
    pub id: String,
    /// The time limit of the whole call, at most [`LONGEST`].
    pub limit: Duration,
    /// How many attempts are made, from 1 to [`MOST_ATTEMPTS`].
    pub attempts: u8,
}

/// A request that was found right, with its limits in force.
pub(super) struct Prepared {
    pub(super) method: reqwest::Method,
    pub(super) url: Url,
    pub(super) target: Target,
    pub(super) headers: HeaderMap,
    pub(super) content: Option<Vec<u8>>,
    pub(super) limit: Duration,
    pub(super) attempts: usize,
}

impl Request {
    /// Returns the host and port to which the call goes, for a log.
    pub fn target(&self) -> Result<Target, Reason> {
        Target::of(&self.parsed()?)
    }

    fn parsed(&self) -> Result<Url, Reason> {
        Url::parse(&self.url).map_err(|_| Reason::BadUrl)
    }

    pub(super) fn prepared(&self) -> Result<Prepared, Reason> {
        let url = self.parsed()?;
        let target = Target::of(&url)?;
        if self.body.as_ref().is_some_and(|body| body.content.len() > LARGEST_BODY) {
            return Err(Reason::LargeRequest);
        }
        Ok(Prepared {
            method: self.method.into(),
            url,
            target,
            headers: self.all_headers()?,
            content: self.body.as_ref().map(|body| body.content.clone()),
            limit: self.limit.min(LONGEST),
            attempts: usize::from(self.attempts.clamp(1, MOST_ATTEMPTS)),
        })
    }

    fn all_headers(&self) -> Result<HeaderMap, Reason> {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static("ringback"));
        for (name, text) in &self.headers {
            let name: HeaderName = name.parse().map_err(|_| Reason::BadHeader)?;
            if OURS.contains(&name.as_str()) {
                return Err(Reason::BadHeader);
            }
            headers.insert(name, value(text)?);
        }
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(IDEMPOTENCY_KEY, value(&self.id)?);
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, value(&body.content_type)?);
        }
        Ok(headers)
    }
}

fn value(text: &str) -> Result<HeaderValue, Reason> {
    let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Reason::BadHeader)?;
    value.set_sensitive(true);
    Ok(value)
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
        }
    }
}

/// The length alone: the content is for the host.
impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Body").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// No path, query, header or body, which hold what people wrote, and secrets.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("target", &self.target().map(|target| target.to_string()))
            .field("id", &self.id)
            .field("limit", &self.limit)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_takes_at_most_60_seconds_and_5_attempts() {
        for (seconds, attempts, in_force) in [
            (10, 1, (10, 1)),
            (60, 5, (60, 5)),
            (61, 6, (60, 5)),
            (u64::MAX, 255, (60, 5)),
            (0, 0, (0, 1)),
        ] {
            let request = Request {
                method: Method::Get,
                url: "https://shop.test/".to_owned(),
                headers: Vec::new(),
                body: None,
                id: "id".to_owned(),
                limit: Duration::from_secs(seconds),
                attempts,
            };
            let prepared = request.prepared().unwrap();
            assert_eq!((prepared.limit.as_secs(), prepared.attempts), in_force);
        }
    }
}
