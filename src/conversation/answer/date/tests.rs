//! What is understood as a day, and on which day that is.

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use super::super::days::{Day, Days};
use super::super::plain::plain;
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
    let readings = cases.iter().map(|(text, expected)| {
        (text, read(&plain(text), today, days).map(|day| day.to_string()), expected)
    });
    let wrong: Vec<_> =
        readings.filter(|(_, reading, expected)| reading.as_deref() != **expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
            ("24 Dec 2026 (thu)", Some("2026-12-24")),
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
            ("the 24", None),
            ("24.", None),
            ("the 32nd", None),
            ("0th", None),
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
            ("10-15", None),
            ("24-12", None),
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
            ("in a few days", None),
            ("in a month", None),
            ("in 2 months", None),
            ("in 3 hours", None),
            ("in 3 days or 4", None),
            ("within 3 days", None),
            ("3 days", None),
            ("0 days ago", None),
            ("a week from Friday", None),
            ("a week on Friday", None),
            ("in three", None),
            ("in 3 moons", None),
            ("in 3", None),
            ("in 3 days or so", None),
            ("soon", None),
            ("asap", None),
        ],
    );
}

#[test]
fn what_leaves_a_day_open() {
    check(
        TODAY,
        &ANY,
        &[
            ("any day", None),
            ("any Friday", None),
            ("a Friday", None),
            ("Fridays", None),
            ("every Friday", None),
            ("Friday week", None),
            ("Friday next week", None),
            ("the Friday after next", None),
            ("this week", None),
            ("this weekend", None),
            ("weekend", None),
            ("end of the month", None),
            ("mid December", None),
            ("early December", None),
            ("next month", None),
            ("next year", None),
            ("the 24th of next month", None),
            ("not Friday", None),
            ("Friday not", None),
            ("except Friday", None),
            ("any day but Friday", None),
            ("after Friday", None),
            ("before Friday", None),
            ("by Friday", None),
            ("until Friday", None),
            ("from Friday", None),
            ("from Friday on", None),
            ("before the 24th", None),
            ("after the 24th", None),
            ("the 24th or later", None),
            ("24.12.2026 or later", None),
            ("24.12.2026+", None),
            (">24.12.2026", None),
            ("~24.12.2026", None),
            ("around 24 Dec", None),
            ("Friday?", None),
            ("24.12.2026?", None),
            ("tomorrow?", None),
            ("how about Friday", None),
            ("maybe Friday", None),
            ("Friday maybe", None),
            ("probably tomorrow", None),
            ("Friday I think", None),
            ("Friday if possible", None),
            ("Friday or Saturday", None),
            ("Friday/Saturday", None),
            ("Friday, Saturday", None),
            ("Friday and Saturday", None),
            ("Friday to Saturday", None),
            ("Fri-Sat", None),
            ("Friday night/Saturday morning", None),
            ("Friday, no, Saturday", None),
            ("Friday instead of Saturday", None),
            ("tomorrow or Friday", None),
            ("tomorrow, 24 Dec", None),
            ("today or tomorrow", None),
        ],
    );
}

