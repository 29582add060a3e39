//! Twilio's REST API as plain values: what is sent, what an answer means, and
//! what is reported later.
//!
//! Nothing here opens a connection; [`sending`](crate::sending) does. These are
//! the parts, lowest first:
//!
//! - [`status`]: the statuses of a text, and which of two counts
//! - [`codes`]: what an error code asks of the sender
//! - [`credentials`]: the account and what proves that it is ours
//! - [`api_url`]: the address of the API
//! - [`text`]: one text as the form of a request
//! - [`outcome`]: what became of a request
//! - [`answer`]: from an HTTP answer to an outcome
//! - [`callback`]: a later report about a text

pub mod answer;
pub mod api_url;
pub mod callback;
pub mod codes;
pub mod credentials;
pub mod outcome;
pub mod status;
pub mod text;
