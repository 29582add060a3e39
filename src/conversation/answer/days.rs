//! The days that a question of `type: date` takes: its `min`, `after`, `before`
//! and `max`, worked out for the day that it is today.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::conversation::calendar;

/// The most units that an offset may have. A date can be moved no further, and
/// nobody means so many.
const MOST: i32 = 9_999;

/// The days from one day to another, both included.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// The first; `None` means no limit.
    pub(in crate::conversation) from: Option<Day>,
    /// The last; `None` means no limit.
    pub(in crate::conversation) until: Option<Day>,
}

impl Days {
    /// Returns whether this day is one of them.
    pub(super) fn contains(&self, day: Date, today: Date) -> bool {
        self.first(today).is_none_or(|first| first <= day)
            && self.until.as_ref().is_none_or(|last| day <= last.on(today))
    }

    /// Returns the first of them.
    pub(super) fn first(&self, today: Date) -> Option<Date> {
        self.from.as_ref().map(|day| day.on(today))
    }

    /// Returns whether they contain a day on at least some dates of today.
    /// Where one end is a date and the other depends on today, that is assumed.
    pub(in crate::conversation) fn exist(&self) -> bool {
        let (Some(from), Some(until)) = (&self.from, &self.until) else { return true };
        if from.is_fixed() != until.is_fixed() {
            return true;
        }
        // Every day of four years has stood for today then, a leap day too.
        let days = Date::constant(2024, 1, 1).series(1.day()).take(4 * 366);
        days.into_iter().any(|today| from.on(today) <= until.on(today))
    }
}

/// A day that is written as a date, or as a distance from today.
#[derive(Clone, Copy, Debug)]
pub(in crate::conversation) struct Day {
    start: Start,
    /// The offset in months or years, or in days.
    offset: Span,
    /// A further offset to the next or the previous day, for ends that are
    /// excluded.
    shift: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Date(Date),
    /// This number of days after today.
    Today(i32),
}

impl Day {
    /// Parses `2026-12-31`, `today`, `tomorrow` or `yesterday`. The three words
    /// may have an offset, such as `+ 60 days` or `- 18 years`.
    pub(in crate::conversation) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(date) = iso(text) {
            return Some(Self { start: Start::Date(date), offset: Span::new(), shift: 0 });
        }
        let end = text.find([' ', '+', '-']).unwrap_or(text.len());
        let (name, offset) = text.split_at(end);
        let days = match name {
            "yesterday" => -1,
            "today" => 0,
            "tomorrow" => 1,
            _ => return None,
        };
        let offset = match offset.trim() {
            "" => Span::new(),
            offset => span(offset)?,
        };
        Some(Self { start: Start::Today(days), offset, shift: 0 })
    }

    /// Returns the day after it.
    pub(in crate::conversation) fn next(self) -> Self {
        Self { shift: self.shift + 1, ..self }
    }

    /// Returns the day before it.
    pub(in crate::conversation) fn previous(self) -> Self {
        Self { shift: self.shift - 1, ..self }
    }

    /// Returns the date that it means on this day. Beyond the ends of the
    /// calendar that is the calendar's first or last day.
    fn on(&self, today: Date) -> Date {
        let start = match self.start {
            Start::Date(date) => date,
            Start::Today(days) => today.saturating_add(days.days()),
        };
        start.saturating_add(self.offset).saturating_add(self.shift.days())
    }

    fn is_fixed(&self) -> bool {
        matches!(self.start, Start::Date(_))
    }
}

/// Parses a date as it is stored: `2026-12-24`.
pub(in crate::conversation) fn iso(text: &str) -> Option<Date> {
    let is_iso = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse().ok().filter(|_| is_iso)
}

/// Parses `+ 60 days`, `- 18 years` or `+1 week`.
fn span(text: &str) -> Option<Span> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest.trim_start()),
        ("-", rest) => (-1, rest.trim_start()),
        _ => return None,
    };
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = rest.split_at(end);
    let number = number.parse::<i32>().ok().filter(|number| *number <= MOST)? * sign;
    let unit = unit.trim();
    if let Some(days) = calendar::days_of(unit) {
        return Some((number * days).days());
    }
    match unit {
        "month" | "months" => Some(number.months()),
        "year" | "years" => Some(number.years()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, Day, Days};

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn days_by_what_day_it_is() {
        for (text, today, expected) in [
            ("2026-12-31", "2026-01-05", Some("2026-12-31")),
            ("today", "2026-01-05", Some("2026-01-05")),
            ("tomorrow", "2026-12-31", Some("2027-01-01")),
            ("yesterday", "2026-01-01", Some("2025-12-31")),
            ("today + 60 days", "2026-01-05", Some("2026-03-06")),
            ("today+60days", "2026-01-05", Some("2026-03-06")),
            ("today - 1 week", "2026-01-05", Some("2025-12-29")),
            ("today + 1 month", "2026-01-31", Some("2026-02-28")),
            ("today - 18 years", "2028-02-29", Some("2010-02-28")),
            ("tomorrow - 18 years", "2027-02-28", Some("2009-03-01")),
            ("today + 9999 years", "2026-01-05", Some("9999-12-31")),
            ("today + 9999 months", "2026-01-05", Some("2859-04-05")),
            ("today - 9999 weeks", "2026-01-05", Some("1834-05-19")),
            ("today + 10000 days", "2026-01-05", None),
            ("2026-12-31 + 1 day", "2026-01-05", None),
            ("2026-02-30", "2026-01-05", None),
            ("2026-2-3", "2026-01-05", None),
            ("24.12.2026", "2026-01-05", None),
            ("today + 3", "2026-01-05", None),
            ("today + days", "2026-01-05", None),
            ("today 3 days", "2026-01-05", None),
            ("today + 3 fortnights", "2026-01-05", None),
            ("today + 1 week + 1 day", "2026-01-05", None),
            ("day after tomorrow", "2026-01-05", None),
            ("tonight", "2026-01-05", None),
            ("tmrw + 1 day", "2026-01-05", None),
            ("now", "2026-01-05", None),
            ("", "2026-01-05", None),
        ] {
            let day = Day::parse(text).map(|day| day.on(date(today)));
            assert_eq!(day, expected.map(date), "{text:?} on {today}");
        }
    }

    #[test]
    fn neighbours() {
        let day = Day::parse("today + 1 month").unwrap();
        assert_eq!(day.next().on(date("2026-01-31")), date("2026-03-01"));
        assert_eq!(day.previous().on(date("2026-01-31")), date("2026-02-27"));
        let last = Day::parse("9999-12-31").unwrap().next();
        assert_eq!(last.on(date("2026-01-31")), date("9999-12-31"));
    }

    #[test]
    fn whether_there_are_such_days() {
        for (from, until, exist) in [
            ("2026-12-31", "2026-12-31", true),
            ("2027-01-01", "2026-12-31", false),
            ("today", "today", true),
            ("tomorrow", "today", false),
            ("today + 1 month", "today + 28 days", true),
            ("today + 1 month", "today + 27 days", false),
            ("2027-01-01", "today", true),
        ] {
            let days = Days { from: Day::parse(from), until: Day::parse(until) };
            assert_eq!(days.exist(), exist, "{from} to {until}");
        }
    }
}
