//! What several tests need: databases, the built binary, messages for it, and when a test may be skipped.

pub(crate) mod database;
pub(crate) mod ringback;
pub(crate) mod service;
pub(crate) mod twilio;

use std::env;
use std::io::{self, Write};

/// Skips the rest of a test for want of something, visibly.
///
/// Where everything must be tested (`RINGBACK_TEST_ALL`, as `scripts/test` sets
/// it), a skipped test is a failed one.
pub(crate) fn skip(reason: &str) {
    let everything = env::var_os("RINGBACK_TEST_ALL").is_some_and(|value| !value.is_empty());
    assert!(!everything, "skipped, although everything must be tested: {reason}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Past the test harness, which shows what a test prints only if it fails.
    drop(writeln!(io::stderr(), "skipped: {test}: {reason}"));
}
