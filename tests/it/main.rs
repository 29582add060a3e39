//! The integration tests, in one binary.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, helpers included, and tells why on standard error"
)]
#![expect(clippy::disallowed_methods, reason = "tests play the world around the service")]

mod browser;
mod callbacks;
mod calls;
mod commands;
mod conversation;
mod faults;
mod flows;
mod outbound;
mod outbox;
mod process;
mod repository;
mod settings;
mod simulator;
mod store;
mod support;
mod twilio;
mod webhook;
