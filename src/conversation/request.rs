//! The request of a call, as the engine asks for it, and what comes of it.
//!
//! Secrets are not in it: it has places for them, which only the caller of the
//! engine fills in.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stands for a secret wherever a request is shown.
const HIDDEN: &str = "***";

/// All bytes but those that no part of a URL gives a meaning (RFC 3986, 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a text as a part of a URL.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// The methods of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Returns its name in requests.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Returns the method with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The wait for one call. An answer names it, so that it counts only there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallId {
    /// The flow of the call.
    pub flow: String,
    /// The step of the call.
    pub step: String,
    /// When the call began. Two calls of one step can have the same time, so
    /// whoever keeps sessions also compares the number of the turn.
    pub at: Timestamp,
}

/// A request to make.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The call that it belongs to.
    pub call: CallId,
    /// The method.
    pub method: Method,
    pub(super) url: Sealed,
    pub(super) headers: Vec<(String, Sealed)>,
    /// The body.
    pub body: Option<Body>,
    /// The time limit, attempts included.
    pub timeout: Duration,
    /// How many requests are made at most.
    pub attempts: u8,
}

/// The body of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub content: String,
}

impl Request {
    /// Returns the URL with these secrets; `None` if one of them is missing.
    pub fn url(&self, secret: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        self.url.filled(&|name| secret(name).map(|secret| encoded(&secret)))
    }

    /// Returns the headers of the flow with these secrets; `None` if one of
    /// them is missing.
    pub fn headers(
        &self,
        secret: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Vec<(String, String)>> {
        let headers = self.headers.iter().map(|(name, value)| {
            let value =
                value.filled(&|name| secret(name).map(|secret| without_controls(&secret)))?;
            Some((name.clone(), value))
        });
        headers.collect()
    }

    /// Returns roughly how many bytes it has.
    #[must_use]
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len());
        let body = self.body.as_ref().map_or(0, |body| body.content.len());
        self.url.len() + headers.sum::<usize>() + body
    }

    /// Returns method and URL, for people.
    #[must_use]
    pub fn shown(&self) -> String {
        let url = self.url.filled(&|_| Some(HIDDEN.to_owned())).unwrap_or_default();
        format!("{} {url}", self.method)
    }

    /// Returns the headers of the flow, for people.
    #[must_use]
    pub fn shown_headers(&self) -> Vec<(String, String)> {
        self.headers(&|_| Some(HIDDEN.to_owned())).unwrap_or_default()
    }
}

/// Only the step: the rest holds what people wrote.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("call", &self.call).finish_non_exhaustive()
    }
}

/// The length alone.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// A text with places for secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Sealed(Vec<Piece>);

#[derive(Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The secret of this name.
    Secret(String),
}

impl Sealed {
    /// Appends a text.
    pub(super) fn push(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    /// Appends the place of a secret.
    pub(super) fn push_secret(&mut self, name: &str) {
        self.0.push(Piece::Secret(name.to_owned()));
    }

    /// Returns the number of bytes, the secrets aside.
    pub(super) fn len(&self) -> usize {
        let length = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Secret(_) => 0,
        };
        self.0.iter().map(length).sum()
    }

    fn filled(&self, secret: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(own) => text.push_str(own),
                Piece::Secret(name) => text.push_str(&secret(name)?),
            }
        }
        Some(text)
    }
}

/// Drops what could end a header.
pub(super) fn without_controls(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// What became of a call.
#[derive(Clone, PartialEq, Eq)]
pub enum CallAnswer {
    /// The host answered.
    Answered {
        /// The status, from 200 on.
        status: u16,
        /// The body as it came.
        body: Vec<u8>,
    },
    /// The time limit passed first.
    Timeout,
    /// There is no answer that could be used, for this reason.
    Failed(String),
}

impl CallAnswer {
    /// Returns how many bytes its body has.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Answered { body, .. } => body.len(),
            Self::Timeout | Self::Failed(_) => 0,
        }
    }
}

/// The body is left out: it is for the flow alone.
impl fmt::Debug for CallAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, body } => f
                .debug_struct("Answered")
                .field("status", status)
                .field("bytes", &body.len())
                .finish(),
            Self::Timeout => f.write_str("Timeout"),
            Self::Failed(reason) => f.debug_tuple("Failed").field(reason).finish(),
        }
    }
}
