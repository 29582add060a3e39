//! What is understood as an answer, by kind.

mod options;
mod yes_no;

use jiff::civil::Date;
use proptest::prelude::*;
use regex::Regex;

use super::{Day, Reading, on_24_hours, read};
use crate::conversation::flow::{Ask, Kind, Verb};
use crate::conversation::testing::{TEXT, ask, options, words};
use crate::conversation::{Country, Days, Times, Value};
use crate::message::{Location, Media, Message};

fn question(kind: Kind) -> Ask {
    match ask("Q", "?", kind).verb {
        Verb::Ask(ask) => Ask { optional: words(&["skip", "-"]), ..*ask },
        _ => unreachable!("`ask` makes questions"),
    }
}

fn message(body: &str) -> Message {
    Message::text("SM1", "+14155550100", "+14155550199", body).unwrap()
}

fn tapped(body: &str, button: &str) -> Message {
    Message { button: Some(button.to_owned()), ..message(body) }
}

fn with_media(body: &str, urls: &[&str]) -> Message {
    let media = |url: &&str| Media { url: (*url).to_owned(), content_type: "image/png".to_owned() };
    Message { media: urls.iter().map(media).collect(), ..message(body) }
}

fn valid(value: &str) -> Reading {
    Reading::Valid(Value::from(value))
}

/// Read on a Monday.
fn answer_to(question: &Ask, message: &Message) -> Reading {
    answer_in(&[], question, message)
}

/// The same in a flow of these languages.
fn answer_in(languages: &[&str], question: &Ask, message: &Message) -> Reading {
    let languages: Vec<String> = languages.iter().map(|&tag| tag.to_owned()).collect();
    read(question, message, &languages, &|| Date::constant(2026, 1, 5))
}

#[track_caller]
fn check(kind: Kind, cases: &[(&str, Reading)]) {
    let question = question(kind);
    for (body, reading) in cases {
        assert_eq!(&answer_to(&question, &message(body)), reading, "{body:?}");
    }
}

#[test]
fn texts() {
    check(
        Kind::Text { min: 2, max: 4 },
        &[
            ("Ann", valid("Ann")),
            ("\n Ann  ", valid("Ann")),
            ("A  n", valid("A  n")),
            ("Zoë!", valid("Zoë!")),
            ("👍👍👍👍", valid("👍👍👍👍")),
            ("👍👍👍👍👍", Reading::Invalid),
            ("A", Reading::Invalid),
            (" A ", Reading::Invalid),
            ("", Reading::Invalid),
            (" \n", Reading::Invalid),
            ("\u{200b}\u{2800}", Reading::Invalid),
            ("\u{200b}Ann\u{200b}", valid("Ann")),
            ("👨\u{200d}👩\u{200d}👧👍🏽", valid("👨\u{200d}👩\u{200d}👧👍🏽")),
            ("skip", Reading::Skipped),
            ("SKIP.", Reading::Skipped),
            ("-", Reading::Skipped),
        ],
    );
}

#[test]
fn patterns_are_for_the_whole_answer() {
    let mut question = question(TEXT);
    question.answer.pattern = Some(Regex::new(r"^(?:[A-Z]\d{3})$").unwrap());
    assert_eq!(answer_to(&question, &message(" A123 ")), valid("A123"));
    assert_eq!(answer_to(&question, &message("A1234")), Reading::Invalid);
    assert_eq!(answer_to(&question, &message("skip")), Reading::Skipped);
}

#[test]
fn numbers() {
    check(
        Kind::Integer { min: -2, max: 10 },
        &[
            (" 10. ", Reading::Valid(Value::Integer(10))),
            ("-2", Reading::Valid(Value::Integer(-2))),
            ("-3", Reading::Invalid),
            ("11", Reading::Invalid),
            ("2.0", Reading::Invalid),
            ("two", Reading::Valid(Value::Integer(2))),
            ("for *4*, please 🙂", Reading::Valid(Value::Integer(4))),
            ("We’re ４ thanks!", Reading::Valid(Value::Integer(4))),
            ("twelve", Reading::Invalid),
            ("2 or 3", Reading::Invalid),
            ("4? 🤔", Reading::Invalid),
            ("not 4 please", Reading::Invalid),
            ("", Reading::Invalid),
            // A word that skips goes first.
            ("-", Reading::Skipped),
        ],
    );
    check(
        Kind::Number { min: 0.5, max: 2.5 },
        &[
            ("1,5", Reading::Valid(Value::Number(1.5))),
            ("2.5", Reading::Valid(Value::Number(2.5))),
            ("1", Reading::Valid(Value::Number(1.0))),
            ("2.51", Reading::Invalid),
            ("1,500", Reading::Valid(Value::Number(1.5))),
            ("about 1,500 kg please", Reading::Valid(Value::Number(1.5))),
            ("€1,500", Reading::Invalid),
            ("3,500", Reading::Invalid),
            ("1k", Reading::Invalid),
            ("NaN", Reading::Invalid),
        ],
    );
}

