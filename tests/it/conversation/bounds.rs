//! What a conversation holds is bounded, whatever its flow puts together, and
//! it goes on all the same.

use jiff::Timestamp;
use ringback::conversation::{Answers, Event, Flows, Note, Session, State, Turn, Value, step};
use ringback::message::Message;

use super::written;

/// The most bytes of a value, as `docs/flows.md` has it.
const VALUE: usize = 16_384;

/// The most bytes of all values; a short one is kept all the same.
const ALL: usize = 256 * 1024;

fn say(flows: &Flows, session: &Session, text: &str) -> Turn {
    let message = Message::text("SM1", "+14155552671", "+15550006666", text).unwrap();
    step(flows, session, Event::Message(&message), Timestamp::UNIX_EPOCH)
}

/// A conversation, from its first message.
fn play(flows: &Flows, says: &[&str]) -> Turn {
    let (first, others) = says.split_first().unwrap();
    let turn = say(flows, &Session::default(), first);
    others.iter().fold(turn, |turn, text| say(flows, &turn.session, text))
}

fn text<'a>(answers: &'a Answers, name: &str) -> &'a str {
    let Value::Text(text) = &answers[name] else { panic!("{name} is no text") };
    text
}

/// Where values were cut, by the notes: the step and the variable.
fn cuts(turn: &Turn) -> Vec<(&str, &str)> {
    let cuts = turn.notes.iter().filter_map(|note| match note {
        Note::ValueCut { step, variable, .. } => Some((step.as_str(), variable.as_str())),
        _ => None,
    });
    cuts.collect()
}

/// All bytes of the values that a session holds.
fn size(session: &Session) -> usize {
    let around = session.stack.iter().map(|caller| &caller.answers);
    let values = around.chain([&session.answers]).flat_map(Answers::values);
    values.map(|value| value.to_string().len()).sum()
}

/// So many steps, each of which sets what is written.
fn steps(count: usize, set: impl Fn(usize) -> String) -> String {
    let steps: Vec<String> =
        (0..count).map(|n| format!("  S{n}: {{set: {{{}}}}}\n", set(n))).collect();
    steps.concat()
}

#[test]
fn a_value_that_doubles_is_cut_and_noted_once() {
    let double = steps(40, |_| "X: '{{ X }}{{ X }}'".to_owned());
    let flows = written(&[&format!(
        "flow: double\nstart: [go]\nsteps:\n  X: {{ask: Say it}}\n{double}  END: {{ask: And?}}\n"
    )]);
    let turn = play(&flows, &["go", "12"]);
    assert_eq!(text(&turn.session.answers, "X"), "12".repeat(VALUE / 2));
    assert_eq!(cuts(&turn), [("S13", "X")]);
    // No sign is parted: of `👍🏽` there are eight bytes, of `x́` three.
    for (sign, left) in [("👍🏽", VALUE / 8), ("x\u{301}", VALUE / 3), ("ä", VALUE / 2)] {
        let turn = play(&flows, &["go", sign]);
        assert_eq!(text(&turn.session.answers, "X"), sign.repeat(left));
    }
}

#[test]
fn each_way_to_grow_has_an_end() {
    let answer = "ß".repeat(4_000);
    for (what, steps) in [
        ("a filter", "  Y: {set: {X: '{{ X | upper }}{{ X | title }}'}}\n"),
        ("a default", "  Y: {set: {X: '{{ Z | default(X) }}{{ X }}{{ X }}'}}\n"),
        (
            "a filter alone",
            "  Y: {set: {W: '{{ X }}{{ X }}', X: '{{ W | upper | title | upper }}'}}\n",
        ),
        (
            "a part",
            "  Y: {set: {X: '{{ X }}{{ X }}{{ X }}'}}\n  P: {run: part, keep: {X: GIVEN}}\n",
        ),
    ] {
        let flows = written(&[
            &format!(
                "flow: all\nstart: [go]\nsteps:\n  X: {{ask: x, max: 4096}}\n  \
                 Z: {{ask: z, optional: [skip]}}\n{steps}  \
                 AGAIN: {{ask: Again?, if: [{{is: AGAIN == \"no\", go: END}}], go: Y}}\n  END: {{say: Bye}}\n"
            ),
            "flow: part\nstart: [more]\nsteps:\n  GIVEN: {ask: More?, max: 4096}\n  \
             G: {set: {GIVEN: '{{ GIVEN }}{{ GIVEN }}{{ GIVEN }}{{ GIVEN }}'}}\n",
        ]);
        let mut turn = play(&flows, &["go", &answer, "skip"]);
        for _ in 0..20 {
            turn = say(&flows, &turn.session, &answer);
            let longest = turn.session.answers.values().map(|value| value.to_string().len()).max();
            assert!(longest <= Some(VALUE), "{what}: {longest:?}");
            assert!(matches!(turn.session.state, State::Waiting(_)), "{what}");
        }
    }
}

