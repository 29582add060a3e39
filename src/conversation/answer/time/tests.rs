//! What is understood as a time of day.

use jiff::civil::Time;
use proptest::prelude::*;

use super::super::plain::plain;
use super::{Times, next, on_24_hours, previous, read, stored};

fn times(from: &str, until: &str) -> Times {
    Times { from: on_24_hours(from).unwrap(), until: on_24_hours(until).unwrap() }
}

#[track_caller]
fn check(times: &Times, cases: &[(&str, Option<&str>)]) {
    let readings = cases
        .iter()
        .map(|(text, expected)| (text, read(&plain(text), times).map(stored), expected));
    let wrong: Vec<_> =
        readings.filter(|(_, reading, expected)| reading.as_deref() != **expected).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
            ("230pm", Some("14:30")),
            ("1130 PM", Some("23:30")),
            ("14 30", Some("14:30")),
            ("20h", Some("20:00")),
            ("20hs", Some("20:00")),
            ("we'll be there at 8pm", Some("20:00")),
            ("See you at 8pm!", Some("20:00")),
            ("20 h 30", Some("20:30")),
            ("20 Uhr", Some("20:00")),
            ("20:30 Uhr", Some("20:30")),
            ("20 Uhr 30", Some("20:30")),
            ("um 20 Uhr", Some("20:00")),
            ("8 a m", Some("08:00")),
            ("8 p.m", Some("20:00")),
            ("8p.m.", Some("20:00")),
            ("8 P.M.", Some("20:00")),
            ("8 o'clock pm", Some("20:00")),
            ("8 o'clock in the evening", Some("20:00")),
            ("8 o’clock tonight", Some("20:00")),
        ],
    );
}

