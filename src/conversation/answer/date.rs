//! `type: date`, with `min`, `max`, `after` and `before`.
//!
//! **Accepted** is a day as people write it, capitals and punctuation around it
//! aside. `today` is by the message's time in the flow's `timezone`.
//!
//! | written | read as |
//! | --- | --- |
//! | `2026-12-24`, `2026/12/24` | year, month, day |
//! | `24.12.2026`, `24.12.26`, `24.12.` | with dots the day stands first |
//! | `24/12/2026`, `12/24/2026`, `24-12-2026` | whichever of the two can be the month is the month; `3/4/2026` can be two days and is asked again |
//! | `24 December 2026`, `24 Dec`, `Dec 24, 2026`, `the 24th of December` | by the month's name, also its first three letters |
//! | `Thursday`, `on Thursday`, `this Thu` | the next such day |
//! | `Thu, 24 Dec 2026` | only if that day is a Thursday |
//! | `today`, `tomorrow`, `yesterday`, `day after tomorrow`, `day before yesterday` | |
//! | `in 3 days`, `in a week`, `in 2 weeks` | |
//!
//! What is left out is filled in so:
//!
//! - **No year**: the next such day from today on that the question takes. If it
//!   takes none of the coming year, the last one of the past year: so `24 Dec` is a day to
//!   come for an appointment, and one gone by after `before: today`.
//! - **A year of two digits**, which always stands last: of the 20th or the 21st
//!   century, whichever the question takes; asked again if it takes both.
//! - **A weekday on that same weekday** may mean today or a week from today:
//!   whichever the question takes; asked again if it takes both. If it takes
//!   neither, the weekday of the past week.
//!
//! Nothing else is guessed: not `next Friday` (of which week?), a day without
//! a month, a month without a day, a time beside the day, two days.
//!
//! **Stored** as `2026-12-24`, so that texts compare as days do:
//! `is: DAY < "2026-12-31"`. The filter `date` shows it as `24 December 2026`.
//!
//! `min` and `max` are the first and the last day, `after` and `before` the days
//! next to them, which are not taken themselves. Each is a day such as
//! `2026-12-31`, or `today`, `tomorrow` or `yesterday`, to which `+ 60 days`
//! or `- 18 years` may be added (`day`, `week`, `month`, `year`).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::days::Days;
use crate::conversation::calendar;

/// Leap days can be eight years apart.
const YEARS_TO_SEARCH: i16 = 8;

/// A year that has every day.
const LEAP_YEAR: i16 = 2024;

/// The longest number of days or weeks ahead, in digits.
const MAX_AHEAD: usize = 3;

/// The day that a text in plain signs is.
pub(super) fn read(text: &str, today: Date, days: &Days) -> Option<Date> {
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    if let Some(near) = near(text) {
        let day = today.checked_add(near.days()).ok()?;
        return days.have(day, today).then_some(day);
    }
    let mut parts = parts(text)?;
    let weekday = take_weekday(&mut parts);
    if parts.is_empty() {
        return next_weekday(weekday?, today, days);
    }
    let is_meant = |day: &Date| {
        weekday.is_none_or(|weekday| day.weekday() == weekday) && days.have(*day, today)
    };
    only(Written::of(&parts)?.readings(today, days).into_iter().flatten().filter(is_meant))
}

/// The day that a text always is, whatever day it is today.
pub(in crate::conversation) fn whole(text: &str) -> Option<Date> {
    let on = |today| read(text, today, &Days::default());
    on(Date::constant(1999, 1, 1)).filter(|day| on(Date::constant(2099, 1, 1)) == Some(*day))
}

/// `tomorrow`, `in 3 days`, `in a week`, as days after today.
fn near(text: &str) -> Option<i32> {
    if let Some(days) = calendar::near(text) {
        return Some(days);
    }
    let mut words = text.strip_prefix("in ")?.split_whitespace();
    let (number, unit, end) = (words.next()?, words.next()?, words.next());
    let number = match number {
        "a" | "one" => 1,
        digits if digits.len() <= MAX_AHEAD && is_number(digits) => digits.parse().ok()?,
        _ => return None,
    };
    let days = calendar::days_of(unit).filter(|_| end.is_none())?;
    Some(number * days).filter(|days| *days > 0)
}

/// A number or a word, and what stands between it and the one before.
#[derive(Clone, Copy)]
struct Part<'a> {
    gap: &'a str,
    text: &'a str,
}

/// The parts of a text that count.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (gap, after) = split(rest, |c| !c.is_alphanumeric());
        if !gap.chars().all(|c| " .,/-'".contains(c)) {
            return None;
        }
        let is_digit = |c: char| c.is_ascii_digit();
        let is_in_number = after.starts_with(is_digit);
        let (text, after) = split(after, |c| c.is_alphanumeric() && is_digit(c) == is_in_number);
        rest = after;
        let follows_number =
            gap.is_empty() && parts.last().is_some_and(|part| is_number(part.text));
        let is_ordinal = follows_number && calendar::ORDINALS.contains(&text);
        if !is_ordinal && !calendar::FILLERS.contains(&text) {
            parts.push(Part { gap, text });
        }
    }
    Some(parts)
}

