//! How long the check thinks that texts and turns can be: as long as somebody
//! can make them, and where that can be had, not a sign longer.

use jiff::Timestamp;
use ringback::conversation::{Event, Flows, Loaded, Session, Source, step};
use ringback::message::{Location, Media, Message};

use super::one;

const NOW: Timestamp = Timestamp::constant(1_795_405_200, 0);

fn loaded(sources: &[Source]) -> Loaded {
    Flows::load(sources).unwrap_or_else(|findings| panic!("{findings}"))
}

fn written(body: &str) -> Message {
    let mut message = Message::text("SM1", "messenger:1", "+14155550199", body).unwrap();
    message.profile_name = Some("🙂".repeat(100));
    message
}

fn units(text: &str) -> u64 {
    text.encode_utf16().count() as u64
}

/// What the last of these messages is answered with, and the most units of
/// each turn.
fn said(loaded: &Loaded, messages: &[Message]) -> (String, u64) {
    let mut session = Session::default();
    let mut last = String::new();
    let mut most = 0;
    for message in messages {
        let turn = step(&loaded.flows, &session, Event::Message(message), NOW);
        let texts: Vec<&str> = turn.replies.iter().map(|reply| reply.text.as_str()).collect();
        last = texts.concat();
        most = most.max(units(&last));
        session = turn.session;
    }
    (last, most)
}

/// The most units that the check allows the step DONE.
fn most_of_done(loaded: &Loaded) -> u64 {
    let done = loaded.costs.iter().find(|cost| cost.text == "DONE.say").unwrap();
    done.units.unwrap()
}

#[test]
fn each_answer_is_as_long_as_it_can_be() {
    let emoji = "🙂".repeat(5);
    let ligatures = "ﬃ".repeat(5);
    // Keys of the question, what is shown of it, the longest answer, and
    // whether nothing longer is thought to be possible.
    for (keys, shown, answer, is_exact) in [
        ("max: 5", "{{ Q }}", emoji.as_str(), true),
        ("max: 5", "{{ Q | upper }}", &ligatures, true),
        ("max: 5", "{{ Q | title }} and {{ Q }}", &ligatures, false),
        ("max: 5", "{{ Q | default(\"any\") }}", &emoji, true),
        ("max: 5, optional: [none]", "{{ Q | default(\"nothing at all\") }}", "none", false),
        ("match: '.{1,5}'", "{{ Q }}", &emoji, true),
        ("match: '.{1,5}', max: 3", "{{ Q }}", "🙂🙂🙂", true),
        ("max: 5000", "{{ Q | length }}", "", false),
        ("max: 4096", "{{ Q | length }}", &"x".repeat(4096), true),
        ("type: integer, min: -500, max: 99", "{{ Q }}", "-500", true),
        ("type: integer, min: 5, max: 1000", "{{ Q }}", "1000", true),
        ("type: integer", "{{ Q }}", "-9223372036854775808", true),
        ("type: number", "{{ Q }}", "-0.123456789012345", false),
        ("type: yes_no", "{{ Q }}", "yes", true),
        ("options: {a: Ahorn, buche: B}", "{{ Q }}", "buche", true),
        ("options: {a: Ahorn, buche: B}", "{{ Q_label | upper }}", "a", true),
        ("options: {a: Straße, b: B}", "{{ Q_label | upper }}", "a", true),
        ("type: phone, country: DE", "{{ Q }}", "+4915112345678", false),
        ("type: email", "{{ Q }}", "ada@example.com", false),
        ("type: date", "{{ Q }}", "2026-12-24", true),
        ("type: date", "{{ Q | date }}", "2026-09-30", true),
        ("type: time", "{{ Q }}", "14:30", true),
        ("type: location", "{{ Q }}", "-52.123456, -113.123456", true),
        ("max: 5", "{{ profile_name | default(\"\") }} {{ channel }} {{ now }}", "x", true),
        ("max: 5", "{{ now | date }} {{ Q == \"x\" }}", "x", false),
    ] {
        let text = format!(
            "flow: q\nstart: [go]\nsteps:\n  Q: {{ask: Q?, {keys}}}\n  DONE: {{say: 'So: {shown}'}}\n"
        );
        let Ok(loaded) = Flows::load(&one(&text)) else {
            assert_eq!(keys, "max: 5000");
            continue;
        };
        let (said, _) = said(&loaded, &[written("go"), written(answer)]);
        assert!(said.starts_with("So: "), "{keys}: {said}");
        let most = most_of_done(&loaded);
        assert!(units(&said) <= most, "{keys} {shown}: {} > {most}", units(&said));
        assert!(!is_exact || units(&said) == most, "{keys} {shown}: {} < {most}", units(&said));
    }
}

#[test]
fn what_is_attached_is_as_long_as_it_can_be() {
    let photos = Message {
        media: (0..10)
            .map(|_| Media { url: "u".repeat(162), content_type: String::new() })
            .collect(),
        ..written("")
    };
    let place = Message {
        location: Some(Location {
            latitude: "-52.123456".to_owned(),
            longitude: "-113.123456".to_owned(),
            label: Some("🙂".repeat(300)),
            address: None,
        }),
        ..written("")
    };
    for (kind, shown, message) in
        [("media", "{{ Q }}", photos), ("location", "{{ Q_label }}", place)]
    {
        let text = format!(
            "flow: q\nstart: [go]\nsteps:\n  Q: {{ask: Q?, type: {kind}}}\n  DONE: {{say: '{shown}'}}\n"
        );
        let loaded = loaded(&one(&text));
        let (_, most) = said(&loaded, &[written("go"), message]);
        // What is parted loses the space at the cut.
        assert!(most_of_done(&loaded) - most <= 1, "{kind}: {most}");
    }
}

