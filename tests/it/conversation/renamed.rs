//! People who wait at a step when it gets another name.

use jiff::Timestamp;
use ringback::conversation::{Event, Flows, Note, Session, State, Value, step, stop};
use ringback::message::Message;

use super::written;

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

fn waiting(at: &str, answers: &[(&str, &str)]) -> Session {
    let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    Session {
        flow: Some("pizza".to_owned()),
        state: State::Waiting(at.to_owned()),
        answers: answers.collect(),
        ..Session::default()
    }
}

/// Where a message leads from a session of an earlier version, and what came back.
fn say(flows: &Flows, session: &Session, text: &str) -> (String, String, Vec<Note>) {
    let message = Message::text("SM1", "+14155550100", "+14155550199", text).expect("an address");
    let turn = step(flows, session, Event::Message(&message), NOW);
    let texts: Vec<&str> = turn.replies.iter().map(|reply| reply.text.as_str()).collect();
    (turn.session.state.as_str().to_owned(), texts.join("|"), turn.notes)
}

const TODAY: &str = "flow: pizza
start: [pizza]
otherwise: Say pizza.
ended: '{{ size_of_pizza_label | default(\"Pizza\") }} it was.'
renamed: {size: pizza_size, pizza_size: size_of_pizza, where: address, name: person}
steps:
  size_of_pizza: {ask: Which size?, options: {s: Small, l: Large}}
  address: {ask: 'Where to with the {{ size_of_pizza_label }} one?'}
  person: {ask: 'Who are you at {{ address }}?', save: user_name, max: 100}
  done: {say: '{{ size_of_pizza }} to {{ user_name }}, {{ address }}.'}
";

#[test]
fn whoever_waits_at_a_former_name_goes_on() {
    let flows = written(&[TODAY]);
    let kept = ("address".to_owned(), "Where to with the Large one?".to_owned(), vec![]);
    for name in ["size", "pizza_size", "size_of_pizza"] {
        assert_eq!(say(&flows, &waiting(name, &[]), "2"), kept, "{name}");
    }
}

#[test]
fn an_answer_bears_the_new_name_of_its_step() {
    let flows = written(&[TODAY]);
    let session = waiting("where", &[("size", "l"), ("size_label", "Big")]);
    let (state, text, notes) = say(&flows, &session, "Elm Street");
    assert_eq!((state.as_str(), notes), ("person", vec![]));
    assert_eq!(text, "Who are you at Elm Street?");

    let all = [("pizza_size", "l"), ("pizza_size_label", "Big"), ("where", "Elm Street")];
    let (state, text, notes) = say(&flows, &waiting("name", &all), "Ann");
    assert_eq!((state.as_str(), notes), ("COMPLETED", vec![]));
    assert_eq!(text, "l to Ann, Elm Street.");

    let ended = Session {
        state: State::Ended("COMPLETED".to_owned()),
        ..waiting("", &[("size", "l"), ("size_label", "Big")])
    };
    assert_eq!(say(&flows, &ended, "thanks").1, "Big it was.");
}

#[test]
fn a_result_bears_the_names_of_today_however_it_ended() {
    let flows = written(&[TODAY]);
    let session = waiting("where", &[("size", "l"), ("size_label", "Big")]);
    let late = Session { expires_at: Some(NOW), ..session.clone() };
    for turn in [
        stop(&flows, &session, NOW),
        stop(&flows, &late, NOW),
        step(
            &flows,
            &late,
            Event::Message(&Message::text("SM1", "+14155550100", "+1", "hm").unwrap()),
            NOW,
        ),
    ] {
        let [ended] = &turn.ended[..] else { panic!("one ended: {turn:?}") };
        let names: Vec<&str> = ended.answers.keys().map(String::as_str).collect();
        assert_eq!(names, ["size_of_pizza", "size_of_pizza_label"], "{}", ended.outcome);
    }
}

#[test]
fn an_answer_that_is_still_missing_begins_afresh() {
    let flows = written(&[TODAY]);
    let (state, text, notes) = say(&flows, &waiting("where", &[]), "pizza");
    assert_eq!(state, "size_of_pizza");
    let sorry = "Sorry, this conversation has changed in the meantime. Let us begin again.";
    assert_eq!(text, format!("{sorry}\nWhich size?\n1. Small\n2. Large"));
    let note = Note::BeganAfresh {
        flow: "pizza".to_owned(),
        step: "where".to_owned(),
        reason: "the answer `size_of_pizza` is missing".to_owned(),
    };
    assert_eq!(notes, [note]);
}

#[test]
fn a_name_that_means_something_else_today_keeps_its_answer() {
    let flows = written(&["flow: pizza
start: [pizza]
renamed: {size: kind}
steps:
  kind: {ask: Which kind?}
  big: {ask: Big?, save: size}
  more: {ask: 'A {{ size }} {{ kind }}?'}
"]);
    let session = waiting("more", &[("size", "big"), ("kind", "thin")]);
    assert_eq!(say(&flows, &session, "pizza").0, "COMPLETED");
    // `size` is today's, so it is not taken for the answer to `kind`.
    let session = waiting("more", &[("size", "big")]);
    assert_eq!(say(&flows, &session, "pizza").0, "kind");
}
