//! What became of a call.

use std::fmt;

use super::judge::NotPublic;

/// What became of a call, after its last attempt.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The host answered, with whatever status. Redirects are answers.
    Answered {
        /// The status, from 200 on.
        status: u16,
        /// The body as it came.
        body: Vec<u8>,
    },
    /// The time limit passed first.
    Timeout,
    /// There is no answer that could be used.
    Failed(Reason),
}

/// Why a call has no answer that could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The URL is none, or neither `http` nor `https`.
    BadUrl,
    /// The URL has a user name or a password.
    UserInfo,
    /// A header cannot be sent, or is one that the client sets itself.
    BadHeader,
    /// The body of the request is larger than 64 KiB.
    LargeRequest,
    /// The request cannot be built, though its parts are right.
    NotBuilt,
    /// The name of the host has no address.
    NoAddress,
    /// An address of the host is not public, and the host is not listed or the
    /// address is link-local.
    RefusedAddress(NotPublic),
    /// No connection came about.
    NoConnection,
    /// The host could not prove its name, or does not speak TLS.
    Tls,
    /// The connection ended before the answer was complete.
    NoAnswer,
    /// The answer is no HTTP.
    BadAnswer,
    /// The answer has too many headers or too large a body.
    TooLarge,
    /// The body is compressed, though that was not asked for.
    Encoded,
}

impl Reason {
    /// Returns the word for logs and metrics, which never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::BadUrl => "bad_url",
            Self::UserInfo => "user_info",
            Self::BadHeader => "bad_header",
            Self::LargeRequest => "large_request",
            Self::NotBuilt => "not_built",
            Self::NoAddress => "no_address",
            Self::RefusedAddress(_) => "refused_address",
            Self::NoConnection => "no_connection",
            Self::Tls => "tls",
            Self::NoAnswer => "no_answer",
            Self::BadAnswer => "bad_answer",
            Self::TooLarge => "too_large",
            Self::Encoded => "encoded",
        }
    }

    /// Says whether another attempt may go better.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::NoAddress | Self::NoConnection | Self::NoAnswer)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RefusedAddress(what) => write!(formatter, "{} ({what})", self.code()),
            _ => formatter.write_str(self.code()),
        }
    }
}

/// The body is left out: it is for the flow alone.
impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { status, body } => formatter
                .debug_struct("Answered")
                .field("status", status)
                .field("bytes", &body.len())
                .finish(),
            Self::Timeout => formatter.write_str("Timeout"),
            Self::Failed(reason) => formatter.debug_tuple("Failed").field(reason).finish(),
        }
    }
}
