//! `type: time`, with `min`, `max`, `after` and `before`.
//!
//! **Accepted** is a time of day, to the minute, as people write it:
//!
//! | written | read as |
//! | --- | --- |
//! | `14:30`, `14.30`, `14h30`, `14`, `14h`, `1430` | 14:30, 14:00 |
//! | `2:30 pm`, `2.30PM`, `2pm`, `2 p.m.`, `12 am` | 14:30, 14:00, 00:00 |
//! | `9 in the morning`, `2 in the afternoon`, `7 in the evening` | 09:00, 14:00, 19:00 |
//! | `09:30`, `9h30`, `9:30 h`, `0930`, `0:15` | on the clock of 24 hours: 09:30, 00:15 |
//! | `9:30`, `9`, `9 o'clock`, `at 9`, `10:30`, `12` | of the morning or the evening? |
//! | `noon`, `midday`, `midnight` | 12:00, 00:00 |
//!
//! An hour from 1 to 12 that no `am`, `pm`, `h` or zero before it marks has two
//! readings, twelve hours apart. It is understood if the question takes only one of them
//! (`min: 9:00` and `max: 16:30` leave `9:30` and `2:30` one each), and asked
//! again if it takes both.
//!
//! Not accepted: seconds, `24:00`, `14:30 am`, `half past two`, a day beside the
//! time, two times.
//!
//! The payload of a button is on the clock of 24 hours: `9:30`, `14:30`.
//!
//! **Stored** as `14:30`, with two digits for the hour, so that texts compare as
//! times do: `is: TIME < "09:00"`.
//!
//! `min` and `max` are the first and the last time, `after` and `before` the
//! minutes next to them, which are not taken themselves; all four on the clock
//! of 24 hours, `9:00` or `09:00`. They are of one day: a stretch over midnight
//! does not load.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Time;
use regex::Regex;

/// The times from one to another, both of them included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The first.
    pub(in crate::conversation) from: Time,
    /// The last.
    pub(in crate::conversation) until: Time,
}

impl Times {
    /// All of them.
    pub(in crate::conversation) const ALL: Self =
        Self { from: Time::constant(0, 0, 0, 0), until: LAST };

    fn have(&self, time: Time) -> bool {
        (self.from..=self.until).contains(&time)
    }
}

/// The last minute of a day.
const LAST: Time = Time::constant(23, 59, 0, 0);

static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u)^(?:at\ +)?
        (?: (?<hours>[0-9]{2}) (?<minutes>[0-9]{2})
          | (?<hour>[0-9]{1,2}) (?: (?<mark>\ ?[:.h]\ ?) (?<minute>[0-9]{2}) )? )
        \ * (?<half>(?<letter>[ap])\ ?\.?\ ?m\.? | in\ the\ (?<daytime>morning|afternoon|evening))?
        (?<clock>h|hrs?|hours?)?
        (?<sharp>o'?clock)?$",
    )
    .expect("the pattern is fixed and tested")
});

/// The time that a text in plain signs is.
pub(super) fn read(text: &str, times: &Times) -> Option<Time> {
    let text = text.to_lowercase();
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "!,;?".contains(c));
    let text = text.strip_suffix('.').filter(|text| !text.ends_with('m')).unwrap_or(text);
    let [first, second] = readings(text)?;
    let taken = |time: Option<Time>| time.filter(|time| times.have(*time));
    match (taken(first), taken(second)) {
        (Some(time), None) | (None, Some(time)) => Some(time),
        _ => None,
    }
}

