//! `type: time`, with `min`, `max`, `after` and `before`.
//!
//! **Accepted** is a time of day, to the minute, as people write it:
//!
//! | written | read as |
//! | --- | --- |
//! | `14:30`, `14.30`, `14h30`, `14`, `14h`, `1430`, `14 30`, `14:30 Uhr` | 14:30, 14:00 |
//! | `2:30 pm`, `2.30PM`, `230pm`, `2pm`, `2 p.m.`, `12 am` | 14:30, 14:00, 00:00 |
//! | `9 in the morning`, `2 in the afternoon`, `7 in the evening`, `8 tonight`, `10 at night` | 09:00, 14:00, 19:00, 20:00, 22:00 |
//! | `09:30`, `9h30`, `9:30 h`, `0930`, `0:15` | on the clock of 24 hours: 09:30, 00:15 |
//! | `9:30`, `930`, `9`, `nine`, `9 o'clock`, `at 9`, `10:30`, `12`, `9 Uhr` | of the morning or the evening? |
//! | `half past nine`, `quarter to 10`, `ten past 9`, `nine thirty` | likewise |
//! | `noon`, `midday`, `midnight` | 12:00, 00:00 |
//!
//! An hour from 1 to 12 that no `am`, `pm`, `h` or zero before it marks has two
//! readings, twelve hours apart. It is understood if the question takes only one of them
//! (`min: 9:00` and `max: 16:30` leave `9:30` and `2:30` one each), and asked
//! again if it takes both.
//!
//! `about`, `around` and `ish` leave a time as it is. Whatever else stands there
//! makes it unclear: `half nine` (9:30 in London, 8:30 in Berlin), `ten to nine`
//! (or from ten to nine?), `after 9`, `by 9`, `not 9`, `9?`, two times, seconds,
//! `24:00`, `14:30 am`, `12 in the evening`, a day beside the time, a time zone.
//!
//! The payload of a button is on the clock of 24 hours: `9:30`, `14:30`.
//!
//! **Stored** as `14:30`, with two digits for the hour, so that texts compare as
//! times do: `is: TIME < "09:00"`.
//!
//! `min` and `max` are the first and the last time, `after` and `before` the
//! minutes next to them, which are not taken themselves; all four on the clock
//! of 24 hours, `9:00` or `09:00`. Where the first is later than the last, the
//! stretch goes over midnight: `min: 18:00` and `max: 2:00` are a night.

mod clock;

use jiff::ToSpan;
use jiff::civil::Time;

/// The times from one time to another, both included. They span midnight where
/// the first is later than the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The first.
    pub(in crate::conversation) from: Time,
    /// The last.
    pub(in crate::conversation) until: Time,
}

impl Times {
    /// All times.
    pub(in crate::conversation) const ALL: Self =
        Self { from: Time::constant(0, 0, 0, 0), until: LAST };

    fn contains(&self, time: Time) -> bool {
        if self.from <= self.until {
            (self.from..=self.until).contains(&time)
        } else {
            self.from <= time || time <= self.until
        }
    }
}

/// The last minute of a day.
const LAST: Time = Time::constant(23, 59, 0, 0);

/// Reads a text in plain signs as a time.
pub(super) fn read(text: &str, times: &Times) -> Option<Time> {
    let taken = |time: Option<Time>| time.filter(|time| times.contains(*time));
    match clock::readings(text)?.map(taken) {
        [Some(time), None] | [None, Some(time)] => Some(time),
        _ => None,
    }
}

/// Parses a time as it is stored and as flows write it: `09:30`, `9:30`.
pub(in crate::conversation) fn on_24_hours(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !(is_time && is_number(hour) && is_number(minute)) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// Reads a time in its stored form, from a button's payload.
pub(super) fn payload(text: &str, times: &Times) -> Option<Time> {
    on_24_hours(text).filter(|time| times.contains(*time))
}

/// Reads a text as a time that does not depend on what a question takes.
pub(in crate::conversation) fn plain(text: &str) -> Option<Time> {
    read(text, &Times::ALL)
}

/// Returns a time as it is stored: `09:30`.
pub(in crate::conversation) fn stored(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Returns the minute after a time, if it belongs to the same day.
pub(in crate::conversation) fn next(time: Time) -> Option<Time> {
    time.checked_add(1.minute()).ok()
}

/// Returns the minute before a time, if it belongs to the same day.
pub(in crate::conversation) fn previous(time: Time) -> Option<Time> {
    time.checked_sub(1.minute()).ok()
}

#[cfg(test)]
mod tests;
