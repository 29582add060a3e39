//! What became of a request that sends a text, sorted by what its sender does.
//!
//! The API has no key by which a repeated request is recognized. Only what was
//! proven not to be sent may be tried again. All names in here are safe to log.

use std::time::Duration;

use super::codes::Class;
use super::status::Status;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has the text.
    Sent(Sent),
    /// The text was not sent, and the same request may be tried again.
    NotSent(NotSent),
    /// Nobody here knows whether it was sent. A status callback may tell.
    Unknown(Doubt),
    /// It was not sent, and the same request would be refused again.
    Refused(Refused),
}

/// A text that the provider has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The provider's id of the text. `None` if the answer could not be read:
    /// the text is on its way nevertheless, and its first status callback
    /// brings the id.
    pub sid: Option<String>,
    /// Its first status; [`Status::Accepted`] if the answer does not say one, so
    /// that each report about it counts.
    pub status: Status,
    /// How many segments it takes, if the provider knows already.
    pub segments: Option<u32>,
}

/// Why a text was certainly not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The name of the host has no address, or nobody answered for it.
    NoAddress,
    /// No connection came about, or it ended before the request was on it.
    NoConnection,
    /// The host did not prove its name, or speaks no TLS that is safe.
    Tls,
    /// The account has too many requests under way (429).
    Busy {
        /// How long the provider asks to wait, at most an hour.
        retry_after: Option<Duration>,
    },
}

/// Why it is not known whether a text was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No answer came in time.
    NoAnswer,
    /// The connection ended before the answer.
    Lost,
    /// What came back is not an answer of the API.
    Unreadable,
    /// The provider had a fault of its own.
    Fault {
        /// The HTTP status.
        status: u16,
    },
}

/// A text that the provider refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// The provider's code, if the answer has one. [`codes`](super::codes) explains it.
    pub code: Option<u32>,
    /// What that asks of the sender.
    pub class: Class,
}

impl NotSent {
    /// Returns a word for logs and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAddress => "no_address",
            Self::NoConnection => "no_connection",
            Self::Tls => "tls",
            Self::Busy { .. } => "busy",
        }
    }
}

impl Doubt {
    /// Returns a word for logs and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::Lost => "lost",
            Self::Unreadable => "unreadable",
            Self::Fault { .. } => "fault",
        }
    }
}
