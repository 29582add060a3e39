//! A day as it was written, perhaps without its year or month, and the days
//! that it can mean.

use jiff::ToSpan;
use jiff::civil::Date;

use super::parts::{Part, is_number};
use crate::conversation::answer::days::Days;
use crate::conversation::calendar;

/// Leap days can be eight years apart.
const YEARS_TO_SEARCH: i16 = 8;

/// No two months in a row lack the same day.
const MONTHS_TO_SEARCH: i32 = 2;

/// A year that has every day.
const LEAP_YEAR: i16 = 2024;

/// A day as it was written.
pub(super) enum Written {
    /// A day of a month, and perhaps of a year.
    OfMonth { year: Year, month: i8, day: i8 },
    /// `the 24th`.
    Day(i8),
}

#[derive(Clone, Copy)]
pub(super) enum Year {
    Full(i16),
    /// Its last two digits.
    Short(i16),
    Unsaid,
}

impl Written {
    pub(super) fn of(parts: &[Part<'_>]) -> Option<Self> {
        match parts {
            [a] if a.is_ordinal => {
                let day = a.text.parse().ok().filter(|day| (1..=31).contains(day))?;
                Some(Self::Day(day))
            }
            [a, b] if is_number(a.text) && is_number(b.text) => Self::in_numbers(
                a.text,
                b.text,
                // `10-15` may be a stretch of days.
                b.mark().filter(|mark| matches!(mark, '.' | '/'))?,
                Year::Unsaid,
            ),
            [a, b] if is_number(a.text) => Self::named(a.text, b.text, Year::Unsaid),
            [a, b] => Self::named(b.text, a.text, Year::Unsaid),
            [a, b, c] if parts.iter().all(|part| is_number(part.text)) => {
                let mark = b.mark().filter(|mark| c.mark() == Some(*mark))?;
                match Year::of(a.text) {
                    // After the year the month comes first, whatever parts them.
                    Some(year @ Year::Full(_)) => Self::only_valid(&[(b.text, c.text)], year),
                    _ => Self::in_numbers(a.text, b.text, mark, Year::of(c.text)?),
                }
            }
            [a, b, c] if is_number(c.text) => match Year::of(a.text) {
                Some(year @ Year::Full(_)) => Self::named(c.text, b.text, year),
                _ if is_number(a.text) => Self::named(a.text, b.text, Year::of(c.text)?),
                _ => Self::named(b.text, a.text, Year::of(c.text)?),
            },
            _ => None,
        }
    }

    /// Reads a day and the name of its month.
    fn named(day: &str, month: &str, year: Year) -> Option<Self> {
        let month = calendar::month(month)?.to_string();
        Self::only_valid(&[(&month, day)], year)
    }

    /// Reads a day and a month, or a month and a day. With dots the day stands
    /// first.
    fn in_numbers(first: &str, second: &str, mark: char, year: Year) -> Option<Self> {
        match mark {
            '.' => Self::only_valid(&[(second, first)], year),
            _ => Self::only_valid(&[(second, first), (first, second)], year),
        }
    }

    /// Returns the pair of month and day that is a day, unless several are.
    fn only_valid(readings: &[(&str, &str)], year: Year) -> Option<Self> {
        let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
        let mut valid: Vec<(i8, i8)> = readings
            .iter()
            .filter_map(|(month, day)| Some((number(month)?, number(day)?)))
            .filter(|(month, day)| year.has(*month, *day))
            .collect();
        valid.dedup();
        only(valid.into_iter()).map(|(month, day)| Self::OfMonth { year, month, day })
    }

    /// Returns the days that it can mean, narrowed down by what the question
    /// takes.
    pub(super) fn readings(&self, today: Date, days: &Days) -> [Option<Date>; 2] {
        let start = days.first(today).map_or(today, |first| first.max(today));
        let taken = |day: Option<Date>| day.filter(|day| days.contains(*day, today));
        match *self {
            Self::OfMonth { year: Year::Full(year), month, day } => {
                [Date::new(year, month, day).ok(), None]
            }
            Self::OfMonth { year: Year::Short(year), month, day } => {
                let century = today.year() - today.year() % 100;
                let near = [-100, 0, 100]
                    .into_iter()
                    .filter_map(|centuries| Date::new(century + centuries + year, month, day).ok());
                [near.min_by_key(|day| today.duration_until(*day).abs()), None]
            }
            Self::OfMonth { year: Year::Unsaid, month, day } => {
                let of_year = |year| Date::new(year, month, day).ok();
                let years = start.year()..=start.year().saturating_add(YEARS_TO_SEARCH);
                let next = years.filter_map(of_year).find(|day| *day >= start);
                let years = today.year().saturating_sub(YEARS_TO_SEARCH)..=today.year();
                let last = || years.rev().filter_map(of_year).find(|day| *day < today);
                [taken(next).or_else(last), None]
            }
            Self::Day(day) => {
                let of_month = |month: i32| {
                    let month = start.first_of_month().checked_add(month.months()).ok()?;
                    Date::new(month.year(), month.month(), day).ok()
                };
                let mut next =
                    (0..=MONTHS_TO_SEARCH).filter_map(of_month).filter(|day| *day >= start);
                let first = taken(next.next());
                // On that same day of a month it may be a month ahead.
                let second = taken(next.next()).filter(|_| first.is_none_or(|day| day == today));
                let last = || {
                    let months = (0..=MONTHS_TO_SEARCH).filter_map(|months| {
                        let month = today.first_of_month().checked_sub(months.months()).ok()?;
                        Date::new(month.year(), month.month(), day).ok()
                    });
                    taken(months.into_iter().find(|day| *day < today))
                };
                if first.is_none() && second.is_none() { [last(), None] } else { [first, second] }
            }
        }
    }
}

impl Year {
    /// Reads a year of four digits or two.
    fn of(text: &str) -> Option<Self> {
        let number = text.parse().ok().filter(|_| is_number(text))?;
        match text.len() {
            4 if number >= 1000 => Some(Self::Full(number)),
            2 => Some(Self::Short(number)),
            _ => None,
        }
    }

    /// Returns whether the year has this day, or may have it.
    fn has(self, month: i8, day: i8) -> bool {
        let is_day = |year: i16| Date::new(year, month, day).is_ok();
        match self {
            Self::Full(year) => is_day(year),
            Self::Short(year) => is_day(1900 + year) || is_day(2000 + year),
            Self::Unsaid => is_day(LEAP_YEAR),
        }
    }
}

/// Returns the only reading.
pub(super) fn only<T>(mut readings: impl Iterator<Item = T>) -> Option<T> {
    let first = readings.next()?;
    readings.next().is_none().then_some(first)
}
