//! What is understood as an answer, by kind.

use regex::Regex;

use super::{Reading, read};
use crate::conversation::Value;
use crate::conversation::flow::{Ask, Kind, Verb};
use crate::conversation::testing::{TEXT, ask, options, words};
use crate::message::{Media, Message};

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

#[track_caller]
fn check(kind: Kind, cases: &[(&str, Reading)]) {
    let question = question(kind);
    for (body, reading) in cases {
        assert_eq!(&read(&question, &message(body)), reading, "{body:?}");
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
    assert_eq!(read(&question, &message(" A123 ")), valid("A123"));
    assert_eq!(read(&question, &message("A1234")), Reading::Invalid);
    assert_eq!(read(&question, &message("skip")), Reading::Skipped);
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
            ("two", Reading::Invalid),
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
            ("1,500", Reading::Invalid),
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
            ("yes please", Reading::Invalid),
            ("1", Reading::Invalid),
            ("", Reading::Invalid),
        ],
    );
    let tapped = tapped("Nein danke", "no");
    assert_eq!(read(&question(Kind::yes_no(vec![], vec![])), &tapped), valid("no"));
}

#[test]
fn options_by_id_label_synonym_and_number_in_this_order() {
    // Each word of one entry is another entry's at a later place of the order.
    let kind =
        || options(&[("one", "Two", "three"), ("two", "Three", "four"), ("three", "4", "x")]);
    let chosen =
        |id: &str, label: &str| Reading::Chosen { id: id.to_owned(), label: label.to_owned() };
    check(
        kind(),
        &[
            ("one", chosen("one", "Two")),
            ("Two", chosen("two", "Three")),
            ("THREE!", chosen("three", "4")),
            ("4", chosen("three", "4")),
            ("four", chosen("two", "Three")),
            ("1", chosen("one", "Two")),
            ("2.", chosen("two", "Three")),
            ("(3)", chosen("three", "4")),
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
    assert_eq!(read(&question(kind()), &tapped("Two", "one")), chosen("one", "Two"));
    assert_eq!(read(&question(kind()), &tapped("one", "unknown")), chosen("one", "Two"));
    assert_eq!(read(&question(kind()), &tapped("", "skip")), Reading::Skipped);
}

#[test]
fn media() {
    let question_for_media = question(Kind::Media);
    let two = with_media("", &["https://e.org/1", "https://e.org/2"]);
    assert_eq!(read(&question_for_media, &two), valid("https://e.org/1 https://e.org/2"));
    let captioned = with_media("skip", &["https://e.org/1"]);
    assert_eq!(read(&question_for_media, &captioned), valid("https://e.org/1"));
    assert_eq!(read(&question_for_media, &message("here")), Reading::Invalid);
    assert_eq!(read(&question_for_media, &message("")), Reading::Invalid);
    assert_eq!(read(&question_for_media, &message("skip")), Reading::Skipped);

    assert_eq!(read(&question(TEXT), &captioned_text()), valid("my cat"));
    assert_eq!(read(&question(TEXT), &two), Reading::Invalid);
    assert_eq!(read(&question(TEXT), &tapped("", "Tapped")), valid("Tapped"));
    assert_eq!(read(&question(TEXT), &tapped("Written", "tapped")), valid("Written"));
}

fn captioned_text() -> Message {
    with_media("my cat", &["https://e.org/1"])
}
