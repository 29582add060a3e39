//! How long messages are kept.

use std::fmt;

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use super::setting::{SettingError, given};

const NAME: &str = "RETENTION";

/// With an old message the memory of its id goes, too: a repeat of it would be
/// taken for a new message.
const LEAST_DAYS: u32 = 7;

/// A hundred years, which every calendar here can count back.
const MOST_DAYS: u32 = 36_500;

/// `RETENTION` as it was given to the server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Database")]
pub struct RetentionArgs {
    /// How long messages are kept, as in `90d`; by default they are never deleted
    ///
    /// At least 7 days. Older messages are deleted in the background, a few at
    /// a time. Sessions, opt-outs and ended conversations are kept forever.
    #[arg(long, env = "RETENTION", hide_env_values = true, value_name = "DAYS")]
    pub retention: Option<String>,
}

impl RetentionArgs {
    /// Returns how long messages are kept; `None` means forever.
    pub fn retention(&self) -> Result<Option<Retention>, SettingError> {
        self.retention.as_deref().map(|text| Retention::parse(NAME, text)).transpose()
    }
}

/// The same setting as the subject of a command: `prune --older-than 90d`.
#[derive(Clone, Debug, Args)]
pub struct OlderThanArgument {
    /// The age from which messages are deleted, as in `90d`, at least 7 days
    #[arg(long, env = "RETENTION", hide_env_values = true, value_name = "DAYS")]
    pub older_than: Option<String>,
}

impl OlderThanArgument {
    /// Returns the age from which messages are deleted.
    pub fn retention(&self) -> Result<Retention, SettingError> {
        const FLAG: &str = "--older-than";
        match &self.older_than {
            Some(text) => Retention::parse(FLAG, text),
            None => Err(SettingError::new(
                FLAG,
                "is not given, and `RETENTION` is not set",
                "write the age from which messages are deleted, as in `--older-than 90d`",
            )),
        }
    }
}

/// How long messages are kept: a whole number of days, at least seven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    days: u32,
}

impl Retention {
    fn parse(name: &'static str, text: &str) -> Result<Self, SettingError> {
        let text = given(name, text)?;
        let refused = |problem: &str| {
            SettingError::new(
                name,
                problem,
                format!("write a whole number of days, at least {LEAST_DAYS}, such as `90d`"),
            )
        };
        let digits = text.strip_suffix('d').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused(&format!("is not a number of days: `{text}`")));
        }
        match digits.parse() {
            Ok(days) if days < LEAST_DAYS => Err(refused(&format!(
                "is `{text}`, which is too short: a deleted message is forgotten, and a \
                 repeat of it would be taken for a new message"
            ))),
            Ok(days) if days <= MOST_DAYS => Ok(Self { days }),
            _ => Err(refused(&format!("is `{text}`, more than {MOST_DAYS} days"))),
        }
    }

    /// Returns the time before which a received message is old.
    #[must_use]
    pub fn before(self, now: Timestamp) -> Timestamp {
        let age = SignedDuration::from_hours(24 * i64::from(self.days));
        now.checked_sub(age).unwrap_or(Timestamp::MIN)
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}d", self.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_number_of_days_of_at_least_seven() {
        for (text, expected) in [
            ("7d", Some(7)),
            (" 90d\n", Some(90)),
            ("36500d", Some(36_500)),
            ("36501d", None),
            ("99999999999d", None),
            ("6d", None),
            ("0d", None),
            ("-7d", None),
            ("+7d", None),
            ("7", None),
            ("d", None),
            ("7.5d", None),
            ("168h", None),
            ("7 d", None),
            ("", None),
        ] {
            let found = Retention::parse(NAME, text).ok();
            assert_eq!(found.map(|retention| retention.days), expected, "{text:?}");
        }
    }

    #[test]
    fn the_age_is_counted_from_now() {
        let before = |days| Retention { days }.before("2026-11-23T04:05:06Z".parse().unwrap());
        assert_eq!(before(7).to_string(), "2026-11-16T04:05:06Z");
        assert_eq!(before(MOST_DAYS).to_string(), "1926-12-18T04:05:06Z");
    }
}