#[test]
fn all_values_together_have_a_bound_and_short_ones_are_kept() {
    let fill = steps(60, |n| format!("V{n}: '{{{{ X }}}}{{{{ X }}}}'"));
    let part = fill.replace("{{ X }}", "{{ Y }}");
    let flows = written(&[
        &format!(
            "flow: all\nstart: [go]\nsteps:\n  X: {{ask: x, max: 4096}}\n{fill}  P: {{run: part}}\n  END: {{ask: And?}}\n"
        ),
        &format!(
            "flow: part\nsteps:\n  Y: {{ask: y, max: 4096}}\n{part}  Z: {{ask: z, options: {{one: One, two: Two}}, when: {{one: ONE}}}}\n  \
             TWO: {{ask: two, go: Z}}\n  ONE: {{ask: one}}\n"
        ),
    ]);
    let long = "x".repeat(4_096);
    let turn = play(&flows, &["go", &long]);
    assert!(size(&turn.session) <= ALL + 60 * 400, "{}", size(&turn.session));
    assert_eq!(cuts(&turn), [("S31", "V31")]);
    let turn = say(&flows, &turn.session, &long);
    assert_eq!(turn.session.stack.len(), 1);
    assert!(size(&turn.session) <= ALL + 122 * 400, "{}", size(&turn.session));
    assert_eq!(cuts(&turn), [("Y", "Y")]);
    // A way that is chosen is the right one still.
    let turn = say(&flows, &turn.session, "one");
    assert_eq!(turn.session.state, State::Waiting("ONE".to_owned()));
    assert_eq!(text(&turn.session.answers, "Z"), "one");
    // What a part held makes room when it ends.
    let turn = say(&flows, &turn.session, "1");
    assert_eq!(turn.session.state, State::Waiting("END".to_owned()));
    assert!(size(&turn.session) <= ALL + 60 * 400);
}

#[test]
fn a_text_of_many_long_values_ends_with_the_messages() {
    let texts = steps(80, |_| format!("Z: '{}'", "{{ X }}".repeat(1_000)));
    let flows = written(&[&format!(
        "flow: long\nstart: [go]\nsteps:\n  X: {{ask: x, max: 4}}\n  M: {{set: {{X: '{}'}}}}\n{texts}  END: {{ask: '{}'}}\n",
        "{{ X }}".repeat(2_000),
        "{{ X | upper }}".repeat(1_000)
    )]);
    let turn = play(&flows, &["go", "1234"]);
    assert!(turn.replies.iter().all(|reply| reply.text.len() <= 1_600));
    assert_eq!(turn.replies.len(), 10);
    assert!(turn.notes.iter().any(|note| matches!(note, Note::MessagesDropped(1..))));
}

#[test]
fn what_an_earlier_release_stored_goes_on() {
    let flows = written(&["flow: old\nstart: [go]\nsteps:\n  A: {ask: a, optional: [skip]}\n  \
         B: {ask: '{{ A }}?'}\n  C: {ask: '{{ A }} {{ B }}'}\n"]);
    let turn = play(&flows, &["go", "a"]);
    let mut session = turn.session;
    session.answers.insert("A".to_owned(), Value::Text("é".repeat(500_000)));
    session.answers.insert("OLD".to_owned(), Value::Text("x".repeat(3_000_000)));
    let turn = say(&flows, &session, "yes");
    assert_eq!(turn.session.state, State::Waiting("C".to_owned()));
    assert_eq!(text(&turn.session.answers, "A"), "é".repeat(VALUE / 2));
    assert_eq!(text(&turn.session.answers, "B"), "yes");
    assert_eq!(cuts(&turn), [("B", "A")]);
    let turn = say(&flows, &turn.session, "yes");
    assert_eq!((turn.session.state.as_str(), cuts(&turn)), ("COMPLETED", vec![]));
}

#[test]
fn what_check_says_nothing_of_is_never_cut() {
    let flow = |max: u64, set: &str| {
        let name = "flows/all.yaml".to_owned();
        let text = format!(
            "flow: all\nstart: [go]\nsteps:\n  A: {{ask: a, max: {max}}}\n  S: {{set: {{X: '{set}'}}}}\n  B: {{ask: b}}\n"
        );
        Flows::load(&[ringback::conversation::Source { name, text }]).unwrap()
    };
    let warns = |max, set| flow(max, set).warnings.render(false).contains("is cut to so many");
    for (set, fits) in [
        ("{{ A }}", 4_096),
        ("{{ A }}{{ A }}", 2_048),
        ("{{ A }}, {{ A }}", 2_047),
        ("{{ A | upper }}", 2_730),
    ] {
        assert!(!warns(fits, set) && (fits == 4_096 || warns(fits + 1, set)), "{set}");
        for sign in ["🎉", "ΐ", "€", "a"] {
            let flows = flow(fits, set).flows;
            let answer = sign.repeat(usize::try_from(fits).unwrap());
            assert_eq!(cuts(&play(&flows, &["go", &answer])), [], "{set} {sign}");
        }
    }
}
