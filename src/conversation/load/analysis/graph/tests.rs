//! The graph knows each way that the engine goes: from every question, with
//! every class of message that may come there.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::{Graph, NodeId};
use crate::conversation::flow::{Ask, Flow, Kind, Verb};
use crate::conversation::load::analysis::algorithms::flood;
use crate::conversation::load::analysis::subflow::Subflows;
use crate::conversation::load::link::targets::Targets;
use crate::conversation::load::sources::files::Files;
use crate::conversation::{Answers, Event, Flows, Session, Source, State, Value, step};
use crate::message::{Location, Media, Message};

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

/// Valid for a question of some kind, each.
const ANSWERS: [&str; 9] = [
    "word",
    "7",
    "yes",
    "no",
    "ada@example.com",
    "030 5550 1234",
    "tomorrow",
    "14:30",
    "52.5,13.4",
];

fn written(body: &str) -> Message {
    Message::text("SM1", "+14155550100", "+14155550199", body).expect("an address")
}

/// What may come to a question, by its class.
fn classes(flow: &Flow, ask: &Ask) -> Vec<(String, Message)> {
    let mut texts: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("blank", " \n".to_owned()),
        ("no answer", "{{ nothing }} of | that".to_owned()),
        ("too long", "x".repeat(5000)),
    ];
    texts.extend(ANSWERS.map(|answer| ("an answer", answer.to_owned())));
    if let Kind::Options(choices) = &ask.answer.kind {
        texts.extend(choices.iter().map(|choice| ("an option", choice.id.clone())));
        texts.extend((0..=choices.len() + 1).map(|number| ("a number", number.to_string())));
    }
    texts.extend(ask.optional.iter().map(|word| ("a skip", word.clone())));
    let commands = flow.commands.iter().flat_map(|command| &command.words);
    texts.extend(commands.map(|word| ("a command", word.clone())));
    let mut messages: Vec<(String, Message)> = texts
        .into_iter()
        .map(|(class, text)| (format!("{class}: {text:.20}"), written(&text)))
        .collect();
    let photo = Media { url: "https://example.com/a".to_owned(), content_type: String::new() };
    let place =
        Location { latitude: "1".to_owned(), longitude: "2".to_owned(), ..Location::default() };
    messages.push(("a picture".to_owned(), Message { media: vec![photo], ..written("") }));
    messages.push(("a place".to_owned(), Message { location: Some(place), ..written("") }));
    messages
}

fn check(text: &str) -> BTreeSet<String> {
    let sources = [Source { name: "test.yaml".to_owned(), text: text.to_owned() }];
    let flows = Flows::load(&sources).unwrap_or_else(|findings| panic!("{findings}")).flows;
    let files = Files::of_each(&sources);
    let (_, draft) = crate::conversation::load::one_flow::read(&files[0]);
    let subflows = Subflows::default();
    let graph = Graph::new(&draft, &Targets::new(&draft), &subflows).expect("no part is run");
    let flow = flows.iter().next().expect("a flow");
    let ends: HashMap<&str, NodeId> = graph.ends().map(|(node, end)| (end, node)).collect();
    let names = draft.steps.iter().flat_map(super::DraftStep::captures);
    let answers: Answers = names.map(|name| (name, Value::from("x"))).collect();
    let mut gone = BTreeSet::new();
    for (id, asking) in flow.steps.iter().enumerate() {
        let Verb::Ask(ask) = &asking.verb else { continue };
        // From the question on, up to the next one: `back` leads to this one.
        let next = |node: NodeId| {
            let goes_on = node == id || !graph.stops(node) && node != graph.back();
            let edges = if goes_on { graph.edges(node) } else { &[] };
            edges.iter().map(|edge| edge.to)
        };
        let reached = flood(graph.len(), &[id], next);
        for tries in [0, 98, 99] {
            for (class, message) in classes(flow, ask) {
                let session = Session {
                    flow: Some(flow.name.clone()),
                    state: State::Waiting(asking.name.clone()),
                    answers: answers.clone(),
                    tries,
                    expires_at: Some(NOW + SignedDuration::from_secs(1)),
                    ..Session::default()
                };
                let turn = step(&flows, &session, Event::Message(&message), NOW);
                let place = match &turn.session.state {
                    State::Initial => panic!("{}: {class} leads nowhere", asking.name),
                    State::Waiting(name) => flow.step_named(name).expect("a step"),
                    State::Ended(outcome) => ends[outcome.as_str()],
                };
                assert!(
                    reached[place],
                    "{}: {class} leads to {:?}",
                    asking.name, turn.session.state
                );
                gone.insert(format!("{} -> {}", asking.name, turn.session.state.as_str()));
                let late = step(
                    &flows,
                    &session,
                    Event::Message(&message),
                    NOW + SignedDuration::from_hours(1),
                );
                assert_eq!(late.ended[0].outcome, "EXPIRED", "{class}");
            }
        }
    }
    gone
}

#[test]
fn every_class_of_message_leads_where_the_graph_says() {
    for text in [
        include_str!("../../../../../flows/favorite-song.yaml"),
        include_str!("../../../../../flows/appointment.yaml"),
        include_str!("../../../../../flows/survey.yaml"),
        include_str!("../../../../../fixtures/flows/every-type.yaml"),
    ] {
        check(text);
    }
    let gone = check(
        "
flow: all
start: [all]
commands: {HELP: [menu], restart: [again], repeat: [what], stop: [enough], BYE: [bye]}
steps:
  SIZE:
    ask: Size?
    options: {s: Small, l: Large, x: Other}
    optional: [skip]
    tries: 3
    on_fail: LOST
    when: {s: COUNT, x: OTHER}
    if: [{is: SIZE == \"\", go: BYE}]
  BETWEEN: {set: {a: '{{ SIZE }}'}}
  LARGE: {ask: '{{ a }}?', end: BIG}
  OTHER: {ask: Other?}
  COUNT: {ask: How many?, type: integer}
  BYE: {say: Bye., end: GONE}
  LOST: {say: Never mind., end: LOST_IT}
  HELP: {say: Help., resume: true}
",
    );
    let of_size: Vec<&str> = gone.iter().filter_map(|way| way.strip_prefix("SIZE -> ")).collect();
    assert_eq!(
        of_size,
        ["CANCELLED", "COUNT", "GONE", "LARGE", "LOST_IT", "OTHER", "SIZE"],
        "every class was there"
    );
}
