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
    tell(&format!("skipped: {reason}"));
}

/// Leaves the rest of a test to another one that needs fewer rights, visibly.
///
/// Everything may be tested where these rights are missing, too: a container
/// cannot give itself what it was not given. So this fails nowhere.
pub(crate) fn leave_to(other: &str, reason: &str) {
    tell(&format!("left to `{other}`: {reason}"));
}

/// Past the test harness, which shows what a test prints only if it fails.
fn tell(what: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    drop(writeln!(io::stderr(), "{test}: {what}"));
}
