//! What holds for any message at any state of every shipped flow, of one that
//! asks for an answer of every type, and of one that makes a call.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ringback::conversation::{
    Answers, Asked, CallAnswer, CallId, Caller, Event, Flows, Kind, Note, Session, State, Value,
    Verb, step, stop,
};
use ringback::message::{Location, Media, Message};

use super::{every_type, load, shipped_sources, source};

static FLOWS: LazyLock<Flows> = LazyLock::new(|| {
    let mut sources = shipped_sources();
    sources.push(source(&every_type()));
    sources.push(source(&every_type().with_file_name("diagrams/quote.yaml")));
    load(&sources)
});

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

/// Every state that a flow has: its name and the step's.
fn states() -> Vec<(String, String)> {
    let states = FLOWS
        .iter()
        .flat_map(|flow| flow.steps.iter().map(|step| (flow.name.clone(), step.name.clone())));
    states.chain([("gone".to_owned(), "GONE".to_owned())]).collect()
}

/// Every variable of the flows.
fn variables() -> Vec<String> {
    let of_step = |verb: &Verb| match verb {
        Verb::Ask(ask) => vec![ask.save.clone(), format!("{}_label", ask.save)],
        Verb::Set(variables) => variables.iter().map(|(name, _)| name.clone()).collect(),
        Verb::Run(run) => run.keep.iter().map(|(ours, _)| ours.clone()).collect(),
        Verb::Say(_) | Verb::Call(_) | Verb::WaitFor(_) | Verb::Branch => vec![],
    };
    FLOWS.iter().flat_map(|flow| flow.steps.iter().flat_map(|step| of_step(&step.verb))).collect()
}

/// Words that some flow listens to.
fn words() -> Vec<String> {
    let mut words = ["hello", "book", "survey", "everything", "yes", "no", "skip", "none", "", "5"]
        .map(str::to_owned)
        .to_vec();
    words.extend(typed().map(str::to_owned));
    for flow in FLOWS.iter() {
        for step in &flow.steps {
            if let Verb::Ask(ask) = &step.verb
                && let Kind::Options(choices) = &ask.answer.kind
            {
                words.extend(choices.iter().map(|choice| choice.label.clone()));
            }
        }
    }
    words.extend(
        [
            "pizza",
            "moved",
            "1070",
            "menu",
            "forget it",
            "repeat",
            "start over",
            "never mind",
            "about",
            "later",
        ]
        .map(str::to_owned),
    );
    words
}

/// Answers of every type, in one of the ways people write them.
fn typed() -> [&'static str; 32] {
    [
        "-3",
        "1,5",
        "2️⃣",
        "big",
        "Ada@Example.COM.",
        "ada@localhost",
        "(415) 555-0100",
        "+49 (0)30 5550 1234",
        "5550 1234",
        "2026-12-24",
        "24.12.1985",
        "3/4/2026",
        "24 Dec",
        "29 February",
        "24.12.26",
        "Thursday",
        "tomorrow",
        "in 2 weeks",
        "10:30",
        "2:30 pm",
        "14h30",
        "midnight",
        "52.52, 13.405",
        "52,52 13,405",
        "yes please 👍🏽",
        "no, that's right",
        "I'd like the second one, thanks",
        "the last one",
        "not large?",
        "2 small",
        "*3* please",
        "ni\u{200b}ne",
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => proptest::sample::select(words()),
        1 => any::<String>(),
        1 => "(?s).{0,4000}",
        1 => r"[{}%'|= a-zA-Z_]{0,40}",
    ]
}

fn written(body: &str) -> Message {
    Message::text("SM1", "+14155550100", "+14155550199", body).expect("an address")
}

fn any_location() -> impl Strategy<Value = Location> {
    let degrees = || {
        prop_oneof![
            3 => (-200.0..200.0_f64).prop_map(|degrees| degrees.to_string()),
            1 => any_text(),
        ]
    };
    let text = || proptest::option::of(any_text());
    (degrees(), degrees(), text(), text()).prop_map(|(latitude, longitude, label, address)| {
        Location { latitude, longitude, label, address }
    })
}

fn any_message() -> impl Strategy<Value = Message> {
    let text = || proptest::option::of(any_text());
    let location = proptest::option::of(any_location());
    (any_text(), text(), text(), location, 0..12_u8).prop_map(
        |(body, button, button_text, location, media)| {
            let media = (0..media)
                .map(|n| Media {
                    url: format!("https://example.com/{n}"),
                    content_type: String::new(),
                })
                .collect();
            Message { media, location, button, button_text, ..written(&body) }
        },
    )
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_text().prop_map(Value::Text),
        any::<i64>().prop_map(Value::Integer),
        any::<i32>().prop_map(|number| Value::Number(f64::from(number) / 8.0)),
    ]
}

