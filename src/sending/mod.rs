//! Sends texts by the provider's REST API, one request for each.
//!
//! A request is made once. Whether it may be made again is said by its
//! [`Outcome`](crate::twilio::rest::outcome::Outcome), and is the caller's to
//! do. What is sent and what answers mean is in
//! [`rest`](crate::twilio::rest). The module keeps nothing and logs nothing.
//! These are its parts, lowest first:
//!
//! - `body`: a request's body, which knows whether it was handed over
//! - [`client`]: the connection, the request, the answer

mod body;
pub mod client;
