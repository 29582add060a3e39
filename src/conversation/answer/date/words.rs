//! Words beside a day that do not change it, and days named by their distance
//! from today.

use crate::conversation::answer::phrases::{self, AGREEMENTS, INTRODUCTIONS};
use crate::conversation::{calendar, spelled};

/// The longest number of days or weeks ahead, in digits.
const MAX_AHEAD: usize = 3;

/// Phrases that introduce a day.
const BEFORE: &[&str] = &[
    "for",
    "on",
    "come",
    "date",
    "the date is",
    "the date",
    "i can do",
    "can do",
    "i'll come",
    "we'll come",
    "i will come",
    "we will come",
    "i was born",
    "i was born on",
    "born",
    "born on",
    "my birthday is",
    "my birthday is on",
    "my birthday",
    "my date of birth is",
    "my date of birth",
    "date of birth",
    "dob",
    "birthday",
    "my bday is",
    "bday",
    "the morning of",
    "the afternoon of",
    "the evening of",
    "the night of",
    "see you",
    "see you on",
    "i'll be there",
    "i'll be there on",
    "we'll be there",
    "we'll be there on",
    "book it for",
];

/// Phrases of agreement after a day.
const BEHIND: &[&str] = &["for me", "for us", "then", "is my birthday", "is my date of birth"];

/// Parts of a day, which do not change the day.
const PARTS_OF_DAY: &[&str] = &[
    "morning",
    "afternoon",
    "evening",
    "night",
    "in the morning",
    "in the afternoon",
    "in the evening",
    "at night",
    "at noon",
    "at lunchtime",
    "lunchtime",
    "noon",
];

/// Returns the day alone from a text in small letters.
pub(super) fn bare(text: &str) -> &str {
    phrases::without(
        text,
        &[BEFORE, INTRODUCTIONS, PARTS_OF_DAY],
        &[BEHIND, AGREEMENTS, PARTS_OF_DAY],
    )
}

/// Reads `tomorrow`, `in 3 days`, `a week from today` or `two days ago` as a
/// number of days after today.
pub(super) fn near(text: &str) -> Option<i32> {
    calendar::near(text).or_else(|| away(text))
}

fn away(text: &str) -> Option<i32> {
    let (count, sign) = if let Some(count) = text.strip_prefix("in ") {
        let count =
            ["' time", " time"].iter().find_map(|end| count.strip_suffix(end)).unwrap_or(count);
        (count, 1)
    } else if let Some(count) = text.strip_suffix(" ago") {
        (count, -1)
    } else {
        ([" from now", " from today"].iter().find_map(|end| text.strip_suffix(end))?, 1)
    };
    let (number, unit) = count.trim().rsplit_once(' ')?;
    let number = match number {
        "a" => 1,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse::<i32>().ok().filter(|_| digits.len() <= MAX_AHEAD)?
        }
        words => spelled::number(words)?.into(),
    };
    let days = match unit.trim_end_matches('\'') {
        "fortnight" | "fortnights" => 14,
        unit => calendar::days_of(unit)?,
    };
    Some(sign * number * days).filter(|days| *days != 0)
}
