//! What is understood as a day, and on which day that is.

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use super::super::days::{Day, Days};
use super::read;
use crate::conversation::calendar;

/// A Monday.
const TODAY: Date = Date::constant(2026, 1, 5);

const ANY: Days = Days { from: None, until: None };

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The days from one to another; an empty text: no end.
fn days(from: &str, until: &str) -> Days {
    let day = |text: &str| {
        (!text.is_empty()).then(|| Day::parse(text).unwrap_or_else(|| panic!("{text:?}")))
    };
    Days { from: day(from), until: day(until) }
}

#[track_caller]
fn check(today: Date, days: &Days, cases: &[(&str, Option<&str>)]) {
    for (text, expected) in cases {
        assert_eq!(read(text, today, days), expected.map(date), "{text:?}");
    }
}

#[test]
fn whole_dates() {
    check(
        TODAY,
        &ANY,
        &[
            ("2026-12-24", Some("2026-12-24")),
            ("2026/12/24", Some("2026-12-24")),
            ("2026.12.24.", Some("2026-12-24")),
            ("2026-1-5", Some("2026-01-05")),
            ("2026-13-24", None),
            ("2026-24-12", None),
            ("2026-02-29", None),
            ("2028-02-29", Some("2028-02-29")),
            // With dots the day stands first.
            ("24.12.2026", Some("2026-12-24")),
            ("24. 12. 2026", Some("2026-12-24")),
            ("3.4.2026", Some("2026-04-03")),
            ("03.04.2026.", Some("2026-04-03")),
            ("12.24.2026", None),
            // Else whichever can be the month is the month.
            ("24/12/2026", Some("2026-12-24")),
            ("12/24/2026", Some("2026-12-24")),
            ("24-12-2026", Some("2026-12-24")),
            ("24 12 2026", Some("2026-12-24")),
            ("5/5/2026", Some("2026-05-05")),
            ("29/02/2028", Some("2028-02-29")),
            ("3/4/2026", None),
            ("03-04-2026", None),
            ("13/13/2026", None),
            ("31/04/2026", None),
            // By the month's name.
            ("24 December 2026", Some("2026-12-24")),
            ("24 Dec 2026", Some("2026-12-24")),
            ("24 dec. 2026", Some("2026-12-24")),
            ("24-Dec-2026", Some("2026-12-24")),
            ("24dec2026", Some("2026-12-24")),
            ("December 24, 2026", Some("2026-12-24")),
            ("DEC 24 2026!", Some("2026-12-24")),
            ("24th of December 2026", Some("2026-12-24")),
            ("the 24th of December, 2026", Some("2026-12-24")),
            ("Sept 1st, 2026", Some("2026-09-01")),
            ("2026 Dec 24", Some("2026-12-24")),
            ("May 3rd 2026", Some("2026-05-03")),
            ("31 April 2026", None),
            // With the weekday, if it is right.
            ("Thursday, 24 December 2026", Some("2026-12-24")),
            ("Thu 24.12.2026", Some("2026-12-24")),
            ("24 Dec 2026 (thu)", None),
            ("24 Dec 2026, Thu", Some("2026-12-24")),
            ("Friday, 24 December 2026", None),
        ],
    );
}

#[test]
fn what_is_no_day() {
    check(
        TODAY,
        &ANY,
        &[
            ("", None),
            (".", None),
            ("24", None),
            ("24th", None),
            ("the 24th", None),
            ("December", None),
            ("Dec 2026", None),
            ("2026", None),
            ("20261224", None),
            ("24122026", None),
            ("24 12", None),
            ("24 Dec 026", None),
            ("24 Dec 0026", None),
            ("24 Dec 12026", None),
            ("124 Dec 2026", None),
            ("24.12/2026", None),
            ("24..12.2026", None),
            ("24:12:2026", None),
            ("2026-12-24T10:00", None),
            ("24 Dec at 10:00", None),
            ("24 Dec 2026 10", None),
            ("24 Dec or 25 Dec", None),
            ("24-26 Dec", None),
            ("Dec Dec", None),
            ("32 Dec", None),
            ("0 Dec", None),
            ("next Friday", None),
            ("last Friday", None),
            ("Friday or Monday", None),
            ("Monday Monday", None),
            ("next week", None),
            ("in 0 days", None),
            ("in 1000 days", None),
            ("in 3 moons", None),
            ("in 3", None),
            ("in 3 days or so", None),
            ("soon", None),
            ("①.②.2026", None),
            ("24 décembre 2026", None),
        ],
    );
}

