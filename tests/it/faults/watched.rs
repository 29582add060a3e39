//! A service that logs all it can, and whose log is read to the end: nothing
//! that the crowd said, no number and no token may stand in it.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{LIVING_ON, pace};
use crate::support::service::Service;
use crate::support::twilio::{TOKEN, settings};

/// Every text that is said to such a service holds one of these words.
pub(super) const SECRET_WORDS: [&str; 2] = ["Xylophon", "Quetzal"];

/// Every number begins like this, and ends in six digits.
pub(super) const SECRET_NUMBERS: &str = "+4917055";

static SECRETS: LazyLock<Regex> = LazyLock::new(|| {
    let words = SECRET_WORDS.join("|");
    let numbers = SECRET_NUMBERS.trim_start_matches('+');
    Regex::new(&format!(r"{words}|{numbers}\d{{6}}|Profile.{{1,3}}Marker|{TOKEN}")).unwrap()
});

/// A service at the level `trace`.
#[derive(Debug)]
pub(super) struct Watched(Service);

impl Watched {
    pub(super) fn start(folder: &Path, database_url: &str) -> Self {
        Self::start_by(&[], folder, database_url)
    }

    /// The same, started by another command, which is given this one.
    pub(super) fn start_by(by: &[&str], folder: &Path, database_url: &str) -> Self {
        Self::start_told(by, folder, database_url, &[])
    }

    /// The same, with further settings.
    pub(super) fn start_told(
        by: &[&str],
        folder: &Path,
        database_url: &str,
        further: &[(&str, &str)],
    ) -> Self {
        // Where speed is measured, at the level that a service has in earnest.
        let level = if pace::is_measured() { "info" } else { "trace" };
        let common = settings(database_url);
        let all = [&common[..], &[("RUST_LOG", level)], further].concat();
        Self(Service::start_by(by, folder, &all))
    }

    /// One that lives on where a file may not grow.
    pub(super) fn with_limited_files(folder: &Path, database_url: &str) -> Self {
        Self::start_by(&LIVING_ON, folder, database_url)
    }

    /// Kills it; its log.
    pub(super) fn kill9(self) -> Log {
        Log::read(&self.0.kill9())
    }

    /// Ends it in order; its log.
    pub(super) fn stop(self) -> Log {
        let (status, lines) = self.0.stop();
        assert_eq!(status.code(), Some(0), "{lines:#?}");
        Log::read(&lines)
    }
}

impl Deref for Watched {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.0
    }
}

impl DerefMut for Watched {
    fn deref_mut(&mut self) -> &mut Service {
        &mut self.0
    }
}

/// A whole log, which has told no secret.
#[derive(Debug)]
pub(super) struct Log(Vec<Value>);

impl Log {
    fn read(lines: &[String]) -> Self {
        let told: Vec<&String> = lines.iter().filter(|line| SECRETS.is_match(line)).collect();
        assert!(told.is_empty(), "the log tells what it must not:\n{told:#?}");
        // The line at which it was killed may be half a line.
        Self(lines.iter().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// What was said at the levels that an operator is to look at.
    pub(super) fn troubles(&self) -> Vec<String> {
        let is_trouble = |line: &&Value| line["level"] == "WARN" || line["level"] == "ERROR";
        self.0.iter().filter(is_trouble).map(message).collect()
    }

    /// The lines that say this, each with one of its fields.
    pub(super) fn told(&self, what: &str, field: &str) -> Vec<String> {
        let lines = self.0.iter().filter(|line| message(line).contains(what));
        lines.map(|line| format!("{}: {}", message(line), line[field])).collect()
    }

    /// How often this was said.
    pub(super) fn count(&self, what: &str) -> usize {
        self.0.iter().filter(|line| message(line).contains(what)).count()
    }
}

fn message(line: &Value) -> String {
    line["message"].as_str().unwrap_or_default().to_owned()
}

/// Where it is, so that whoever writes to it finds it after a restart.
pub(super) type Address = tokio::sync::watch::Sender<Option<SocketAddr>>;

#[test]
fn a_secret_is_seen_however_it_is_written() {
    for (line, is_secret) in [
        (r#"{"body":"Xylophon 7"}"#, true),
        ("Body=Quetzal+7", true),
        ("from %2B4917055000123", true),
        ("ProfileName=Profile+Marker", true),
        (TOKEN, true),
        (r#"{"message.id":"SM-4917055-12","sender.hash":"491705512345"}"#, false),
    ] {
        assert_eq!(SECRETS.is_match(line), is_secret, "{line}");
    }
}