/// A time as it is stored and as flows write it: `09:30`, `9:30`.
pub(in crate::conversation) fn on_24_hours(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !(is_time && is_number(hour) && is_number(minute)) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// A time in its stored form, as a button's payload has it.
pub(super) fn payload(text: &str, times: &Times) -> Option<Time> {
    on_24_hours(text).filter(|time| times.have(*time))
}

/// The time that a text always is, whatever a question takes.
pub(in crate::conversation) fn plain(text: &str) -> Option<Time> {
    read(text, &Times::ALL)
}

/// A time as it is stored: `09:30`.
pub(in crate::conversation) fn stored(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// The minute after a time, if it is of the same day.
pub(in crate::conversation) fn next(time: Time) -> Option<Time> {
    time.checked_add(1.minute()).ok()
}

/// The minute before a time, if it is of the same day.
pub(in crate::conversation) fn previous(time: Time) -> Option<Time> {
    time.checked_sub(1.minute()).ok()
}

/// The one or two times of a day that a text can mean.
fn readings(text: &str) -> Option<[Option<Time>; 2]> {
    let time = |hour: i8, minute: i8| Time::new(hour, minute, 0, 0).ok();
    match text.strip_prefix("12 ").unwrap_or(text) {
        "noon" | "midday" => return Some([time(12, 0), None]),
        "midnight" => return Some([time(0, 0), None]),
        _ => {}
    }
    let written = WRITTEN.captures(text)?;
    let part = |name: &str| written.name(name).map(|part| part.as_str());
    let hour = part("hours").or_else(|| part("hour"))?;
    let minute: i8 =
        part("minutes").or_else(|| part("minute")).map_or(Some(0), |text| text.parse().ok())?;
    let is_marked = hour.starts_with('0')
        || part("clock").is_some()
        || part("mark").is_some_and(|mark| mark.contains('h'));
    let hour: i8 = hour.parse().ok()?;
    let has_several_ends =
        [part("half"), part("clock"), part("sharp")].into_iter().flatten().count() > 1;
    if has_several_ends {
        return None;
    }
    let is_morning = part("letter")
        .map(|letter| letter == "a")
        .or(part("daytime").map(|time| time == "morning"));
    match (is_morning, hour) {
        // Which of the two twelves is in the morning?
        (Some(true), 12) if part("daytime").is_some() => None,
        (Some(true), 0) | (Some(false), 13..=23) => Some([time(hour, minute), None]),
        (Some(is_morning), 1..=12) => {
            let before = if is_morning { 0 } else { 12 };
            Some([time(hour % 12 + before, minute), None])
        }
        (Some(_), _) => None,
        (None, 1..=12) if !is_marked => {
            Some([time(hour % 12, minute), time(hour % 12 + 12, minute)])
        }
        (None, _) => Some([time(hour, minute), None]),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Time;
    use proptest::prelude::*;

    use super::{Times, next, on_24_hours, previous, read, stored};

    fn times(from: &str, until: &str) -> Times {
        Times { from: on_24_hours(from).unwrap(), until: on_24_hours(until).unwrap() }
    }

    #[track_caller]
    fn check(times: &Times, cases: &[(&str, Option<&str>)]) {
        for (text, expected) in cases {
            assert_eq!(read(text, times).map(stored).as_deref(), *expected, "{text:?}");
        }
    }

    #[test]
    fn times_with_one_reading() {
        check(
            &Times::ALL,
            &[
                ("14:30", Some("14:30")),
                ("14.30", Some("14:30")),
                ("14:30.", Some("14:30")),
                ("14 : 30", Some("14:30")),
                ("14h30", Some("14:30")),
                ("14h", Some("14:00")),
                ("14 h", Some("14:00")),
                ("14", Some("14:00")),
                ("1430", Some("14:30")),
                ("1430 hrs", Some("14:30")),
                ("14 hours", Some("14:00")),
                ("at 14:30", Some("14:30")),
                ("09:30", Some("09:30")),
                ("09", Some("09:00")),
                ("0930", Some("09:30")),
                ("9h30", Some("09:30")),
                ("9:30h", Some("09:30")),
                ("10:30 h", Some("10:30")),
                ("0:15", Some("00:15")),
                ("00:00", Some("00:00")),
                ("2:30 pm", Some("14:30")),
                ("2:30PM", Some("14:30")),
                ("2.30 p.m.", Some("14:30")),
                ("2 p. m.", Some("14:00")),
                ("2pm!", Some("14:00")),
                ("at 2 pm", Some("14:00")),
                ("0230 pm", Some("14:30")),
                ("9am", Some("09:00")),
                ("12am", Some("00:00")),
                ("12:30 am", Some("00:30")),
                ("12pm", Some("12:00")),
                ("0:30 am", Some("00:30")),
                ("14:30 pm", Some("14:30")),
                ("9 in the morning", Some("09:00")),
                ("2 in the afternoon", Some("14:00")),
                ("7:15 in the evening", Some("19:15")),
                ("noon", Some("12:00")),
                ("Noon.", Some("12:00")),
                ("12 noon", Some("12:00")),
                ("midday", Some("12:00")),
                ("midnight", Some("00:00")),
                ("23:59", Some("23:59")),
            ],
        );
    }

    #[test]
    fn what_is_no_time() {
        check(
            &Times::ALL,
            &[
                ("", None),
                ("24:00", None),
                ("25", None),
                ("2400", None),
                ("14:60", None),
                ("14:3", None),
                ("14:30:00", None),
                ("14,30", None),
                ("143", None),
                ("14 30", None),
                ("14:30 am", None),
                ("0:30 pm", None),
                ("24 pm", None),
                ("2h30 pm h", None),
                ("2 pm o'clock", None),
                ("2 xm", None),
                ("-2", None),
                ("2-3 pm", None),
                ("2 or 3 pm", None),
                ("half past two", None),
                ("tomorrow at 14:30", None),
                ("14:30 tomorrow", None),
                ("in the morning", None),
                ("12 in the morning", None),
                ("10 at night", None),
                ("noonish", None),
                ("14:é0", None),
            ],
        );
    }

    #[test]
    fn hours_of_the_morning_or_the_evening() {
        let ambiguous =
            ["2:30", "9", "9:30", "10:30", "11.15", "12", "12:30", "1030", "9 o'clock", "at 9"];
        for text in ambiguous {
            assert_eq!(read(text, &Times::ALL), None, "{text}");
        }
        check(
            &times("9:00", "16:30"),
            &[
                ("2:30", Some("14:30")),
                ("9", Some("09:00")),
                ("9:30", Some("09:30")),
                ("9 o'clock", Some("09:00")),
                ("10:30", Some("10:30")),
                ("1030", Some("10:30")),
                ("12", Some("12:00")),
                ("12:30", Some("12:30")),
                ("4:30", Some("16:30")),
                ("4:31", None),
                ("8:59", None),
                ("08:59", None),
                ("7", None),
                ("9 pm", None),
            ],
        );
        check(
            &times("8:00", "20:30"),
            &[("8:15", None), ("8:45", Some("08:45")), ("7", Some("19:00"))],
        );
        check(&times("18:00", "23:59"), &[("10", Some("22:00")), ("10 am", None), ("12", None)]);
    }

    #[test]
    fn neighbours_are_of_the_same_day() {
        let shown = |time: Option<Time>| time.map(stored);
        let time = |text: &str| on_24_hours(text).unwrap();
        assert_eq!(shown(next(time("9:59"))).as_deref(), Some("10:00"));
        assert_eq!(shown(previous(time("9:00"))).as_deref(), Some("08:59"));
        assert_eq!(shown(next(time("23:59"))), None);
        assert_eq!(shown(previous(time("0:00"))), None);
    }

    #[test]
    fn times_of_flows() {
        for (text, expected) in [
            ("9:00", Some("09:00")),
            ("09:00", Some("09:00")),
            ("23:59", Some("23:59")),
            ("24:00", None),
            ("9", None),
            ("9:0", None),
            ("009:00", None),
            ("9:00:00", None),
            ("+9:00", None),
            ("9am", None),
            (":30", None),
        ] {
            assert_eq!(on_24_hours(text).map(stored).as_deref(), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn times_are_understood_in_each_way_they_are_written(
            hour in 0..24_i8, minute in 0..60_i8, form in 0..5_usize,
        ) {
            let time = Time::constant(hour, minute, 0, 0);
            let text = match form {
                0 => stored(time),
                1 => time.strftime("%I:%M %p").to_string(),
                2 => time.strftime("%-I.%M%P").to_string(),
                3 => time.strftime("%-Hh%M").to_string(),
                _ => time.strftime("%H%M h").to_string(),
            };
            // On which clock?
            let is_ambiguous = form == 0 && (10..=12).contains(&hour);
            prop_assert_eq!(read(&text, &Times::ALL), Some(time).filter(|_| !is_ambiguous), "{}", text);
        }

        #[test]
        fn any_text_is_a_time_that_is_taken_or_none(text in r"[0-9:. hapmnoé'-]{0,12}") {
            let times = times("9:00", "16:30");
            if let Some(time) = read(&text, &times) {
                prop_assert!(times.have(time));
            }
        }
    }
}