/// All variables are there, or some, or none. Many values would only cost time.
fn any_answers() -> impl Strategy<Value = Answers> {
    let variables = variables();
    let some = proptest::collection::vec(any_value(), 1..6);
    (some, 0..3_u8).prop_map(move |(values, share)| {
        let answers = variables.iter().cloned().zip(values.into_iter().cycle());
        match share {
            0 => Answers::new(),
            1 => answers.step_by(2).collect(),
            _ => answers.collect(),
        }
    })
}

/// A stack as it may be, or as nobody ever wrote it.
fn any_stack() -> impl Strategy<Value = Vec<Caller>> {
    let runs = FLOWS.iter().flat_map(|flow| {
        let steps = flow.steps.iter().filter(|step| matches!(step.verb, Verb::Run(_)));
        steps.map(|step| (flow.name.clone(), step.name.clone()))
    });
    let runs: Vec<(String, String)> = runs.collect();
    let place = prop_oneof![
        3 => proptest::sample::select(runs),
        1 => proptest::sample::select(states()),
    ];
    let caller =
        (place, any_answers()).prop_map(|((flow, step), answers)| Caller { flow, step, answers });
    proptest::collection::vec(caller, 0..4)
}

fn any_session() -> impl Strategy<Value = Session> {
    let place = proptest::sample::select(states());
    let kind = 0..5_u8;
    let deadline = proptest::option::of(-2..3_i64);
    let language = proptest::option::of(proptest::sample::select(vec!["en", "de", "DE", "fr", ""]));
    (place, kind, any_answers(), any_stack(), language, 0..5_u32, deadline).prop_map(
        |((flow, step), kind, answers, stack, language, tries, hours)| {
            let state = match kind {
                0 => State::Initial,
                1 => State::Ended(step),
                _ => State::Waiting(step),
            };
            let expires_at = hours.map(|hours| NOW + SignedDuration::from_hours(hours));
            // An adopted session names no flow.
            let flow = Some(flow).filter(|_| kind != 2);
            // Half of them are in no part.
            let stack = if tries % 2 == 0 { vec![] } else { stack };
            let language = language.map(str::to_owned);
            let asked = hours.map(|hours| {
                let at = NOW - SignedDuration::from_hours(hours.abs());
                Asked { at, nudges: tries as usize }
            });
            Session {
                flow,
                state,
                answers,
                stack,
                language,
                tries,
                expires_at,
                asked,
                ..Session::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn any_message_at_any_state_has_a_turn(session in any_session(), message in any_message()) {
        let turn = step(&FLOWS, &session, Event::Message(&message), NOW);
        prop_assert_eq!(&turn, &step(&FLOWS, &session, Event::Message(&message), NOW), "the same again");

        prop_assert!(turn.replies.len() <= 10);
        for reply in &turn.replies {
            prop_assert!(reply.text.encode_utf16().count() <= 1_600);
            prop_assert!(reply.media.len() <= 10);
            prop_assert!(!reply.text.trim().is_empty() || !reply.media.is_empty());
        }

        if let State::Waiting(name) = &turn.session.state {
            let flow = turn.session.flow.as_deref().and_then(|flow| FLOWS.get(flow));
            let place = flow.and_then(|flow| Some(&flow.steps[flow.step_named(name)?]));
            prop_assert!(place.is_some_and(|step| matches!(step.verb, Verb::Ask(_) | Verb::Call(_))));
            prop_assert!(turn.session.expires_at.is_some_and(|deadline| deadline > NOW));
            let next = step(&FLOWS, &turn.session, Event::Message(&message), NOW);
            let is_lost = next.notes.iter().any(|note| matches!(note, Note::BeganAfresh { .. }));
            prop_assert!(!is_lost, "a place that a turn left can be gone on from");
        } else {
            prop_assert!(turn.session.stack.is_empty());
            prop_assert!(turn.ended.is_empty() || turn.session.expires_at.is_none());
        }

        let json = serde_json::to_string(&turn.session.answers).expect("JSON");
        let stored: Answers = serde_json::from_str(&json).expect("answers");
        prop_assert_eq!(stored, turn.session.answers);
    }

    /// An answer moves the conversation that waits for it, and no other.
    #[test]
    fn any_answer_at_any_state_has_a_turn(
        session in any_session(),
        fits in any::<bool>(),
        status in 200..600_u16,
        body in prop_oneof![any_text(), Just("{\"total\": 3}".to_owned())],
    ) {
        let asked_at = session.asked.map_or(NOW, |asked| asked.at);
        let call = CallId {
            flow: session.flow.clone().unwrap_or_default(),
            step: session.state.as_str().to_owned(),
            at: if fits { asked_at } else { asked_at - SignedDuration::from_millis(1) },
        };
        let answer = CallAnswer::Answered { status, body: body.into_bytes() };
        let message = written("");
        let contact = Event::Message(&message).contact();
        let turn = step(&FLOWS, &session, Event::Called { contact, call: &call, answer: &answer }, NOW);
        let silence = step(&FLOWS, &session, Event::Silence(contact), NOW);
        prop_assert_eq!(&turn.replies, &[]);
        // What silence does at this time is due to no answer.
        if !fits && silence.session == session {
            prop_assert_eq!(turn.session, session);
        }
    }

    /// Where a question goes on, its answer is in the one form of its type.
    #[test]
    fn what_is_kept_has_the_form_of_its_type(
        place in proptest::sample::select(
            FLOWS.get("every-type").map(|flow| flow.steps.len() - 1).into_iter().flat_map(|n| 0..n).collect::<Vec<_>>()
        ),
        message in any_message(),
    ) {
        let flow = FLOWS.get("every-type").expect("the flow");
        let asking = &flow.steps[place];
        let mut answers = Answers::new();
        for variable in variables() {
            answers.insert(variable, Value::from("before"));
        }
        let session = Session {
            flow: Some(flow.name.clone()),
            state: State::Waiting(asking.name.clone()),
            answers,
            ..Session::default()
        };
        let turn = step(&FLOWS, &session, Event::Message(&message), NOW);
        if turn.session.state == session.state {
            prop_assert_eq!(turn.session.answers, session.answers, "asked again");
            return Ok(());
        }
        let kept = turn.session.answers[&asking.name].to_string();
        let Verb::Ask(ask) = &asking.verb else { unreachable!("all but the last are questions") };
        let form = match &ask.answer.kind {
            Kind::Text { .. } => r"(?s).{1,1600}",
            Kind::Integer { .. } => r"-?\d+",
            Kind::Number { .. } => r"-?\d+(\.\d+)?",
            Kind::YesNo { .. } => "yes|no",
            Kind::Options(_) => "s|l",
            Kind::Media => r"https://\S+( https://\S+)*",
            Kind::Email => r"[^@\s]+@[^@\s\p{Lu}]+\.[^@\s\p{Lu}]+",
            Kind::Phone { .. } => r"\+[1-9][0-9]{3,14}",
            Kind::Date(_) => r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
            Kind::Time(_) => "[0-9]{2}:[0-9]{2}",
            Kind::Location => r"-?[0-9]{1,2}(\.[0-9]{1,6})?,-?[0-9]{1,3}(\.[0-9]{1,6})?",
        };
        let form = regex::Regex::new(&format!("^(?:{form})$")).expect("a pattern");
        prop_assert!(form.is_match(&kept), "{}: {:?}", asking.name, kept);
    }

    #[test]
    fn braces_that_a_person_wrote_are_never_filled_in(
        session in any_session(), name in "[A-Z]{3}[a-z]{3}",
    ) {
        let mut session = session;
        let marker = format!("{{{{ {name} }}}}");
        let outer = session.stack.iter_mut().map(|caller| &mut caller.answers);
        for value in outer.chain([&mut session.answers]).flat_map(Answers::values_mut) {
            *value = Value::Text(marker.clone());
        }
        let message = written(&marker);
        for reply in step(&FLOWS, &session, Event::Message(&message), NOW).replies {
            // A flow may show an answer in small letters.
            let text = reply.text.to_lowercase().replace(&marker.to_lowercase(), "");
            prop_assert_eq!(text.find("{{"), None);
        }
    }

    #[test]
    fn who_wants_no_more_waits_nowhere(session in any_session()) {
        let turn = stop(&FLOWS, &session, NOW);
        prop_assert!(!matches!(turn.session.state, State::Waiting(_)));
        prop_assert!(turn.replies.is_empty());
        let was_waiting = matches!(session.state, State::Waiting(_));
        prop_assert_eq!(turn.ended.len(), usize::from(was_waiting));
    }
}