#[test]
fn yes_and_no() {
    check(
        Kind::yes_no(words(&["ja"]), words(&["nee"])),
        &[
            ("yes", valid("yes")),
            ("Y", valid("yes")),
            ("Yeah!", valid("yes")),
            ("JA", valid("yes")),
            ("no.", valid("no")),
            ("nope", valid("no")),
            ("nee", valid("no")),
            ("n", valid("no")),
            ("yes please", valid("yes")),
            ("1", Reading::Invalid),
            ("", Reading::Invalid),
        ],
    );
    let tapped = tapped("Nein danke", "no");
    assert_eq!(answer_to(&question(Kind::yes_no(vec![], vec![])), &tapped), valid("no"));
}

#[test]
fn options_by_id_label_synonym_and_number_in_this_order() {
    // Each word of one entry is another entry's at a later place of the order.
    let kind =
        || options(&[("one", "Two", "three"), ("two", "Three", "four"), ("three", "4", "x")]);
    let chosen =
        |id: &str, label: &str| Reading::Labelled { value: id.to_owned(), label: label.to_owned() };
    check(
        kind(),
        &[
            ("one", chosen("one", "Two")),
            ("Two", chosen("two", "Three")),
            ("THREE!", chosen("three", "4")),
            ("4", chosen("three", "4")),
            ("four", chosen("two", "Three")),
            ("1", chosen("one", "Two")),
            // The label of another one is this number.
            ("2.", Reading::Invalid),
            ("(3)", Reading::Invalid),
            ("#3", Reading::Invalid),
            ("3)", Reading::Invalid),
            ("２", Reading::Invalid),
            ("٢", Reading::Invalid),
            ("2️⃣", Reading::Invalid),
            ("2. Three", Reading::Invalid),
            ("3.  4", chosen("three", "4")),
            ("0", Reading::Invalid),
            ("+1", Reading::Invalid),
            ("01", Reading::Invalid),
            ("1.0", Reading::Invalid),
            ("99999999999999999999", Reading::Invalid),
            ("one two", Reading::Invalid),
            ("", Reading::Invalid),
            ("Skip", Reading::Skipped),
        ],
    );
}

#[test]
fn what_was_tapped_stands_before_what_was_written() {
    let kind = || options(&[("s", "Small", "little"), ("l", "Large", "big")]);
    let chosen =
        |id: &str, label: &str| Reading::Labelled { value: id.to_owned(), label: label.to_owned() };
    let (small, large) = (|| chosen("s", "Small"), || chosen("l", "Large"));
    // The payload, what stood on the button, the text.
    for (payload, shown, body, reading) in [
        (Some("s"), Some("Small"), "Small", small()),
        (Some("s"), Some("Klein"), "Klein", small()),
        (Some("s"), Some("Large"), "Large", small()),
        (Some("1"), None, "Whatever", small()),
        (Some("S "), None, "", small()),
        (Some("order:17"), Some("Large"), "", large()),
        (Some("order:17"), Some("Large"), "Small", large()),
        (Some("order:17"), None, "big", large()),
        (None, Some("Large"), "", large()),
        (Some(""), Some(" "), "big", large()),
        (Some("order:17"), Some("Huge"), "Huge", Reading::Invalid),
        (Some("skip"), Some("Leave out"), "Leave out", Reading::Skipped),
        (None, None, "", Reading::Invalid),
    ] {
        let message = Message {
            button: payload.map(str::to_owned),
            button_text: shown.map(str::to_owned),
            ..message(body)
        };
        assert_eq!(
            answer_to(&question(kind()), &message),
            reading,
            "{payload:?} {shown:?} {body:?}"
        );
    }
}

