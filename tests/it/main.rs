//! The integration tests, in one binary.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

mod browser;
mod simulator;
mod twilio;
