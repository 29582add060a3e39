//! Flows that nobody wrote: three at random, that may run each other. Whatever
//! of them loads goes through any conversation without a lost place, a name
//! that means nothing, a turn without an end, or a text that is longer than was
//! said. So what is checked before a flow runs is what it needs when it runs.

pub(crate) mod loaded;
mod said;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use ringback::conversation::{
    Answers, CallAnswer, Caller, Effect, Event, Flows, Known, Loaded, Note, Session, State, Taken,
    Turn, Verb, step, take,
};
use ringback::message::{Message, Reply};

use self::loaded::flows;
use self::said::{Sent, sent};
use self::written::{FLOWS, KINDS, OUTCOMES};

const BEGINNING: Timestamp = Timestamp::constant(1_795_405_200, 0);

/// So often no step of flows as small as these speaks in one turn, unless it
/// goes round without an end.
const OFTEN: usize = 14;

/// Outcomes of conversations that people leave where they are.
const LEFT: [&str; 2] = ["STOPPED", "EXPIRED"];

/// The session as an earlier version would have left it, in which steps had
/// other names.
fn of_old(flows: &Flows, session: &Session) -> Session {
    let rename = |flow: Option<&str>, name: &mut String, answers: &mut Answers| {
        let Some(flow) = flow.and_then(|flow| flows.get(flow)) else { return };
        let old = |name: &str| name.replacen('s', "old", 1);
        if flow.is_former_name(&old(name)) {
            *name = old(name);
        }
        for asked in &flow.steps {
            let Verb::Ask(ask) = &asked.verb else { continue };
            if ask.save != asked.name || !flow.is_former_name(&old(&ask.save)) {
                continue;
            }
            for end in ["", "_label"] {
                if let Some(answer) = answers.remove(&format!("{}{end}", ask.save)) {
                    answers.insert(format!("{}{end}", old(&ask.save)), answer);
                }
            }
        }
    };
    let mut session = session.clone();
    if let State::Waiting(name) = &mut session.state {
        rename(session.flow.as_deref(), name, &mut session.answers);
        for caller in &mut session.stack {
            let flow = caller.flow.clone();
            rename(Some(&flow), &mut caller.step, &mut caller.answers);
        }
    }
    session
}

/// The session as it comes back from where it is kept.
fn stored(session: &Session) -> Session {
    let answers = serde_json::to_string(&session.answers).expect("JSON");
    let stack = serde_json::to_string(&session.stack).expect("JSON");
    Session {
        answers: serde_json::from_str::<Answers>(&answers).expect("answers"),
        stack: serde_json::from_str::<Vec<Caller>>(&stack).expect("a stack"),
        ..session.clone()
    }
}

/// The flow that began the conversation.
fn whole(session: &Session) -> Option<&str> {
    session.stack.first().map(|outermost| outermost.flow.as_str()).or(session.flow.as_deref())
}

/// What a turn must be.
fn check_turn(loaded: &Loaded, before: &Session, taken: &Taken) -> Result<(), TestCaseError> {
    let (flows, turn) = (&loaded.flows, &taken.turn);
    let is_lost = turn.notes.iter().any(|note| matches!(note, Note::BeganAfresh { .. }));
    prop_assert!(!is_lost, "{:?}", turn.notes);
    prop_assert!(turn.notes.is_empty() || !is_short(loaded), "{:?}", turn.notes);
    for reply in &turn.replies {
        prop_assert!(!reply.text.contains("[]"), "{}", reply.text);
    }
    let mut times = BTreeMap::<&str, usize>::new();
    for line in turn.replies.iter().flat_map(|reply| reply.text.lines()) {
        let Some((name, _)) = line.split_once(" [").filter(|(name, _)| step_of(name).is_some())
        else {
            continue;
        };
        *times.entry(name).or_default() += 1;
    }
    prop_assert!(times.values().all(|times| *times < OFTEN), "{:?}", times);
    for ended in &turn.ended {
        let is_left = LEFT.contains(&ended.outcome.as_str());
        prop_assert!(is_left || OUTCOMES.contains(&ended.outcome.as_str()));
    }
    if let State::Waiting(name) = &turn.session.state {
        let flow = turn.session.flow.as_deref().and_then(|name| flows.get(name));
        let place = flow.and_then(|flow| Some(&flow.steps[flow.step_named(name)?]));
        prop_assert!(place.is_some_and(|step| matches!(step.verb, Verb::Ask(_) | Verb::Call(_))));
        let goes_on = matches!(before.state, State::Waiting(_)) && turn.ended.is_empty();
        prop_assert!(!goes_on || whole(before) == whole(&turn.session));
    } else {
        prop_assert!(turn.session.stack.is_empty());
    }
    check_lengths(loaded, taken)
}