#[test]
fn buttons_answer_every_type() {
    let tapped = |payload: &str, shown: &str| Message {
        button: Some(payload.to_owned()),
        button_text: Some(shown.to_owned()),
        ..message(shown)
    };
    for (kind, payload, shown, value) in [
        (Kind::Integer { min: 1, max: 5 }, "5", "⭐⭐⭐⭐⭐", Value::Integer(5)),
        (Kind::Integer { min: 1, max: 5 }, "stars", "5", Value::Integer(5)),
        (Kind::Date(Days::default()), "2026-12-24", "Christmas Eve", Value::from("2026-12-24")),
        (Kind::Date(Days::default()), "x", "24 Dec", Value::from("2026-12-24")),
        // A program writes no evening hour as people do.
        (Kind::Time(Times::ALL), "10:30", "Half past ten", Value::from("10:30")),
        (Kind::Time(Times::ALL), "x", "10:30 pm", Value::from("22:30")),
        (Kind::Email, "x", "ada@example.com", Value::from("ada@example.com")),
        // A text is what people see.
        (TEXT, "confirm:17", "Confirm", Value::from("Confirm")),
    ] {
        assert_eq!(answer_to(&question(kind), &tapped(payload, shown)), Reading::Valid(value));
    }
    let only_tapped = Message { button_text: Some("Confirm".to_owned()), ..tapped("c:17", "") };
    let confirmed = Message { body: String::new(), ..only_tapped };
    assert_eq!(answer_to(&question(TEXT), &confirmed), valid("Confirm"));
}

#[test]
fn dates_and_times_within_what_is_taken() {
    let days = Days { from: Day::parse("tomorrow"), until: Day::parse("today + 1 year") };
    check(
        Kind::Date(days),
        &[
            (" Tomorrow! ", valid("2026-01-06")),
            ("２４．１２．２０２６", valid("2026-12-24")),
            ("24/12", valid("2026-12-24")),
            ("*Friday* evening, please 🙏", valid("2026-01-09")),
            ("It’s the 24th of December, thanks!", valid("2026-12-24")),
            ("the 20th works for me, cheers", valid("2026-01-20")),
            ("next Friday please", Reading::Invalid),
            ("Friday? 🤔", Reading::Invalid),
            ("not Friday please", Reading::Invalid),
            ("today", Reading::Invalid),
            ("3/4", Reading::Invalid),
            ("soon", Reading::Invalid),
            ("", Reading::Invalid),
            ("skip", Reading::Skipped),
            ("-", Reading::Skipped),
        ],
    );
    let times = Times { from: on_24_hours("9:00").unwrap(), until: on_24_hours("16:30").unwrap() };
    check(
        Kind::Time(times),
        &[
            ("2:30", valid("14:30")),
            ("２：３０ ｐｍ", valid("14:30")),
            ("09:30", valid("09:30")),
            ("half past two, please", valid("14:30")),
            ("around 2:30 thanks 👍", valid("14:30")),
            ("*10 o’clock* please", valid("10:00")),
            ("9 or 10 please", Reading::Invalid),
            ("after 10, thanks", Reading::Invalid),
            ("half ten", Reading::Invalid),
            ("17:00", Reading::Invalid),
            ("whenever", Reading::Invalid),
            ("skip", Reading::Skipped),
        ],
    );
}

#[test]
fn addresses_and_numbers() {
    check(
        Kind::Email,
        &[
            (" Ada@Example.com ", valid("Ada@example.com")),
            ("It’s *ada@example.com*, thanks 🙂", valid("ada@example.com")),
            ("“ada@example.com”", valid("ada@example.com")),
            ("not ada@example.com", Reading::Invalid),
            ("ada", Reading::Invalid),
            ("skip", Reading::Skipped),
        ],
    );
    check(
        Kind::Phone { country: Country::named("DE") },
        &[
            ("\u{202a}030 5550\u{2011}1234\u{202c}", valid("+493055501234")),
            ("+1 415 555 0100", valid("+14155550100")),
            ("It’s 030 5550 1234 📞 thanks", valid("+493055501234")),
            ("Tel. *030 5550 1234*", valid("+493055501234")),
            ("not 030 5550 1234", Reading::Invalid),
            ("030 5550 1234 or 0151 12345678", Reading::Invalid),
            ("٠٣٠ ٥٥٥٠١٢٣٤", valid("+493055501234")),
            ("five", Reading::Invalid),
            ("skip", Reading::Skipped),
        ],
    );
}

#[test]
fn places() {
    let at = |place: &str, label: &str| Reading::Labelled {
        value: place.to_owned(),
        label: label.to_owned(),
    };
    check(
        Kind::Location,
        &[
            ("52.52, 13.405", at("52.52,13.405", "")),
            ("Marktplatz 3", Reading::Invalid),
            ("", Reading::Invalid),
            ("skip", Reading::Skipped),
        ],
    );
    let place = Location {
        latitude: "37.7879".to_owned(),
        longitude: "-122.3965".to_owned(),
        label: Some("Twilio".to_owned()),
        address: None,
    };
    let shared = |body: &str| Message { location: Some(place.clone()), ..message(body) };
    let here = || at("37.7879,-122.3965", "Twilio");
    assert_eq!(answer_to(&question(Kind::Location), &shared("")), here());
    assert_eq!(answer_to(&question(Kind::Location), &shared("skip")), here());
    let nowhere = Location { latitude: "north".to_owned(), ..place.clone() };
    let nowhere = Message { location: Some(nowhere), ..message("52.52, 13.405") };
    assert_eq!(answer_to(&question(Kind::Location), &nowhere), at("52.52,13.405", ""));

    // A place answers no other question, and nothing else this one.
    for kind in [TEXT, Kind::Media, Kind::Email, Kind::Number { min: -90.0, max: 90.0 }] {
        assert_eq!(answer_to(&question(kind), &shared("")), Reading::Invalid);
    }
    assert_eq!(answer_to(&question(TEXT), &shared("at home")), valid("at home"));
    let picture = with_media("", &["https://e.org/1"]);
    assert_eq!(answer_to(&question(Kind::Location), &picture), Reading::Invalid);
}

