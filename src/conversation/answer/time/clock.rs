//! Times of day as people write them. A text means one time, or two that are
//! twelve hours apart.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Time;
use regex::Regex;

use crate::conversation::answer::phrases::{self, AGREEMENTS, INTRODUCTIONS};
use crate::conversation::spelled;

/// Phrases that introduce a time.
const BEFORE: &[&str] = &[
    "at",
    "@",
    "for",
    "about",
    "around",
    "approximately",
    "approx.",
    "approx",
    "roughly",
    "circa",
    "ca.",
    "ca",
    "~",
    "exactly",
    "um",
    "at exactly",
    "time",
    "see you at",
    "come at",
    "i'll come at",
    "we'll come at",
    "i'll be there at",
    "we'll be there at",
    "book it for",
];

/// Phrases after a time.
const BEHIND: &[&str] = &[
    "sharp",
    "on the dot",
    "exactly",
    "approximately",
    "approx",
    "ish",
    "-ish",
    "for me",
    "for us",
];

/// A part of the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Morning,
    Afternoon,
    Evening,
    Tonight,
    Night,
}

/// Names of the parts of the day, the longer ones first.
const PARTS: [(&str, Part); 12] = [
    ("in the morning", Part::Morning),
    ("this morning", Part::Morning),
    ("morning", Part::Morning),
    ("in the afternoon", Part::Afternoon),
    ("this afternoon", Part::Afternoon),
    ("afternoon", Part::Afternoon),
    ("in the evening", Part::Evening),
    ("this evening", Part::Evening),
    ("evening", Part::Evening),
    ("at night", Part::Night),
    ("in the night", Part::Night),
    ("tonight", Part::Tonight),
];

static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u)^
        (?: (?<hours>[0-9]{2}) (?<minutes>[0-9]{2})
          | (?<short>[1-9]) (?<rest>[0-9]{2})
          | (?<hour>[0-9]{1,2})
            (?: (?<mark>\ ?[:.h]\ ?|\ ?uhr\ ) (?<minute>[0-9]{2}) | \ (?<apart>00|2[5-9]|[345][0-9]) )? )
        \ ?(?: (?<sharp>o\ ?'?\ ?clock) | (?<uhr>uhr) | (?<clock>h|hs|hrs?|hours?) )?
        \ ?(?<half>(?<letter>[ap])\ ?\.?\ ?m\.?)?$",
    )
    .expect("the pattern is fixed and tested")
});

/// Returns the one or two times of day that a text in plain signs can mean.
pub(super) fn readings(text: &str) -> Option<[Option<Time>; 2]> {
    let text = phrases::spaced(text);
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "!,;".contains(c));
    let text = text.strip_suffix('.').filter(|text| !text.ends_with('m')).unwrap_or(text);
    let text = phrases::without(text, &[BEFORE, INTRODUCTIONS], &[BEHIND, AGREEMENTS]);
    let (text, part) = part_of_day(text);
    let text = phrases::without(text, &[BEFORE], &[BEHIND]);
    let named = match text.strip_prefix("12 ").unwrap_or(text) {
        "noon" | "midday" | "noonish" => Some(12),
        "midnight" => Some(0),
        _ => None,
    };
    if let Some(hour) = named {
        return part.is_none().then(|| [Time::new(hour, 0, 0, 0).ok(), None]);
    }
    if let Some((minutes, hour)) = past_or_to(text) {
        let hour = in_digits(hour).unwrap_or_else(|| hour.to_owned());
        let is_hour =
            !hour.contains([':', '.']) && hour.bytes().filter(u8::is_ascii_digit).count() <= 2;
        let around = |time: Time| time.wrapping_add(minutes.minutes());
        return is_hour
            .then(|| of_clock(&hour, part))?
            .map(|times| times.map(|time| time.map(around)));
    }
    match in_digits(text) {
        Some(text) => of_clock(&text, part),
        None => of_clock(text, part),
    }
}

/// Splits a text into a time and the part of the day before or after it.
fn part_of_day(text: &str) -> (&str, Option<Part>) {
    let found = PARTS.iter().find_map(|(name, part)| {
        let rest = text.strip_suffix(name).or_else(|| text.strip_prefix(name))?.trim();
        let rest = rest.trim_matches(',').trim();
        (!rest.is_empty()).then_some((rest, Some(*part)))
    });
    found.unwrap_or((text, None))
}