/// Whether the check said of no text and no turn that it can be too long.
fn is_short(loaded: &Loaded) -> bool {
    let long = ["can have up to", "grows without end"];
    !loaded.warnings.iter().any(|finding| long.iter().any(|words| finding.message.contains(words)))
}

/// Nothing is longer than the check thinks.
fn check_lengths(loaded: &Loaded, taken: &Taken) -> Result<(), TestCaseError> {
    let units = |text: &str| text.encode_utf16().count() as u64;
    let replies = &taken.turn.replies;
    if is_short(loaded) {
        prop_assert!(loaded.longest_turns.values().all(Option::is_some));
        // A message for each text with media, one before and one after it.
        let with_media = replies.iter().filter(|reply| !reply.media.is_empty()).count();
        prop_assert!(replies.len() <= 2 * with_media + 1, "parted: {replies:?}");
    }
    let turn = &taken.turn;
    let begun = whole(&turn.session).filter(|_| turn.session.state != State::Initial);
    let ended = turn.ended.iter().map(|ended| ended.flow.as_str());
    let flows: BTreeSet<&str> = begun.into_iter().chain(ended).collect();
    let of = |flow: &&str| loaded.longest_turns.get(*flow).copied().flatten();
    let longest: Option<Vec<u64>> = flows.iter().map(of).collect();
    if let Some(longest) = longest.filter(|longest| !longest.is_empty()) {
        // `otherwise` may come after the last text of a conversation.
        let most = longest.into_iter().max().unwrap_or_default() + 1 + units("Say a.");
        let opt_out = replies.iter().any(|reply| reply.text.contains("subscribed"));
        let said: u64 = replies.iter().map(|reply| units(&reply.text)).sum();
        prop_assert!(said <= most || opt_out, "{said} > {most}: {replies:?}");
    }
    for line in replies.iter().flat_map(|reply| reply.text.lines()) {
        let Some((flow, step)) = line.split_once(" [").and_then(|(name, _)| step_of(name)) else {
            continue;
        };
        let texts = loaded
            .costs
            .iter()
            .filter(|cost| cost.flow == flow && cost.text.split('.').next() == Some(step));
        let most = texts.map(|cost| cost.units).max_by_key(|units| units.unwrap_or(u64::MAX));
        let most = most.flatten().unwrap_or(u64::MAX);
        prop_assert!(units(line) <= most, "{} > {most}: {line}", units(line));
    }
    Ok(())
}

/// The flow and the step whose text begins so.
fn step_of(name: &str) -> Option<(&str, &str)> {
    let (flow, step) = name.split_once('.')?;
    let flow = flow.strip_prefix('d').unwrap_or(flow);
    let number = step.strip_prefix('s')?;
    let is_step = FLOWS.contains(&flow) && number.parse::<usize>().is_ok();
    is_step.then_some((flow, step))
}

/// A conversation: each turn is checked, and told to whoever asks.
fn converse(
    loaded: &Loaded,
    messages: Vec<Sent>,
    mut tell: impl FnMut(&Session, &Taken),
) -> Result<(), TestCaseError> {
    let flows = &loaded.flows;
    let mut session = Session::default();
    let mut opted_out = false;
    let mut now = BEGINNING;
    for (number, (message, silence)) in messages.into_iter().enumerate() {
        now += silence;
        let known = Known { opted_out, is_double: number % 4 == 3, is_reaction: number % 8 == 7 };
        let taken = take(flows, &session, known, &message, now);
        let again = take(flows, &stored(&session), known, &message, now);
        prop_assert_eq!(&taken, &again);
        // What is ignored leaves the session as it was, old names included.
        if taken.ignored.is_none() {
            let again = take(flows, &of_old(flows, &session), known, &message, now);
            prop_assert_eq!(&taken, &again);
        }
        check_turn(loaded, &session, &taken)?;
        tell(&session, &taken);
        opted_out = taken.opted_out;
        // Some answers come before the next message, and some after it.
        session = if number % 3 == 0 {
            taken.turn.session.clone()
        } else {
            answer_calls(loaded, taken, &message, (number, now))?
        };
    }
    Ok(())
}

