//! A span of hours that comes every day, such as the night.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// The hours from one time of day to another, the first included and the last
/// not. They may span midnight. The two times differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Daytime {
    pub(super) from: Time,
    pub(super) until: Time,
}

/// Reads a time of day on a clock of 24 hours, such as `8:00` and `21:30`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !is_time || !is_digits(hour) || !is_digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

impl Daytime {
    /// Returns this moment, or the end of the span if the moment lies in it.
    pub(super) fn after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = at.to_zoned(zone.clone()).datetime();
        let time = local.time();
        let (is_inside, is_next_day) = if self.from < self.until {
            (self.from <= time && time < self.until, false)
        } else {
            (self.from <= time || time < self.until, self.from <= time)
        };
        if !is_inside {
            return at;
        }
        let day = if is_next_day { local.date().saturating_add(1.days()) } else { local.date() };
        let end = zone.to_timestamp(day.to_datetime(self.until)).unwrap_or(at);
        // Where clocks are set back, the end of the span may come twice.
        if end < at { at.saturating_add(SignedDuration::from_hours(1)).unwrap_or(at) } else { end }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn a_time_of_day_has_a_colon_and_two_digits() {
        for (text, expected) in [
            ("8:00", Some((8, 0))),
            ("08:05", Some((8, 5))),
            ("23:59", Some((23, 59))),
            ("0:00", Some((0, 0))),
            ("24:00", None),
            ("8", None),
            ("8:0", None),
            ("8:60", None),
            ("+8:00", None),
            (" 8:00", None),
            ("8:00 pm", None),
        ] {
            let expected = expected.map(|(hour, minute)| time(hour, minute, 0, 0));
            assert_eq!(time_of_day(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_moment_inside_moves_to_the_end() {
        let night = Daytime { from: time(21, 0, 0, 0), until: time(8, 0, 0, 0) };
        let noon = Daytime { from: time(12, 0, 0, 0), until: time(13, 30, 0, 0) };
        for (span, zone, at, expected) in [
            (night, "UTC", "2026-01-05T20:59:59Z", "2026-01-05T20:59:59Z"),
            (night, "UTC", "2026-01-05T21:00:00Z", "2026-01-06T08:00:00Z"),
            (night, "UTC", "2026-01-05T23:59:00Z", "2026-01-06T08:00:00Z"),
            (night, "UTC", "2026-01-06T00:00:00Z", "2026-01-06T08:00:00Z"),
            (night, "UTC", "2026-01-06T07:59:59Z", "2026-01-06T08:00:00Z"),
            (night, "UTC", "2026-01-06T08:00:00Z", "2026-01-06T08:00:00Z"),
            (night, "Europe/Vienna", "2026-01-05T20:30:00Z", "2026-01-06T07:00:00Z"),
            (night, "America/New_York", "2026-01-06T02:00:00Z", "2026-01-06T13:00:00Z"),
            // The clocks are set forward and back in this night.
            (night, "Europe/Vienna", "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z"),
            (night, "Europe/Vienna", "2026-10-24T22:00:00Z", "2026-10-25T07:00:00Z"),
            (noon, "UTC", "2026-01-05T12:15:00Z", "2026-01-05T13:30:00Z"),
            (noon, "UTC", "2026-01-05T11:59:59Z", "2026-01-05T11:59:59Z"),
            (noon, "UTC", "2026-01-05T13:30:00Z", "2026-01-05T13:30:00Z"),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let (at, expected): (Timestamp, Timestamp) =
                (at.parse().unwrap(), expected.parse().unwrap());
            assert_eq!(span.after(at, &zone), expected, "{span:?} {at}");
        }
    }
}