#[test]
fn media() {
    let question_for_media = question(Kind::Media);
    let two = with_media("", &["https://e.org/1", "https://e.org/2"]);
    assert_eq!(answer_to(&question_for_media, &two), valid("https://e.org/1 https://e.org/2"));
    let captioned = with_media("skip", &["https://e.org/1"]);
    assert_eq!(answer_to(&question_for_media, &captioned), valid("https://e.org/1"));
    assert_eq!(answer_to(&question_for_media, &message("here")), Reading::Invalid);
    assert_eq!(answer_to(&question_for_media, &message("")), Reading::Invalid);
    assert_eq!(answer_to(&question_for_media, &message("skip")), Reading::Skipped);

    assert_eq!(answer_to(&question(TEXT), &captioned_text()), valid("my cat"));
    assert_eq!(answer_to(&question(TEXT), &two), Reading::Invalid);
    assert_eq!(answer_to(&question(TEXT), &tapped("", "Tapped")), valid("Tapped"));
    assert_eq!(answer_to(&question(TEXT), &tapped("Written", "tapped")), valid("Written"));
}

fn captioned_text() -> Message {
    with_media("my cat", &["https://e.org/1"])
}

/// Questions of the types that are typed, and answers to them.
fn typed_answers() -> Vec<(Kind, &'static str)> {
    let integer = || Kind::Integer { min: 0, max: 2000 };
    let number = || Kind::Number { min: 0.0, max: 2000.0 };
    let date = || Kind::Date(Days { from: Day::parse("today"), until: None });
    let evening = || {
        Kind::Time(Times {
            from: on_24_hours("17:00").unwrap(),
            until: on_24_hours("2:00").unwrap(),
        })
    };
    let phone = || Kind::Phone { country: Country::named("DE") };
    vec![
        (integer(), "4"),
        (integer(), "for four people"),
        (integer(), "1,500"),
        (integer(), "2 or 3"),
        (integer(), "not 4"),
        (number(), "24.50"),
        (number(), "about 20 euros"),
        (number(), "50%"),
        (number(), "20k"),
        (date(), "the 24th of december"),
        (date(), "friday evening"),
        (date(), "24.12.26"),
        (date(), "in two weeks"),
        (date(), "next friday"),
        (date(), "3/4"),
        (evening(), "half past seven"),
        (evening(), "around 8"),
        (evening(), "20 uhr"),
        (evening(), "after 8"),
        (evening(), "half seven"),
        (phone(), "030 5550 1234"),
        (phone(), "call me at 030 5550 1234"),
        (phone(), "my number is not 030 5550 1234"),
    ]
}

proptest! {
    #[test]
    fn politeness_and_case_never_change_an_answer(
        at in 0..typed_answers().len(),
        before in proptest::sample::select(vec!["", "Hello, ", "“", "*", "\u{200e}", " \n"]),
        behind in proptest::sample::select(vec!["", " please", ", thanks!", " 🙂", "!", " \u{200b}"]),
        is_large: bool,
    ) {
        let (kind, text) = typed_answers().swap_remove(at);
        let close = match before { "“" => "”", "*" => "*", _ => "" };
        let cased = if is_large { text.to_uppercase() } else { text.to_owned() };
        let question = question(kind);
        let polite = answer_to(&question, &message(&format!("{before}{cased}{close}{behind}")));
        prop_assert_eq!(polite, answer_to(&question, &message(text)));
    }

    #[test]
    fn any_text_is_read_or_refused(text in r"(?s)(\PC|for|the|half|past|[0-9.,:/ ?\n@+-]){0,16}") {
        for (kind, _) in typed_answers() {
            answer_to(&question(kind), &message(&text));
        }
        for kind in [TEXT, Kind::Email, Kind::Location] {
            answer_to(&question(kind), &message(&text));
        }
    }
}