/// Reads the minutes of `half past eight`, `quarter to 8` or `ten past 8`, and
/// returns the rest.
fn past_or_to(text: &str) -> Option<(i32, &str)> {
    let (minutes, sign, hour) =
        [(" past ", 1), ("-past ", 1), (" after ", 1), (" to ", -1), (" till ", -1), (" til ", -1)]
            .into_iter()
            .find_map(|(word, sign)| {
                let (minutes, hour) = text.split_once(word)?;
                let is_after = word == " after ";
                Some((minutes, sign, hour)).filter(|_| !is_after || minutes.ends_with("quarter"))
            })?;
    let minutes = match (minutes.strip_prefix("a ").unwrap_or(minutes), sign) {
        ("half", 1) => 30,
        ("quarter", _) => 15,
        (minutes, _) => {
            let count =
                [" minutes", " mins", " min"].iter().find_map(|end| minutes.strip_suffix(end));
            let number = |text: &str| match spelled::number(text) {
                Some(number) => Some((i32::from(number), true)),
                None => Some((text.parse::<i32>().ok().filter(|_| text.len() <= 2)?, false)),
            };
            let (number, is_spelled) = number(count.unwrap_or(minutes))?;
            // `ten to nine` may be a stretch of time, as may `20 to 22`.
            let is_hour = number <= if is_spelled { 12 } else { 24 };
            let is_clear = count.is_some() || sign > 0 || !is_hour;
            Some(number).filter(|number| (1..30).contains(number) && is_clear)?
        }
    };
    Some((sign * minutes, hour.trim()))
}

/// Rewrites a time whose hour is a word in digits: `seven thirty pm` is
/// `7:30 pm`.
fn in_digits(text: &str) -> Option<String> {
    let mut words = text.split([' ', '-']).filter(|word| !word.is_empty()).peekable();
    // Two words where both are one number: `twenty one`.
    let mut number = || {
        let first = words.next()?;
        let one = spelled::number(first)?;
        let two = words.peek().and_then(|word| spelled::number(&format!("{first} {word}")));
        if two.is_some() {
            words.next();
        }
        Some((two.unwrap_or(one), words.clone().collect::<Vec<_>>().join(" ")))
    };
    let (hour, rest) = number().filter(|(hour, _)| *hour > 0)?;
    let oh = ["oh ", "o "].iter().find_map(|zero| rest.strip_prefix(zero));
    if let Some((minute, rest)) = oh.map(|rest| rest.split_once(' ').unwrap_or((rest, "")))
        && let Some(minute) = spelled::number(minute).filter(|minute| *minute < 10)
    {
        return Some(format!("{hour}:{minute:02} {rest}").trim_end().to_owned());
    }
    match number() {
        // `ten eleven` may be two hours.
        Some((minute, rest)) if (13..60).contains(&minute) => {
            Some(format!("{hour}:{minute} {rest}").trim_end().to_owned())
        }
        Some(_) => None,
        None => Some(format!("{hour} {rest}").trim_end().to_owned()),
    }
}

fn of_clock(text: &str, part: Option<Part>) -> Option<[Option<Time>; 2]> {
    let written = WRITTEN.captures(text)?;
    let group = |name: &str| written.name(name).map(|part| part.as_str());
    let hour = group("hours").or_else(|| group("short")).or_else(|| group("hour"))?;
    let minute = ["minutes", "rest", "minute", "apart"].iter().find_map(|name| group(name));
    let minute: i8 = minute.map_or(Some(0), |text| text.parse().ok())?;
    let is_marked = hour.starts_with('0')
        || group("clock").is_some()
        || group("mark").is_some_and(|mark| mark.trim() == "h");
    let hour: i8 = hour.parse().ok()?;
    let time = |hour: i8| Time::new(hour, minute, 0, 0).ok();
    let is_morning = group("letter").map(|letter| letter == "a");
    if is_morning.is_some() && (group("clock").is_some() || group("uhr").is_some()) {
        return None;
    }
    let readings = match (is_morning, hour) {
        (Some(true), 0) | (Some(false), 13..=23) => [time(hour), None],
        (Some(true), 1..=12) => [time(hour % 12), None],
        (Some(false), 1..=12) => [time(hour % 12 + 12), None],
        (Some(_), _) => return None,
        (None, 1..=12) if !is_marked || part.is_some() => [time(hour % 12), time(hour % 12 + 12)],
        (None, _) => [time(hour), None],
    };
    Some(readings.map(|time| time.filter(|time| part.is_none_or(|part| part.has(time.hour())))))
}

impl Part {
    /// Returns whether people call this hour so.
    fn has(self, hour: i8) -> bool {
        match self {
            Self::Morning => (1..12).contains(&hour),
            Self::Afternoon => (12..19).contains(&hour),
            Self::Evening => (16..24).contains(&hour),
            Self::Tonight => (16..24).contains(&hour) || hour == 0,
            Self::Night => (18..24).contains(&hour) || (0..5).contains(&hour),
        }
    }
}