#[test]
fn days_near_today() {
    check(
        TODAY,
        &ANY,
        &[
            ("today", Some("2026-01-05")),
            ("Today!", Some("2026-01-05")),
            ("tomorrow", Some("2026-01-06")),
            ("the day after tomorrow", Some("2026-01-07")),
            ("yesterday", Some("2026-01-04")),
            ("day before yesterday", Some("2026-01-03")),
            ("in 3 days", Some("2026-01-08")),
            ("in one day", Some("2026-01-06")),
            ("in a week", Some("2026-01-12")),
            ("in 2 weeks", Some("2026-01-19")),
            ("Tuesday", Some("2026-01-06")),
            ("on Wednesday", Some("2026-01-07")),
            ("this thu", Some("2026-01-08")),
            ("SUN.", Some("2026-01-11")),
            // Today is one: this, or that in a week?
            ("Monday", None),
        ],
    );
    check(TODAY, &days("tomorrow", ""), &[("Monday", Some("2026-01-12")), ("today", None)]);
    check(TODAY, &days("today", "tomorrow"), &[("Monday", Some("2026-01-05")), ("Wed", None)]);
    check(
        TODAY,
        &days("", "yesterday"),
        &[("Monday", Some("2025-12-29")), ("Sunday", Some("2026-01-04")), ("tomorrow", None)],
    );
    check(TODAY, &days("2026-02-01", ""), &[("Friday", None)]);
}

#[test]
fn without_a_year() {
    check(
        TODAY,
        &ANY,
        &[
            ("24 December", Some("2026-12-24")),
            ("Dec 24", Some("2026-12-24")),
            ("24th of Dec", Some("2026-12-24")),
            ("24.12.", Some("2026-12-24")),
            ("24.12", Some("2026-12-24")),
            ("24/12", Some("2026-12-24")),
            ("12/24", Some("2026-12-24")),
            ("3/4", None),
            ("9.30", None),
            ("5 January", Some("2026-01-05")),
            ("4 January", Some("2027-01-04")),
            ("29 February", Some("2028-02-29")),
            ("30 February", None),
            ("Thu 24 Dec", Some("2026-12-24")),
            ("Fri 24 Dec", None),
        ],
    );
    // What is to come is meant, unless the question takes only what has been.
    check(
        TODAY,
        &days("", "yesterday"),
        &[
            ("24 December", Some("2025-12-24")),
            ("5 January", Some("2025-01-05")),
            ("4 January", Some("2026-01-04")),
            ("29 February", Some("2024-02-29")),
        ],
    );
    check(TODAY, &days("", "today - 18 years"), &[("24 December", None)]);
    check(
        TODAY,
        &days("today", "today + 60 days"),
        &[("24 December", None), ("1 Feb", Some("2026-02-01"))],
    );
    check(TODAY, &days("2027-06-01", ""), &[("24 December", Some("2027-12-24"))]);
    check(TODAY, &days("2027-06-01", "2027-09-01"), &[("24 December", None)]);
}

#[test]
fn years_of_two_digits() {
    // Of which century?
    check(TODAY, &ANY, &[("24.12.26", None), ("24 Dec '26", None)]);
    check(
        TODAY,
        &days("today", ""),
        &[
            ("24.12.26", Some("2026-12-24")),
            ("24/12/26", Some("2026-12-24")),
            ("Dec 24, '26", Some("2026-12-24")),
            ("24 Dec 26", Some("2026-12-24")),
            ("24.12.25", None),
            ("3/4/26", None),
            ("29.2.28", Some("2028-02-29")),
        ],
    );
    check(
        TODAY,
        &days("", "yesterday"),
        &[
            ("24.12.85", Some("1985-12-24")),
            ("12/24/85", Some("1985-12-24")),
            ("24.12.26", Some("1926-12-24")),
            ("24.12.20", None),
            ("29.2.00", Some("2000-02-29")),
        ],
    );
}

#[test]
fn what_the_question_does_not_take() {
    let year = days("2026-02-01", "2026-12-31");
    check(
        TODAY,
        &year,
        &[
            ("2026-01-31", None),
            ("2026-02-01", Some("2026-02-01")),
            ("2026-12-31", Some("2026-12-31")),
            ("2027-01-01", None),
            ("tomorrow", None),
            // The question's days do not tell which number is the month.
            ("1/3/2026", None),
        ],
    );
}

proptest! {
    #[test]
    fn days_are_understood_in_each_way_they_are_written(
        days_ahead in -40_000..40_000_i32, form in 0..8_usize,
    ) {
        let day = TODAY.saturating_add(days_ahead.days());
        let text = match form {
            0 => day.to_string(),
            1 => calendar::show(day),
            2 => day.strftime("%d.%m.%Y").to_string(),
            3 => day.strftime("%B %-d, %Y").to_string(),
            4 => day.strftime("%a, %d %b %Y").to_string(),
            5 => day.strftime("%Y/%m/%d").to_string(),
            6 => day.strftime("the %-dth of %B %Y").to_string().to_uppercase(),
            _ => day.strftime("%A %-d-%b-%Y").to_string(),
        };
        prop_assert_eq!(read(&text, TODAY, &ANY), Some(day), "{}", text);
    }

    #[test]
    fn any_text_on_any_day_is_a_day_that_is_taken_or_none(
        text in r"[0-9./ -]{0,12}|[a-z0-9 .,]{0,16}|(in )?[0-9]{1,3} (days|weeks|dec|feb)",
        today in -400_000..2_900_000_i32,
    ) {
        let today = Date::constant(2000, 1, 1).saturating_add(today.days());
        let days = days("today - 1 year", "tomorrow + 2 months");
        for (days, is_bounded) in [(&ANY, false), (&days, true)] {
            if let Some(day) = read(&text, today, days) {
                prop_assert!(!is_bounded || days.have(day, today));
            }
        }
    }
}