/// What a service answers.
fn answer(number: usize) -> CallAnswer {
    let answered = |status, body: &str| CallAnswer::Answered { status, body: body.into() };
    match number % 7 {
        0 => answered(200, r#"{"v": 7}"#),
        1 => answered(201, r#"{"v": "word"}"#),
        2 => answered(200, r#"{"v": ".."}"#),
        3 => answered(404, ""),
        4 => answered(200, "{}"),
        5 => CallAnswer::Timeout,
        _ => CallAnswer::Failed("no connection".to_owned()),
    }
}

/// Answers the calls of a turn until none is left, each turn checked.
fn answer_calls(
    loaded: &Loaded,
    mut taken: Taken,
    message: &Message,
    (mut number, now): (usize, Timestamp),
) -> Result<Session, TestCaseError> {
    let contact = Event::Message(message).contact();
    while let Some(Effect::Call { request }) = taken.turn.effects.pop() {
        let before = taken.turn.session.clone();
        let (call, answer) = (&request.call, &answer(number));
        let turn = step(&loaded.flows, &before, Event::Called { contact, call, answer }, now);
        let again = Event::Called { contact, call, answer };
        let again = step(&loaded.flows, &stored(&before), again, now);
        prop_assert_eq!(&turn, &again);
        prop_assert!(turn.session != before, "a person is stuck at a call");
        taken.turn = Turn { replies: texts(&turn.effects), ..turn };
        check_turn(loaded, &before, &taken)?;
        number += 1;
    }
    Ok(taken.turn.session)
}

fn texts(effects: &[Effect]) -> Vec<Reply> {
    let texts = effects.iter().filter_map(|effect| match effect {
        Effect::Text { reply, .. } => Some(reply.clone()),
        Effect::Call { .. } | Effect::Spend { .. } => None,
    });
    texts.collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        max_local_rejects: 10_000_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn what_loads_goes_through_any_conversation(
        (text, loaded) in flows(), messages in prop::collection::vec(sent(), 1..40),
    ) {
        let checked = converse(&loaded, messages, |_, _| {});
        prop_assert!(checked.is_ok(), "{}\n{}", checked.unwrap_err(), text);
    }
}

/// The test above is about all that flows can do, or it is worth little.
#[test]
fn flows_that_load_by_chance_do_everything() {
    const FLOWS: usize = 150;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut texts = Vec::new();
    let mut answered = BTreeSet::new();
    let mut ended = BTreeSet::new();
    let (mut waits, mut short) = (0, 0);
    for _ in 0..FLOWS {
        let (text, loaded) = flows().new_tree(&mut runner).expect("flows").current();
        short += usize::from(is_short(&loaded));
        let messages = prop::collection::vec(sent(), 40..60).new_tree(&mut runner);
        let messages = messages.expect("messages").current();
        let walked = converse(&loaded, messages, |before, taken| {
            waits += usize::from(matches!(taken.turn.session.state, State::Waiting(_)));
            ended.extend(taken.turn.ended.iter().map(|ended| ended.outcome.clone()));
            let State::Waiting(step) = &before.state else { return };
            if taken.turn.session.state != before.state {
                let flow = before.flow.as_deref().and_then(|flow| loaded.flows.get(flow));
                let place = flow.and_then(|flow| Some(&flow.steps[flow.step_named(step)?]));
                if let Some(Verb::Ask(ask)) = place.map(|step| &step.verb) {
                    answered.insert(format!("{:?}", std::mem::discriminant(&ask.answer.kind)));
                }
            }
        });
        assert!(walked.is_ok(), "{walked:?}\n{text}");
        texts.push(text);
    }
    let share = |what: &str| texts.iter().filter(|text| text.contains(what)).count();
    let kinds = KINDS.iter().map(|(keys, _)| *keys);
    let features = [
        "run: ",
        "keep: ",
        "set: ",
        "call: ",
        "meanwhile: ",
        "| title",
        "| length",
        "if: ",
        "when: ",
        "go: ",
        "end: ",
        "on_fail: ",
        "optional: ",
        "error: ",
        "media: ",
        "resume: true",
        "commands: ",
        "renamed: ",
        "language: de",
        "ended: ",
    ];
    let often = features.into_iter().chain(kinds).map(|what| (what, FLOWS / 15));
    let seldom = ["restart: ", "repeat: ", "stop: "].map(|what| (what, FLOWS / 50));
    let rare: Vec<String> = often
        .chain(seldom)
        .filter(|(what, least)| share(what) < *least)
        .map(|(what, least)| format!("{what}{} of {FLOWS}, not {least}", share(what)))
        .collect();
    assert!(rare.is_empty(), "{rare:#?}");
    assert_eq!(answered.len(), 11, "a type of answer is never given: {answered:?}");
    for outcome in OUTCOMES.into_iter().chain(LEFT) {
        assert!(ended.contains(outcome), "{outcome}: {ended:?}");
    }
    assert!(waits > 15 * FLOWS, "in {waits} turns somebody waits");
    assert!(short * 2 > FLOWS && short * 20 < 19 * FLOWS, "{short} of {FLOWS} are short");
}
