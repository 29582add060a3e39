//! The phone page in a real Chromium.
//!
//! [`conversation`] needs nothing but the address of a running service and a
//! way to restart it ([`service`]); [`edges`] plays with the bot behind it.

mod driver;
mod service;

mod conversation;
mod edges;
mod looks;
