//! `type: date`, with `min`, `max`, `after` and `before`.
//!
//! **Accepted** is a day as people write it, capitals aside. `today` is by the
//! message's time in the flow's `timezone`.
//!
//! | written | read as |
//! | --- | --- |
//! | `2026-12-24`, `2026/12/24` | year, month, day |
//! | `24.12.2026`, `24.12.26`, `24.12.` | with dots the day stands first |
//! | `24/12/2026`, `12/24/2026`, `24-12-2026` | whichever of the two can be the month is the month; `3/4/2026` can be two days and is asked again |
//! | `24 December 2026`, `24 Dec`, `Dec 24th, 2026`, `the 24th of December` | by the month's name, also its first three letters |
//! | `the 24th`, `on the 24th` | of this month or of the next |
//! | `Thursday`, `on Thursday`, `this Thu` | the next such day |
//! | `Thu, 24 Dec 2026`, `Thursday the 24th` | only if that day is a Thursday |
//! | `today`, `tonight`, `tomorrow`, `tmrw`, `yesterday`, `day after tomorrow` | |
//! | `in 3 days`, `in a week`, `in two weeks`, `a week from today`, `two days ago` | |
//!
//! A part of the day may stand beside it (`tomorrow evening`), and so may what
//! introduces or agrees to it (`it's`, `works for me`).
//!
//! Missing parts are filled in as follows:
//!
//! - **No year**: the next such day from today on that the question takes. If
//!   the question takes no such day in the coming year, the last one of the
//!   past year counts. So `24 Dec` lies ahead for an appointment, and in the
//!   past with `before: today`.
//! - **No month**: likewise. On that same day of a month, today or the day a
//!   month ahead may be meant. The one that the question takes counts; if it
//!   takes both, it is asked again.
//! - **A year of two digits**, which always stands last: the year that makes
//!   the day nearest to today. If the question does not take that day, it is
//!   asked again, and no other century is tried.
//! - **A weekday on that same weekday** may mean today or a week from today.
//!   The one that the question takes counts; if it takes both, it is asked
//!   again. If it takes neither, the weekday of the past week counts.
//!   `this Monday`, said on a Thursday, may also lie in the past or ahead.
//!
//! Nothing else is guessed: not `next Friday` (of which week?), `the 24`, a
//! month without a day, a time of the clock beside the day, two days, `not
//! Friday`, `after Friday`, `Friday?`.
//!
//! **Stored** as `2026-12-24`, so that texts compare as days do:
//! `is: DAY < "2026-12-31"`. The filter `date` shows it as `24 December 2026`.
//!
//! `min` and `max` are the first and the last day, `after` and `before` the days
//! next to them, which are not taken themselves. Each is a day such as
//! `2026-12-31`, or `today`, `tomorrow` or `yesterday`, to which `+ 60 days`
//! or `- 18 years` may be added (`day`, `week`, `month`, `year`).

mod parts;
mod words;
mod written;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use self::parts::{parts, take_weekday};
use self::written::{Written, only};
use super::days::Days;
use super::phrases;

/// Reads a text in plain signs as a day.
pub(super) fn read(text: &str, today: Date, days: &Days) -> Option<Date> {
    let text = phrases::spaced(text);
    let text = text.trim_matches(|c: char| c.is_whitespace() || ".,!;:\"'()[]*_".contains(c));
    let bare = words::bare(text);
    if let Some(near) = words::near(text).or_else(|| words::near(bare)) {
        let day = today.checked_add(near.days()).ok()?;
        return days.contains(day, today).then_some(day);
    }
    let mut parts = parts(bare)?;
    let weekday = take_weekday(&mut parts);
    if parts.is_empty() {
        let is_this = bare.split(' ').next() == Some("this");
        return by_weekday(weekday?, is_this, today, days);
    }
    let is_meant = |day: &Date| {
        weekday.is_none_or(|weekday| day.weekday() == weekday) && days.contains(*day, today)
    };
    only(Written::of(&parts)?.readings(today, days).into_iter().flatten().filter(is_meant))
}

/// Reads a text as a day that does not depend on today.
pub(in crate::conversation) fn whole(text: &str) -> Option<Date> {
    let on = |today| read(text, today, &Days::default());
    on(Date::constant(1999, 1, 1)).filter(|day| on(Date::constant(2099, 1, 1)) == Some(*day))
}

/// Returns the next such weekday. On that weekday, today counts as well, and
/// after `this` so does the day of the current week that has passed: of two
/// days, the question must take only one. If it takes neither, the weekday of
/// the past week counts.
fn by_weekday(weekday: Weekday, is_this: bool, today: Date, days: &Days) -> Option<Date> {
    let ahead = i32::from(today.weekday().until(weekday));
    let after = |number: i32| today.checked_add(number.days()).ok();
    let taken = |day: Option<Date>| day.filter(|day| days.contains(*day, today));
    let is_gone = weekday.to_monday_zero_offset() < today.weekday().to_monday_zero_offset();
    let next = taken(after(ahead));
    let other = match ahead {
        0 => taken(after(7)),
        _ if is_this && is_gone => taken(after(ahead - 7)),
        _ => None,
    };
    match (next, other) {
        (None, None) => taken(after(ahead - 7)),
        (next, other) => only(next.into_iter().chain(other)),
    }
}

#[cfg(test)]
mod tests;
