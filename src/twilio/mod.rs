//! The protocol of Twilio-style messaging webhooks: signature, form, `TwiML`.
//!
//! The module turns bytes into plain values and back. It knows no flows, no
//! storage, no HTTP framework and no clock, and does no I/O, so all of it can
//! be tested with tables of published cases. These are its parts, in the order
//! in which a request meets them:
//!
//! - [`public_url`]: the address at which the provider calls the service
//! - [`form`]: the body as raw pairs
//! - [`signature`]: whether those pairs are authentic
//! - [`diagnosis`]: why they are not, for the log
//! - [`astray`]: how the path of a request that found no route differs, for the log
//! - [`inbound`]: the pairs as a [`Message`](crate::message::Message)
//! - [`consent`]: whether that message is a STOP or a START
//! - [`twiml`]: the reply
//!
//! [`message_form`] has what Twilio sends with a message, for messages that are made here.
//! [`rest`] is the other direction: texts that are sent by a request of our own.

mod ambiguity;
pub mod astray;
pub mod consent;
pub mod diagnosis;
pub mod form;
mod id;
pub mod inbound;
pub mod message_form;
pub mod public_url;
pub mod rest;
pub mod signature;
mod spelling;
pub mod twiml;