#[test]
fn what_is_more_than_a_day() {
    check(
        TODAY,
        &ANY,
        &[
            ("24 or 25 Dec", None),
            ("24/25 Dec", None),
            ("24, 25 Dec", None),
            ("24 - 26 Dec", None),
            ("24 to 26 Dec", None),
            ("24.-26.12.", None),
            ("24.12.-26.12.", None),
            ("24.12. - 26.12.2026", None),
            ("from 3 to 5 May", None),
            ("between 3 and 5 May", None),
            ("3-5 May", None),
            ("3rd to 5th of May", None),
            ("the 3rd or the 4th", None),
            ("the 3rd/4th", None),
            ("the 24th 25th", None),
            ("24 Dec\n25 Dec", None),
            ("24 Dec\n25", None),
            ("Friday at 8", None),
            ("Friday 8pm", None),
            ("Friday 20:00", None),
            ("Friday 20", None),
            ("24 Dec 8pm", None),
            ("24 Dec for 4", None),
            ("tomorrow at 10", None),
            ("tomorrow 10am", None),
            ("tomorrow midnight", None),
            ("last night", None),
            ("morning", None),
            ("evening", None),
            ("in the evening", None),
            ("tomorow", None),
            ("tommorow", None),
            ("wendsday", None),
            ("freitag", None),
            ("morgen", None),
            ("mañana", None),
            ("2day", None),
            ("now", None),
            ("never", None),
            ("don't know", None),
            ("Friday the 13th of never", None),
            ("Christmas", None),
            ("31 Feb", None),
            ("29 Feb 2026", None),
            ("24 Dec 26 27", None),
            ("2026-12", None),
            ("12/2026", None),
            ("Q4 2026", None),
            ("-", None),
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
    // The year that makes the day nearest to today, and no other.
    check(
        TODAY,
        &ANY,
        &[
            ("24.12.26", Some("2026-12-24")),
            ("24 Dec '26", Some("2026-12-24")),
            ("24/12/26", Some("2026-12-24")),
            ("Dec 24, '26", Some("2026-12-24")),
            ("24 Dec 26", Some("2026-12-24")),
            ("24th Dec ’26", Some("2026-12-24")),
            ("Thu 24.12.26", Some("2026-12-24")),
            ("Fri 24.12.26", None),
            ("01.02.85", Some("1985-02-01")),
            ("13.04.26", Some("2026-04-13")),
            ("24.12.25", Some("2025-12-24")),
            ("31.12.75", Some("2075-12-31")),
            ("01.01.76", Some("2076-01-01")),
            ("06.01.76", Some("1976-01-06")),
            ("29.2.28", Some("2028-02-29")),
            ("29.2.00", Some("2000-02-29")),
            ("29.2.26", None),
            ("3/4/26", None),
        ],
    );
    check(
        TODAY,
        &days("today", ""),
        &[("24.12.26", Some("2026-12-24")), ("24.12.25", None), ("24.12.85", None)],
    );
    check(
        TODAY,
        &days("", "yesterday"),
        &[
            ("24.12.85", Some("1985-12-24")),
            ("12/24/85", Some("1985-12-24")),
            ("24.12.20", Some("2020-12-24")),
            ("29.2.00", Some("2000-02-29")),
            // Of a hundred years ago nobody speaks so.
            ("24.12.26", None),
            ("13.04.26", None),
            ("24.12.60", None),
        ],
    );
    check(date("2060-06-01"), &ANY, &[("24.12.85", Some("2085-12-24"))]);
    check(date("1999-06-01"), &ANY, &[("24.12.01", Some("2001-12-24"))]);
}

#[test]
fn without_a_month() {
    check(
        TODAY,
        &ANY,
        &[
            ("the 20th", Some("2026-01-20")),
            ("20th", Some("2026-01-20")),
            ("on the 20th", Some("2026-01-20")),
            ("The 6th", Some("2026-01-06")),
            ("the 4th", Some("2026-02-04")),
            ("the 1st", Some("2026-02-01")),
            ("the 31st", Some("2026-01-31")),
            ("the 31st in the evening", Some("2026-01-31")),
            ("Tuesday the 20th", Some("2026-01-20")),
            ("Tue 20th", Some("2026-01-20")),
            ("Tuesday, the 20th", Some("2026-01-20")),
            ("the 20th (Tue)", Some("2026-01-20")),
            // Today, or a month from today?
            ("the 5th", None),
            ("Monday the 5th", Some("2026-01-05")),
            ("Friday the 13th", None),
            ("Monday the 20th", None),
        ],
    );
    check(
        TODAY,
        &days("tomorrow", ""),
        &[("the 5th", Some("2026-02-05")), ("the 4th", Some("2026-02-04"))],
    );
    check(
        TODAY,
        &days("today", "today + 3 weeks"),
        &[("the 5th", Some("2026-01-05")), ("the 20th", Some("2026-01-20")), ("the 28th", None)],
    );
    check(
        TODAY,
        &days("", "yesterday"),
        &[
            ("the 4th", Some("2026-01-04")),
            ("the 5th", Some("2025-12-05")),
            ("31st", Some("2025-12-31")),
        ],
    );
    check(
        TODAY,
        &days("2026-06-10", ""),
        &[("the 5th", Some("2026-07-05")), ("the 12th", Some("2026-06-12"))],
    );
    check(date("2026-02-10"), &ANY, &[("the 30th", Some("2026-03-30")), ("the 10th", None)]);
    check(date("2026-03-31"), &days("tomorrow", ""), &[("the 31st", Some("2026-05-31"))]);
}

#[test]
fn words_that_leave_a_day_as_it_is() {
    check(
        TODAY,
        &ANY,
        &[
            ("for tomorrow", Some("2026-01-06")),
            ("It's tomorrow", Some("2026-01-06")),
            ("it’s on Friday", Some("2026-01-09")),
            ("it's the day after tomorrow", Some("2026-01-07")),
            ("tomorrow works", Some("2026-01-06")),
            ("tomorrow works for me", Some("2026-01-06")),
            ("Friday is fine", Some("2026-01-09")),
            ("Friday would be great!", Some("2026-01-09")),
            ("let's do Friday", Some("2026-01-09")),
            ("make it Friday", Some("2026-01-09")),
            ("I'd like Friday", Some("2026-01-09")),
            ("I can do Friday", Some("2026-01-09")),
            ("for Friday", Some("2026-01-09")),
            ("this coming Friday", Some("2026-01-09")),
            ("Friday evening", Some("2026-01-09")),
            ("Friday night", Some("2026-01-09")),
            ("on Friday in the afternoon", Some("2026-01-09")),
            ("Friday at noon", Some("2026-01-09")),
            ("Friday morning is good", Some("2026-01-09")),
            ("tomorrow evening", Some("2026-01-06")),
            ("tomorrow in the morning", Some("2026-01-06")),
            ("tomorrow at noon", Some("2026-01-06")),
            ("tonight", Some("2026-01-05")),
            ("this evening", Some("2026-01-05")),
            ("this afternoon", Some("2026-01-05")),
            ("today, in the evening", Some("2026-01-05")),
            ("the evening of the 24th", Some("2026-01-24")),
            ("24 Dec in the evening", Some("2026-12-24")),
            ("tmrw", Some("2026-01-06")),
            ("Tmr", Some("2026-01-06")),
            ("tmw morning", Some("2026-01-06")),
            ("2moro", Some("2026-01-06")),
            ("day after tmrw", Some("2026-01-07")),
            ("in two weeks", Some("2026-01-19")),
            ("in two weeks' time", Some("2026-01-19")),
            ("in 2 weeks time", Some("2026-01-19")),
            ("in a fortnight", Some("2026-01-19")),
            ("in ten days", Some("2026-01-15")),
            ("in twenty-one days", Some("2026-01-26")),
            ("a week from today", Some("2026-01-12")),
            ("a week from now", Some("2026-01-12")),
            ("3 days from now", Some("2026-01-08")),
            ("three days from today", Some("2026-01-08")),
            ("two days ago", Some("2026-01-03")),
            ("a week ago", Some("2025-12-29")),
            ("I was born on 24 December 1985", Some("1985-12-24")),
            ("born 24.12.1985", Some("1985-12-24")),
            ("my birthday is Dec 24, 1985", Some("1985-12-24")),
            ("my date of birth is 24/12/1985", Some("1985-12-24")),
            ("DOB: 24.12.1985", Some("1985-12-24")),
            ("the date is 24 December", Some("2026-12-24")),
            ("Dec 24th", Some("2026-12-24")),
            ("December the 24th", Some("2026-12-24")),
            ("the 24th of December", Some("2026-12-24")),
            ("on the 24th of December", Some("2026-12-24")),
            ("Thursday, the 24th of December 2026", Some("2026-12-24")),
            ("24TH DECEMBER", Some("2026-12-24")),
            ("24th december 2026", Some("2026-12-24")),
            ("Dec. 24th, 2026", Some("2026-12-24")),
            ("٢٤/١٢/٢٠٢٦", Some("2026-12-24")),
            ("24–12–2026", Some("2026-12-24")),
            ("“24 Dec”", Some("2026-12-24")),
            ("(24 Dec)", Some("2026-12-24")),
            ("24 Dec 2026 evening", Some("2026-12-24")),
        ],
    );
    // `this` may be of a week that is half gone by.
    let thursday = date("2026-01-08");
    check(
        thursday,
        &ANY,
        &[
            ("this Friday", Some("2026-01-09")),
            ("this Monday", None),
            ("Monday", Some("2026-01-12")),
        ],
    );
    check(thursday, &days("today", ""), &[("this Monday", Some("2026-01-12"))]);
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
                prop_assert!(!is_bounded || days.contains(day, today));
            }
        }
    }
}
