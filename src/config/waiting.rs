//! How long a text must have waited before an operator gives it up.

use clap::Args;
use jiff::{SignedDuration, Timestamp};

use super::setting::{SettingError, given};
use crate::conversation::duration;

const FLAG: &str = "--older-than";

/// A hundred years, which every calendar here can count back.
const MOST_DAYS: i64 = 36_500;

/// The age as the subject of a command: `outbox drop --older-than 1h`.
#[derive(Clone, Debug, Args)]
pub struct WaitingArgument {
    /// The age from which texts are given up, as in `30m`, `1h` or `2d`
    #[arg(long, value_name = "AGE")]
    pub older_than: String,
}

impl WaitingArgument {
    /// Returns the age from which texts are given up.
    pub fn age(&self) -> Result<Waiting, SettingError> {
        Waiting::parse(&self.older_than)
    }
}

/// How long a text must have waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    age: SignedDuration,
}

impl Waiting {
    fn parse(text: &str) -> Result<Self, SettingError> {
        let text = given(FLAG, text)?;
        let refused = |problem: String| {
            let hint = "write a whole number and `s`, `m`, `h` or `d`, such as `30m`, `1h` or `2d`";
            SettingError::new(FLAG, problem, hint)
        };
        let seconds = duration::seconds(text)
            .ok_or_else(|| refused(format!("is not a length of time: `{text}`")))?;
        let longest = SignedDuration::from_hours(24 * MOST_DAYS);
        let age = i64::try_from(seconds).map(SignedDuration::from_secs);
        match age {
            Ok(age) if age <= longest => Ok(Self { age }),
            _ => Err(refused(format!("is `{text}`, more than {MOST_DAYS} days"))),
        }
    }

    /// Returns the time before which a text was said that has waited for so long.
    #[must_use]
    pub fn before(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.age).unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_length_of_time() {
        for (text, expected) in [
            ("1h", Some("2026-11-23T03:05:06Z")),
            (" 30m\n", Some("2026-11-23T03:35:06Z")),
            ("90s", Some("2026-11-23T04:03:36Z")),
            ("2d", Some("2026-11-21T04:05:06Z")),
            ("0s", Some("2026-11-23T04:05:06Z")),
            ("36500d", Some("1926-12-18T04:05:06Z")),
            ("36501d", None),
            ("99999999999999999999d", None),
            ("1", None),
            ("-1h", None),
            ("1.5h", None),
            ("1w", None),
            ("", None),
        ] {
            let now = "2026-11-23T04:05:06Z".parse().unwrap();
            let before = Waiting::parse(text).ok().map(|waiting| waiting.before(now).to_string());
            assert_eq!(before.as_deref(), expected, "{text:?}");
        }
    }
}
