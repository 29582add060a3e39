//! The explanation of a turn.

use std::fmt::Write;

use jiff::Timestamp;

use crate::conversation::chat_file::{Attachment, Directive, Phone, Said};
use crate::conversation::step::step_seen;
use crate::conversation::testing::{TEXT, ask, favorite_song, flow, flows, shop, words};
use crate::conversation::{Event, Flows, Kind, Session, State, Trace};
use crate::message::Message;

/// Says these lines and returns the trace of each. Lines with `@` work as in
/// chat files.
fn told(flows: &Flows, lines: &[&str]) -> String {
    let mut phone = Phone::default();
    let mut said = Said::default();
    let mut shown = String::new();
    for line in lines {
        match Directive::read(line) {
            Ok(Directive::Wait(time)) => {
                phone.wait_traced(flows, phone.later(time));
            }
            Ok(Directive::Switch(channel)) => phone.switch_to(channel),
            Ok(Directive::Attach(attachment)) => {
                assert!(!matches!(attachment, Attachment::Location(_)));
                said.attach(attachment);
            }
            _ => {
                (*line).clone_into(&mut said.text);
                let (_, trace) = phone.say_traced(flows, &std::mem::take(&mut said));
                writeln!(shown, "{line}\n  {}\n  {}", trace.rules.join("\n  "), trace.path)
                    .unwrap();
            }
        }
    }
    shown
}

#[test]
fn each_rule_says_why_it_applies() {
    let shop = flows(vec![shop()]);
    insta::assert_snapshot!(told(
        &shop,
        &[
            "hi",
            "PIZZA!",
            "huge",
            "2",
            "menu",
            "none",
            "51",
            "7",
            "extra\nbasil",
            "perhaps",
            "Si",
            "thanks",
            "pizza",
            "small",
            "repeat",
            "10",
            "pizza",
            "LITTLE",
            "0",
            "0",
            "0",
            "pizza",
            "again",
            "Large, 30 cm",
            "1",
            "skip",
            "y",
            "pizza",
            "@button large",
            "that one",
            "@button small",
            "",
            "@wait 25h",
            "pizza",
            "@wait 25h",
            "hm",
            "pizza",
            "forget it",
            "pizza",
            "STOP",
            "pizza",
            "start",
            "@whatsapp",
            "stop",
            "START",
        ],
    ));
}

#[test]
fn an_answer_that_is_none_says_why() {
    let text = Kind::Text { min: 2, max: 5 };
    let mut plate = ask("plate", "Plate?", TEXT);
    plate = plate.edit_ask(|ask| ask.answer.pattern = regex::Regex::new("^[A-Z]+$").ok());
    let steps = vec![
        ask("word", "Word?", text),
        plate,
        ask("count", "How many?", Kind::Integer { min: -2, max: 9 }),
        ask("weight", "How heavy?", Kind::Number { min: 0.5, max: 2.5 }),
        ask("sure", "Sure?", Kind::yes_no(words(&["si"]), Vec::new())),
        ask("photo", "A photo?", Kind::Media),
    ];
    let asked = flows(vec![flow("all", "go", steps)]);
    insta::assert_snapshot!(told(
        &asked,
        &[
            "go",
            "",
            "@media image/png",
            "",
            "a",
            "abcdef",
            "abc",
            "abc",
            "ABC",
            "many",
            "1.5",
            "-3",
            "10",
            "3",
            "heavy",
            "0.25",
            "3",
            "1,5",
            "perhaps",
            "Si!",
            "what",
            "@media image/png",
            "",
        ],
    ));
}

#[test]
fn who_has_no_text_for_it_hears_nothing() {
    let mut song = favorite_song();
    song.otherwise = None;
    song.start_any = true;
    let any = flows(vec![song.clone()]);
    assert_eq!(told(&any, &["hm"]), "hm\n  any message begins favorite-song\n  WAITING_FOR_NAME\n");
    song.start_any = false;
    let words_only = flows(vec![song]);
    assert_eq!(
        told(&words_only, &["hm"]),
        "hm\n  no start word, and no `otherwise`: silence\n  \n"
    );
}

#[test]
fn a_place_that_is_no_more_is_told() {
    let flows = flows(vec![favorite_song()]);
    let message = Message::text("SM1", "+14155550100", "+14155550199", "hm").unwrap();
    for (flow, rules) in [
        (
            "favorite-song",
            &["favorite-song cannot continue at GONE: the flow has no such step"][..],
        ),
        (
            "gone",
            &[
                "gone cannot continue at GONE: no such flow is loaded",
                "`otherwise` of favorite-song",
            ],
        ),
    ] {
        let session = Session {
            flow: Some(flow.to_owned()),
            state: State::Waiting("GONE".to_owned()),
            ..Session::default()
        };
        let mut trace = Trace::default();
        step_seen(&flows, &session, Event::Message(&message), Timestamp::UNIX_EPOCH, &mut trace);
        assert_eq!(trace.rules, rules);
    }
}
