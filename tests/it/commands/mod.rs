//! The commands as their user meets them: the built binary, what it prints, and its exit code.

mod against;
mod chat;
mod check;
mod diagram;
mod doctor;
mod explain;
mod formats;
mod health;
mod init;
mod migrate;
mod outbox;
mod post;
mod probe;
mod prune;
mod rights;
mod schema;
mod shells;
mod show;
mod sizes;
mod start;
mod terminal;

use std::fs;
use std::path::Path;

use crate::support::ringback::Outcome;

/// The flows that ship.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/flows");

/// Puts a file into a folder.
fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.join(name), text).unwrap();
}

/// A flow that asks for a colour, and does not care much.
const COLOUR: &str = "\
flow: colour
start: [hello]
otherwise: Say hello.
steps:
  COLOUR:
    ask: Red or blue?
    options:
      red: Red
      blue: Blue
    when: {red: WARM}
  COLD:
    say: Cold.
    end: CHILLED
  WARM:
    say: |-
      Warm.
      How nice.
";

/// What a command printed, without what differs from run to run: times and
/// random names.
fn shown(outcome: &Outcome) -> String {
    let filters = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[TIME]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? UTC", "[TIME]"),
        (r"mysql://\S+/ringback_test_[0-9a-f]{32}", "mysql://[SERVER]/[DATABASE]"),
        (r"sqlite:/\S+/", "sqlite:[FOLDER]/"),
        (r"127\.0\.0\.1:\d{5}", "127.0.0.1:[PORT]"),
        (r"[0-9a-f]{12}\b", "[HASH]"),
        (r"os error \d+", "os error [NUMBER]"),
    ];
    filters.iter().fold(outcome.to_string(), |text, (pattern, instead)| {
        regex::Regex::new(pattern).unwrap().replace_all(&text, *instead).into_owned()
    })
}