/// What of a text is accepted from its beginning on, and the rest.
fn split(text: &str, accept: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !accept(c)).unwrap_or(text.len()))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes a weekday away that stands at the beginning or at the end.
fn take_weekday(parts: &mut Vec<Part<'_>>) -> Option<Weekday> {
    let weekday = |part: Option<&Part<'_>>| calendar::weekday(part?.text);
    if let Some(first) = weekday(parts.first()) {
        parts.remove(0);
        return Some(first);
    }
    let last = weekday(parts.last())?;
    parts.pop();
    Some(last)
}

/// The next such weekday; on the day itself also this one, if the question
/// takes only one of the two. Else the one of the past week.
fn next_weekday(weekday: Weekday, today: Date, days: &Days) -> Option<Date> {
    let ahead = i32::from(today.weekday().until(weekday));
    let after = |number: i32| today.checked_add(number.days()).ok();
    let taken = |day: Option<Date>| day.filter(|day| days.have(*day, today));
    let next = taken(after(ahead));
    let in_a_week = taken(after(ahead + 7)).filter(|_| ahead == 0);
    match (next, in_a_week) {
        (None, None) => taken(after(ahead - 7)),
        (next, in_a_week) => only(next.into_iter().chain(in_a_week)),
    }
}

/// The only one.
fn only<T>(mut readings: impl Iterator<Item = T>) -> Option<T> {
    let first = readings.next()?;
    readings.next().is_none().then_some(first)
}

/// A day as it was written: the year perhaps not, or not all of it.
struct Written {
    year: Year,
    month: i8,
    day: i8,
}

#[derive(Clone, Copy)]
enum Year {
    Full(i16),
    /// Its last two digits.
    Short(i16),
    Unsaid,
}

impl Written {
    fn of(parts: &[Part<'_>]) -> Option<Self> {
        match parts {
            [a, b] if is_number(a.text) && is_number(b.text) => Self::in_numbers(
                a.text,
                b.text,
                b.mark().filter(|mark| *mark != ' ')?,
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

    /// A day and the name of its month.
    fn named(day: &str, month: &str, year: Year) -> Option<Self> {
        let month = calendar::month(month)?.to_string();
        Self::only_valid(&[(&month, day)], year)
    }

    /// A day and a month, or a month and a day; after dots always the former.
    fn in_numbers(first: &str, second: &str, mark: char, year: Year) -> Option<Self> {
        match mark {
            '.' => Self::only_valid(&[(second, first)], year),
            _ => Self::only_valid(&[(second, first), (first, second)], year),
        }
    }

    /// The only one of these months and days that is a day.
    fn only_valid(readings: &[(&str, &str)], year: Year) -> Option<Self> {
        let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
        let mut valid: Vec<(i8, i8)> = readings
            .iter()
            .filter_map(|(month, day)| Some((number(month)?, number(day)?)))
            .filter(|(month, day)| year.has(*month, *day))
            .collect();
        valid.dedup();
        only(valid.into_iter()).map(|(month, day)| Self { year, month, day })
    }

    /// The days that it can mean, as far as they can be told apart by what the
    /// question takes.
    fn readings(&self, today: Date, days: &Days) -> [Option<Date>; 2] {
        match self.year {
            Year::Full(year) => [self.of_year(year), None],
            Year::Short(year) => [self.of_year(1900 + year), self.of_year(2000 + year)],
            Year::Unsaid => {
                let start = days.first(today).map_or(today, |first| first.max(today));
                let next = self.next(start).filter(|day| days.have(*day, today));
                [next.or_else(|| self.last(today)), None]
            }
        }
    }

    fn of_year(&self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }

    fn next(&self, start: Date) -> Option<Date> {
        let years = start.year()..=start.year().saturating_add(YEARS_TO_SEARCH);
        years.filter_map(|year| self.of_year(year)).find(|day| *day >= start)
    }

    fn last(&self, today: Date) -> Option<Date> {
        let years = today.year().saturating_sub(YEARS_TO_SEARCH)..=today.year();
        years.rev().filter_map(|year| self.of_year(year)).find(|day| *day < today)
    }
}

impl Year {
    /// Four digits, or two.
    fn of(text: &str) -> Option<Self> {
        let number = text.parse().ok().filter(|_| is_number(text))?;
        match text.len() {
            4 if number >= 1000 => Some(Self::Full(number)),
            2 => Some(Self::Short(number)),
            _ => None,
        }
    }

    /// Whether it has this day, or may have it.
    fn has(self, month: i8, day: i8) -> bool {
        let is_day = |year: i16| Date::new(year, month, day).is_ok();
        match self {
            Self::Full(year) => is_day(year),
            Self::Short(year) => is_day(1900 + year) || is_day(2000 + year),
            Self::Unsaid => is_day(LEAP_YEAR),
        }
    }
}

impl Part<'_> {
    /// What parts it from the one before: a dot, a slash, a hyphen, or nothing but space.
    fn mark(&self) -> Option<char> {
        match self.gap.trim() {
            "" => Some(' '),
            "." => Some('.'),
            "/" => Some('/'),
            "-" => Some('-'),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
