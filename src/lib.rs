//! Ringback holds conversations on a phone number.
//!
//! A message arrives as a Twilio-style webhook. The bot looks up the sender's
//! session, takes one step, and answers in the same HTTP response with `TwiML`.
//! The modules are listed in reading order; each module knows only those above
//! it.

pub mod message;

pub mod conversation;

pub mod outbox;

pub mod telemetry;

pub mod twilio;

pub mod store;

pub mod outbound;

pub mod probe;
pub mod sending;

pub mod bot;
pub mod calls;

pub mod dispatch;

pub mod http;

pub mod web;

pub mod simulator;

pub mod hint;

pub mod flow_files;

pub mod config;

pub mod logging;

pub mod server;

pub mod cli;