#[test]
fn what_variables_are_made_of_counts() {
    let emoji = "🙂".repeat(9);
    for (steps, most) in [
        ("S: {set: {v: '{{ Q }}, {{ Q }}'}}", Some(2 * 18 + 2)),
        ("S: {set: {w: '{{ Q }}'}}\n  T: {set: {v: '{{ w }}!'}}", Some(18 + 1)),
        // The one that is longer.
        (
            "S: {set: {v: nobody}}\n  T: {if: [{is: Q == \"\", go: DONE}]}\n  U: {set: {v: '{{ Q }}'}}",
            Some(18),
        ),
        ("S: {set: {v: '{{ Q }}', w: '{{ v }}', v2: '{{ w }}'}}", Some(18)),
        ("S: {set: {v: '{{ v | default(Q) }}'}}", Some(18)),
        ("S: {set: {v: '{{ v | default(\"\") }}{{ Q }}'}}", None),
        ("S: {set: {v: '{{ w | default(Q) }}', w: '{{ v }}.'}}", None),
    ] {
        let text = format!(
            "flow: q\nstart: [go]\nsteps:\n  Q: {{ask: Q?, max: 9}}\n  {steps}\n  DONE: {{say: '{{{{ v }}}}', if: [{{is: Q == \"more\", go: Q}}]}}\n"
        );
        let loaded = loaded(&one(&text));
        let done = loaded.costs.iter().find(|cost| cost.text == "DONE.say").unwrap();
        assert_eq!(done.units, most, "{steps}");
        if let Some(most) = most {
            let (said, _) = said(&loaded, &[written("go"), written(&emoji)]);
            assert_eq!(units(&said), most, "{steps}");
        }
    }
}

/// The steps of a flow and of one that it runs, and what is said to it: one of
/// the turns is the longest that there can be.
#[test]
fn turns_are_as_long_as_they_can_be() {
    let name = "🙂".repeat(10);
    for (files, messages) in [
        (
            vec!["A: {say: Hello!}\n  B: {say: How are you?}\n  Q: {ask: Your name?, max: 10}"],
            vec!["go"],
        ),
        (
            vec![
                "Q: {ask: Your name?, max: 10}\n  A: {say: 'Hello {{ Q }}'}\n  B: {set: {x: y}}\n  C: {say: Bye.}",
            ],
            vec!["go", &name],
        ),
        (
            vec![
                "Q: {ask: Your name and that of your dog?, max: 10}\n  R: {ask: 'And, {{ Q }}?'}\n  HELP: {say: This is a help text., resume: true}",
            ],
            vec!["go", "help me"],
        ),
        (
            vec![
                "A: {say: Now to a part.}\n  P: {run: b, keep: {n: Q}}\n  D: {say: 'So you are {{ n }}'}\n  E: {ask: More?}",
                "Q: {ask: Your name?, max: 10}\n  F: {say: 'Fine, {{ Q }}'}",
            ],
            vec!["go", &name],
        ),
        (
            vec![
                "A: {say: Now to a part that asks a lot.}\n  P: {run: b}",
                "G: {say: This is a part that says a lot before it asks.}\n  Q: {ask: Your name?}",
            ],
            vec!["go"],
        ),
        (
            vec![
                "Q: {ask: Which?, options: {s: Short, l: Long}}\n  P: {run: b}\n  D: {say: After a part that asks nothing.}",
                "A: {if: [{is: channel == \"sms\", go: N}]}\n  B: {say: Passing by., end: OUT}\n  N: {ask: N?}",
            ],
            vec!["go", "2"],
        ),
        (
            vec![
                "P: {run: b}\n  E: {ask: More?}\n  HELP: {say: Help., resume: true}",
                "Q: {ask: This is the longest question of them all., max: 10}",
            ],
            vec!["go", "help me"],
        ),
        (
            vec![
                "P: {run: b}",
                "Q: {ask: Q?, max: 10}\n  R: {ask: 'This is said in the part only, {{ Q }}, and is longer.'}",
            ],
            vec!["go", &name],
        ),
        (
            vec!["Q: {ask: Q?, type: integer, error: This is longer than all of the rest.}"],
            vec!["go", "what"],
        ),
    ] {
        let sources: Vec<Source> = files
            .iter()
            .zip(["a", "b"])
            .map(|(steps, name)| {
                let command =
                    if steps.contains("HELP") { "commands: {HELP: [help me]}\n" } else { "" };
                let start = if name == "a" { "start: [go]\n" } else { "" };
                let text = format!("flow: {name}\n{start}{command}steps:\n  {steps}\n");
                Source { name: format!("flows/{name}.yaml"), text }
            })
            .collect();
        let loaded = loaded(&sources);
        let messages: Vec<Message> = messages.into_iter().map(written).collect();
        let (_, most) = said(&loaded, &messages);
        assert_eq!(loaded.longest_turns["a"], Some(most), "{files:#?}");
    }
}
