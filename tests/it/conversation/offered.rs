//! The options that a conversation offers at each of its states.

use jiff::Timestamp;
use ringback::conversation::{Event, Flows, Session, Source, offered, step};
use ringback::message::Message;

const PIZZA: &str = "flow: pizza
start: [pizza]
languages: [en, de]
commands: {stop: [enough], WHY: [why]}
steps:
  SIZE: {ask: Which size?, options: {s: Small, l: 'Large <b>'}}
  NAME: {ask: Your name?}
  EXTRA: {run: extra}
  SURE: {ask: Sure?, type: yes_no}
  WHY: {say: Because., resume: true}
";

const GERMAN: &str = "SIZE.ask: Welche Größe?
SIZE.options.s: Klein
SIZE.options.l: Groß
";

const EXTRA: &str = "flow: extra
steps:
  WHAT: {ask: 'Anything on it?', options: {o: Olives, c: Cheese, n: Nothing}}
";

fn flows() -> Flows {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let sources = [
        source("flows/pizza.yaml", PIZZA),
        source("flows/pizza.de.yaml", GERMAN),
        source("flows/extra.yaml", EXTRA),
    ];
    Flows::load(&sources).unwrap_or_else(|findings| panic!("{findings}")).flows
}

fn labels(flows: &Flows, session: &Session) -> String {
    let offers = offered(flows, session);
    let shown: Vec<String> =
        offers.iter().map(|offer| format!("{}: {}", offer.id, offer.label)).collect();
    shown.join(", ")
}

#[test]
fn they_are_those_of_the_question_that_waits() {
    let flows = flows();
    let mut session = Session::default();
    assert_eq!(labels(&flows, &session), "");
    for (said, expected) in [
        ("pizza", "s: Small, l: Large <b>"),
        ("a bit of everything", "s: Small, l: Large <b>"),
        ("why", "s: Small, l: Large <b>"),
        ("2", ""),
        ("Anna", "o: Olives, c: Cheese, n: Nothing"),
        ("2", ""),
        ("yes", ""),
    ] {
        let message = Message::text("SM1", "+14155550100", "+14155550199", said).unwrap();
        let now = Timestamp::constant(1_795_405_200, 0);
        session = step(&flows, &session, Event::Message(&message), now).session;
        assert_eq!(labels(&flows, &session), expected, "{said}");
    }
}

#[test]
fn they_are_in_the_language_of_the_person() {
    let flows = flows();
    let message = Message::text("SM1", "+14155550100", "+14155550199", "pizza").unwrap();
    let now = Timestamp::constant(1_795_405_200, 0);
    let mut session = step(&flows, &Session::default(), Event::Message(&message), now).session;
    session.language = Some("de".to_owned());
    assert_eq!(labels(&flows, &session), "s: Klein, l: Groß");
}
