//! The protocol of Twilio-style messaging webhooks: signature, form, `TwiML`.
//!
//! Bytes in, plain values out, and back. It knows neither flows nor storage,
//! no HTTP framework, no clock, and does no I/O, so that all of it is tested
//! with tables of published cases. In the order in which a request meets it:
//!
//! - [`public_url`]: the address under which the provider calls us
//! - [`form`]: the body as raw pairs
//! - [`signature`]: whether those pairs are authentic
//! - [`diagnosis`]: why they are not, for the operator's log
//! - [`astray`]: how the path of a request differs that found no route, for the same log
//! - [`inbound`]: the pairs as a [`Message`](crate::message::Message)
//! - [`consent`]: whether that message is a STOP or a START
//! - [`twiml`]: the reply

mod ambiguity;
pub mod astray;
pub mod consent;
pub mod diagnosis;
pub mod form;
mod id;
pub mod inbound;
pub mod public_url;
pub mod signature;
mod spelling;
pub mod twiml;
