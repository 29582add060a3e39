//! Rules about the repository itself, held by reading its files.
//!
//! Each check collects everything it finds, so that one run names all.

mod circles;
mod dependencies;
mod documents;
mod files;
mod layers;
mod needs;
mod packaging;
mod paths;
mod rooms;
mod sources;

use std::fmt::Write as _;

/// Fails with one line for each finding.
fn none_found(rule: &str, findings: &[String]) {
    let list = findings.iter().fold(String::new(), |mut list, finding| {
        let _ = writeln!(list, "  {finding}");
        list
    });
    assert!(findings.is_empty(), "{rule}:\n{list}");
}
