//! What each channel sends as an answer, from its form to what is stored.

use jiff::Timestamp;
use ringback::conversation::{Event, Flows, Session, State, step};
use ringback::twilio::form::Pairs;
use ringback::twilio::inbound;

use super::{every_type, load, source};

/// 2026-11-23, a Monday, 20:40 UTC; in Auckland it is Tuesday.
const NOW: Timestamp = Timestamp::constant(1_795_466_400, 0);

/// A message at a question of this flow: the state after it, the answer, and its label.
fn answer(flows: &Flows, question: &str, parameters: &[(&str, &str)]) -> Option<[String; 2]> {
    let always = [
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("To", "whatsapp:+14155238886"),
    ];
    let form = always.iter().chain(parameters).collect::<Vec<_>>();
    let has = |name: &str| form.iter().any(|(known, _)| *known == name);
    let rest = [("From", "whatsapp:+15551234567"), ("Body", "")];
    let rest = rest.iter().filter(|(name, _)| !has(name)).collect::<Vec<_>>();
    let pairs: Vec<_> = form.into_iter().chain(rest).collect();
    let body = serde_urlencoded::to_string(&pairs).expect("a form");
    let pairs = Pairs::decode(body.as_bytes()).expect("pairs");
    let message = inbound::read(pairs, None).expect("a message");
    let mut session = Session {
        flow: Some("every-type".to_owned()),
        state: State::Waiting(question.to_owned()),
        ..Session::default()
    };
    let flow = flows.get("every-type").expect("the flow");
    // What every path to the question has captured.
    for step in &flow.steps[..flow.step_named(question).expect("the question")] {
        for name in [step.name.clone(), format!("{}_label", step.name)] {
            session.answers.insert(name, "".into());
        }
    }
    let turn = step(flows, &session, Event::Message(&message), NOW);
    assert_eq!(turn.notes, [], "{question}");
    let kept = |name: &str| turn.session.answers.get(name).map(ToString::to_string);
    let is_asked_again = turn.session.state == session.state;
    (!is_asked_again).then(|| {
        [question, &format!("{question}_label")].map(|name| kept(name).unwrap_or_default())
    })
}

/// What comes, at which question, in which parameters, and what is stored of it.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Option<[&'a str; 2]>);

#[track_caller]
fn check(cases: &[Case<'_>]) {
    let flows = load(&[source(&every_type())]);
    for (what, question, parameters, expected) in cases {
        let stored = answer(&flows, question, parameters);
        let expected = expected.map(|expected| expected.map(str::to_owned));
        assert_eq!(stored, expected, "{what}");
    }
}

#[test]
fn options() {
    check(&[
        ("an id", "CHOICE", &[("Body", "s")], Some(["s", "Small"])),
        ("a label", "CHOICE", &[("Body", "LARGE!")], Some(["l", "Large"])),
        ("a synonym", "CHOICE", &[("Body", "big")], Some(["l", "Large"])),
        ("a number", "CHOICE", &[("Body", "2)")], Some(["l", "Large"])),
        ("a printed line", "CHOICE", &[("Body", "2. Large")], Some(["l", "Large"])),
        (
            "a quick reply of ours",
            "CHOICE",
            &[("Body", "Small"), ("ButtonText", "Small"), ("ButtonPayload", "s")],
            Some(["s", "Small"]),
        ),
        (
            "a quick reply of ours in another language",
            "CHOICE",
            &[("Body", "Klein"), ("ButtonText", "Klein"), ("ButtonPayload", "s")],
            Some(["s", "Small"]),
        ),
        (
            "a quick reply with another service's payload",
            "CHOICE",
            &[("Body", "Large"), ("ButtonText", "Large"), ("ButtonPayload", "size:17")],
            Some(["l", "Large"]),
        ),
        (
            "a quick reply without a text",
            "CHOICE",
            &[("ButtonText", "Large"), ("ButtonPayload", "size:17")],
            Some(["l", "Large"]),
        ),
        (
            "a quick reply that is no option",
            "CHOICE",
            &[("Body", "Huge"), ("ButtonText", "Huge"), ("ButtonPayload", "xl")],
            None,
        ),
        (
            "an entry of a list",
            "CHOICE",
            &[("Body", "Big one"), ("ListId", "l"), ("ListTitle", "Big one")],
            Some(["l", "Large"]),
        ),
        (
            "an entry of a list of another's",
            "CHOICE",
            &[("ListId", "17"), ("ListTitle", "Large")],
            Some(["l", "Large"]),
        ),
        ("over SMS", "CHOICE", &[("From", "+15551234567"), ("Body", "1")], Some(["s", "Small"])),
        (
            "over RCS",
            "CHOICE",
            &[("From", "rcs:+15551234567"), ("Body", "1")],
            Some(["s", "Small"]),
        ),
    ]);
}

#[test]
fn places_photos_and_days() {
    check(&[
        (
            "a shared place",
            "PLACE",
            &[
                ("Latitude", "37.7879"),
                ("Longitude", "-122.3965"),
                ("Label", "Twilio"),
                ("Address", "375 Beale St, San Francisco"),
            ],
            Some(["37.7879,-122.3965", "Twilio, 375 Beale St, San Francisco"]),
        ),
        ("a typed place", "PLACE", &[("Body", "52.52, 13.405")], Some(["52.52,13.405", ""])),
        ("half a place", "PLACE", &[("Latitude", "37.7879")], None),
        (
            "a place for a photo",
            "PHOTO",
            &[("Latitude", "37.7879"), ("Longitude", "-122.3965")],
            None,
        ),
        ("a place for a text", "TEXT", &[("Latitude", "37.7"), ("Longitude", "-122.3")], None),
        (
            "a photo",
            "PHOTO",
            &[("NumMedia", "1"), ("MediaUrl0", "https://example.com/1")],
            Some(["https://example.com/1", ""]),
        ),
        (
            "a photo for a place",
            "PLACE",
            &[("NumMedia", "1"), ("MediaUrl0", "https://example.com/1")],
            None,
        ),
        (
            "a button for a date",
            "VISIT",
            &[("Body", "Christmas Eve"), ("ButtonPayload", "2026-12-24")],
            Some(["2026-12-24", ""]),
        ),
        // It is a Tuesday in Auckland already.
        ("today, where the flow is", "DAY", &[("Body", "today")], Some(["2026-11-24", ""])),
        ("tomorrow there", "VISIT", &[("Body", "Wed")], Some(["2026-11-25", ""])),
    ]);
}
