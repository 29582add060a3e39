//! What several tests need: databases, the built binary, messages for it, when
//! a test may be skipped, and how long it is to be.

pub(crate) mod database;
pub(crate) mod fake_twilio;
pub(crate) mod forwarder;
pub(crate) mod page;
pub(crate) mod plain;
pub(crate) mod ringback;
pub(crate) mod service;
pub(crate) mod times;
pub(crate) mod twilio;
pub(crate) mod waiting;

use std::env;
use std::io::{self, Write};
use std::str::FromStr;

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

/// A number that makes a test longer, from the environment.
pub(crate) fn setting<T: FromStr>(name: &str) -> Option<T> {
    let value = env::var(name).ok().filter(|value| !value.is_empty())?;
    Some(value.parse().unwrap_or_else(|_| panic!("`{name}` must be a number, not `{value}`")))
}