#[test]
fn parts_of_the_day_and_words_beside_a_time() {
    check(
        &Times::ALL,
        &[
            ("8 tonight", Some("20:00")),
            ("tonight at 8", Some("20:00")),
            ("8 this evening", Some("20:00")),
            ("at 8 in the evening", Some("20:00")),
            ("8:30 in the evening", Some("20:30")),
            ("8pm tonight", Some("20:00")),
            ("8pm in the evening", Some("20:00")),
            ("20:00 in the evening", Some("20:00")),
            ("20:00 tonight", Some("20:00")),
            ("10 at night", Some("22:00")),
            ("12 at night", Some("00:00")),
            ("2 at night", Some("02:00")),
            ("12 in the afternoon", Some("12:00")),
            ("9 this morning", Some("09:00")),
            ("morning at 9", Some("09:00")),
            ("about 8pm", Some("20:00")),
            ("around 8 pm", Some("20:00")),
            ("at around 8pm", Some("20:00")),
            ("at about 20:00", Some("20:00")),
            ("approx. 8pm", Some("20:00")),
            ("ca. 20:00", Some("20:00")),
            ("~20:00", Some("20:00")),
            ("8pm-ish", Some("20:00")),
            ("8pm ish", Some("20:00")),
            ("20:00ish", Some("20:00")),
            ("exactly 8pm", Some("20:00")),
            ("8pm sharp", Some("20:00")),
            ("8pm on the dot", Some("20:00")),
            ("for 8pm", Some("20:00")),
            ("@ 8pm", Some("20:00")),
            ("it's 8pm", Some("20:00")),
            ("let's say 8pm", Some("20:00")),
            ("make it 8pm", Some("20:00")),
            ("8pm works", Some("20:00")),
            ("8pm is fine", Some("20:00")),
            ("8pm would be great!", Some("20:00")),
            ("eight pm", Some("20:00")),
            ("seven thirty pm", Some("19:30")),
            ("seven-thirty pm", Some("19:30")),
            ("seven oh five pm", Some("19:05")),
            ("seven forty-five pm", Some("19:45")),
            ("seven forty five in the evening", Some("19:45")),
            ("eight o'clock in the evening", Some("20:00")),
            ("nineteen thirty", Some("19:30")),
            ("twenty", Some("20:00")),
            ("twenty thirty", Some("20:30")),
            ("twenty one fifteen", Some("21:15")),
            ("half past seven pm", Some("19:30")),
            ("half past 7 in the evening", Some("19:30")),
            ("quarter to 8 pm", Some("19:45")),
            ("a quarter to eight in the evening", Some("19:45")),
            ("quarter past 8pm", Some("20:15")),
            ("quarter after 8 pm", Some("20:15")),
            ("quarter till 8 pm", Some("19:45")),
            ("ten past 8 pm", Some("20:10")),
            ("10 past eight pm", Some("20:10")),
            ("twenty past 8 pm", Some("20:20")),
            ("10 minutes past 8 pm", Some("20:10")),
            ("10 minutes to 8 pm", Some("19:50")),
            ("twenty to eight pm", Some("19:40")),
            ("twenty-five to 8 pm", Some("19:35")),
            ("25 to 8 pm", Some("19:35")),
            ("quarter to 12 at night", Some("23:45")),
            ("quarter to 12 pm", Some("11:45")),
            ("half past 20", Some("20:30")),
            ("around noon", Some("12:00")),
            ("at noon", Some("12:00")),
            ("noonish", Some("12:00")),
            ("at midnight", Some("00:00")),
            ("12 midnight", Some("00:00")),
            ("٢٠:٣٠", Some("20:30")),
            ("20：30", Some("20:30")),
            ("2000", Some("20:00")),
            ("2000hrs", Some("20:00")),
            ("20.00", Some("20:00")),
            ("20.30 hrs", Some("20:30")),
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
            ("14:30 am", None),
            ("0:30 pm", None),
            ("24 pm", None),
            ("2h30 pm h", None),
            ("2 pm o'clock", None),
            ("2 xm", None),
            ("-2", None),
            ("2-3 pm", None),
            ("2 or 3 pm", None),
            ("tomorrow at 14:30", None),
            ("14:30 tomorrow", None),
            ("in the morning", None),
            ("12 in the morning", None),
            ("14:é0", None),
            ("24:30", None),
            ("8:75", None),
            ("25:00", None),
            ("8:5", None),
            ("8:", None),
            (":30", None),
            ("8:30:15", None),
            ("8;30", None),
            ("8-30", None),
            ("060", None),
            ("007", None),
            ("12345", None),
            ("zero", None),
            ("half seven", None),
            ("half 7", None),
            ("half eight pm", None),
            ("halb acht", None),
            ("half past", None),
            ("quarter of 8 pm", None),
            ("ten to eight pm", None),
            ("5 to 8 pm", None),
            ("20 to 8 pm", None),
            ("7 to 8 pm", None),
            ("10 after 8 pm", None),
            ("quarter past 8:30 pm", None),
            ("half past 7 to 8 pm", None),
        ],
    );
}

#[test]
fn what_is_more_than_a_time() {
    check(
        &Times::ALL,
        &[
            ("7 or 8 pm", None),
            ("7pm or 8pm", None),
            ("7/8 pm", None),
            ("7, 8 pm", None),
            ("7 8 pm", None),
            ("7 and 8 pm", None),
            ("7-8", None),
            ("7pm-8pm", None),
            ("7pm to 8pm", None),
            ("7 pm till 8 pm", None),
            ("19:00-20:00", None),
            ("19:00 20:00", None),
            ("19:00 or 20:00", None),
            ("19:00, no, 20:00", None),
            ("between 7 and 8 pm", None),
            ("from 7pm", None),
            ("after 7pm", None),
            ("after 19:00", None),
            ("before 8pm", None),
            ("by 8pm", None),
            ("until 20:00", None),
            ("till 8pm", None),
            ("past 8pm", None),
            ("not 8pm", None),
            ("not before 8pm", None),
            ("8pm not 9pm", None),
            ("8pm at the latest", None),
            ("8pm at the earliest", None),
            ("8pm or later", None),
            ("8pm or so", None),
            ("8pm onwards", None),
            ("8pm+", None),
            (">8pm", None),
            ("8pm?", None),
            ("20:00?", None),
            ("maybe 8pm", None),
            ("8pm maybe", None),
            ("8pm I think", None),
            ("probably 8pm", None),
            ("8pm if possible", None),
            ("8pm but not later", None),
            ("8pm tomorrow", None),
            ("tomorrow 8pm", None),
            ("8pm on Friday", None),
            ("Friday 8pm", None),
            ("24 Dec 8pm", None),
            ("today at 8pm", None),
            ("8pm EST", None),
            ("8pm CET", None),
            ("20:00 UTC", None),
            ("20:00Z", None),
            ("8pm for 4", None),
            ("4 people 8pm", None),
            ("8pm 4 people", None),
            ("8am in the evening", None),
            ("8pm in the morning", None),
            ("20:00 in the morning", None),
            ("12 in the evening", None),
            ("3 in the evening", None),
            ("9 in the afternoon", None),
            ("5 at night", None),
            ("2 tonight", None),
            ("evening", None),
            ("tonight", None),
            ("any time", None),
            ("anytime after 8pm", None),
            ("now", None),
            ("asap", None),
            ("in an hour", None),
            ("in 20 minutes", None),
            ("20 minutes", None),
            ("lunchtime", None),
            ("dinner time", None),
            ("early", None),
            ("late", None),
            ("seven pm or eight pm", None),
            ("seven eight pm", None),
            ("ten eleven pm", None),
            ("twenty five", None),
            ("thirty", None),
            ("hundred", None),
            ("sevenn pm", None),
            ("19 uhr oder 20 uhr", None),
            ("8pm\n9pm", None),
            ("no", None),
            ("8 pm 9 pm", None),
            ("8pp", None),
            ("8 pmm", None),
            ("800pm-900pm", None),
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
    check(
        &times("17:00", "22:00"),
        &[
            ("7", Some("19:00")),
            ("7ish", Some("19:00")),
            ("7 ish", Some("19:00")),
            ("7-ish", Some("19:00")),
            ("around 7", Some("19:00")),
            ("about 7:30", Some("19:30")),
            ("seven", Some("19:00")),
            ("Seven thirty", Some("19:30")),
            ("seven fifteen", Some("19:15")),
            ("half past seven", Some("19:30")),
            ("half past 7", Some("19:30")),
            ("half-past seven", Some("19:30")),
            ("quarter to 8", Some("19:45")),
            ("quarter past 8", Some("20:15")),
            ("ten past 8", Some("20:10")),
            ("930", Some("21:30")),
            ("7.30", Some("19:30")),
            ("7 30", Some("19:30")),
            ("7 o'clock", Some("19:00")),
            ("7 oclock", Some("19:00")),
            ("7 o clock", Some("19:00")),
            ("7 Uhr", Some("19:00")),
            ("7 Uhr 30", Some("19:30")),
            ("for 7", Some("19:00")),
            ("7 sharp", Some("19:00")),
            ("7 works for us", Some("19:00")),
            ("quarter to 5", None),
            ("quarter to 11", None),
            ("half seven", None),
            ("7h", None),
            ("07:00", None),
            ("7?", None),
            ("7 or 8", None),
            ("7-8", None),
            ("between 7 and 8", None),
            ("after 7", None),
            ("before 8", None),
            ("by 8", None),
            ("not 8", None),
            ("7 15", None),
            ("7 8", None),
            ("8 or so", None),
            ("ten to eight", None),
            ("7 people", None),
            ("noon", None),
        ],
    );
}

#[test]
fn a_stretch_over_midnight() {
    check(
        &times("18:00", "2:00"),
        &[
            ("18:00", Some("18:00")),
            ("2:00 am", Some("02:00")),
            ("02:00", Some("02:00")),
            ("8", Some("20:00")),
            ("1", Some("01:00")),
            ("12", Some("00:00")),
            ("half past 12", Some("00:30")),
            ("midnight", Some("00:00")),
            ("23:59", Some("23:59")),
            ("00:00", Some("00:00")),
            ("2:01 am", None),
            ("17:59", None),
            ("noon", None),
            ("3", None),
            ("24:00", None),
        ],
    );
    check(&times("22:00", "10:00"), &[("10", None), ("9", Some("09:00")), ("11", Some("23:00"))]);
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
            prop_assert!(times.contains(time));
        }
    }
}
