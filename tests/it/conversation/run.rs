//! Flows that are run as parts of others.

use jiff::{SignedDuration, Timestamp};
use ringback::conversation::{
    Caller, Event, Flows, Note, Session, Source, State, Turn, Value, step, stop,
};
use ringback::message::Message;

use super::{check, written};

const ORDER: &str = "flow: order
start: [order]
otherwise: Say order.
ended: 'The {{ size_label | default(\"pizza\") }} comes to {{ street | default(\"you\") }}.'
expire: 2h
commands: {restart: [start over, anew], HELP: [help me], SIZES: [sizes], COUNT: [count]}
steps:
  size: {ask: Which size?, options: {s: Small, l: Large}}
  where:
    run: address
    keep: {street: line, town: town}
    when: {ABROAD: FAR}
  DONE: {say: '{{ size_label }} to {{ street }}, {{ town }}.', end: ORDERED}
  FAR: {say: 'Not to {{ town }}, sorry.', end: REFUSED}
  HELP: {say: 'Write an address. {{ asked | default(\"Please.\") }}', resume: true}
  SIZES: {say: Small or large., go: size}
  COUNT: {set: {asked: You asked before.}, go: HELP}
";

const ADDRESS: &str = "flow: address
expire: 10m
commands: {stop: [forget it], restart: [anew], WHY: [why], repeat: [again]}
steps:
  town: {ask: Which town?, if: [{is: town == \"Paris\", go: abroad}]}
  line: {ask: 'Which street in {{ town }}?', tries: 2, on_fail: lost, min: 3}
  sure: {run: sure, when: {CANCELLED: line}}
  thanks: {say: Thank you., end: COMPLETED}
  WHY: {say: To find you., resume: true}
  abroad: {end: ABROAD}
  lost: {end: CANCELLED}
";

const SURE: &str = "flow: sure
start: [sure]
steps:
  sure: {ask: Sure?, type: yes_no, when: {\"no\": no_}, end: COMPLETED}
  no_: {end: CANCELLED}
";

fn flows() -> Flows {
    written(&[ORDER, ADDRESS, SURE])
}

fn now() -> Timestamp {
    Timestamp::constant(1_795_405_200, 0)
}

fn say(session: &Session, text: &str) -> Turn {
    let message = Message::text("SM1", "+14155550100", "+14155550199", text).expect("an address");
    step(&flows(), session, Event::Message(&message), now())
}

/// Where the messages lead, one after the other.
fn after(texts: &[&str]) -> Session {
    texts.iter().fold(Session::default(), |session, text| say(&session, text).session)
}

#[test]
fn a_part_has_variables_of_its_own_and_hands_some_back() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n= @order/size\n\
         > 2\n< Which town?\n= @town\n= @address/town\n\
         > Vienna\n< Which street in Vienna?\n? town = Vienna\n\
         > Elm Street\n< Sure?\n= @sure/sure\n\
         > yes\n< Thank you.\n< Large to Elm Street, Vienna.\n= ORDERED\n\
         ? size = l\n? street = Elm Street\n? town = Vienna\n\
         > hm\n< The Large comes to Elm Street.\n\
         > sure\n< Sure?\n> yes\n<\n= COMPLETED",
    )
    .unwrap();
}

#[test]
fn the_outcome_of_a_part_is_the_branch() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Which town?\n\
         > Paris\n< Not to Paris, sorry.\n= REFUSED\n? town = Paris",
    )
    .unwrap();
}

#[test]
fn who_cancels_a_part_cancels_the_whole_unless_when_knows_better() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Which town?\n> Rome\n\
         < Which street in Rome?\n> Via\n< Sure?\n\
         # `when` of `address` has CANCELLED.\n\
         > no\n< Which street in Rome?\n= @address/line\n\
         # `when` of `order` has not; what was answered is handed back.\n\
         > a\n< Which street in Rome?\n> b\n= CANCELLED\n? size = s\n? town = Rome\n? street = Via",
    )
    .unwrap();
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Which town?\n\
         > forget it\n< Say order.\n= CANCELLED\n? size = s",
    )
    .unwrap();
}

#[test]
fn a_command_is_heard_in_the_parts_and_is_one_of_its_own_flow() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Which town?\n\
         > why\n< To find you.\n< Which town?\n\
         > help me\n< Write an address. Please.\n< Which town?\n= @address/town\n\
         > Vienna\n< Which street in Vienna?\n> Elm Street\n< Sure?\n\
         # Two flows are around this one, and what each of them knows stays.\n\
         > why\n< To find you.\n< Sure?\n\
         > again\n< Sure?\n\
         > count\n< Write an address. You asked before.\n< Sure?\n\
         > help me\n< Write an address. You asked before.\n< Sure?\n= @sure/sure\n\
         > yes\n< Thank you.\n< Small to Elm Street, Vienna.\n= ORDERED\n? asked = You asked before.",
    )
    .unwrap();
}

#[test]
fn a_command_that_leads_elsewhere_leaves_the_parts() {
    check(
        &flows(),
        "> order\n< Which size?\n< 1. Small\n< 2. Large\n> 1\n< Which town?\n> Vienna\n\
         < Which street in Vienna?\n> Elm Street\n< Sure?\n\
         # `anew` is a word of `address` and of `order`: the inner one is meant.\n\
         > anew\n< Which town?\n= @address/town\n\
         > Linz\n< Which street in Linz?\n\
         > sizes\n< Small or large.\n< Which size?\n< 1. Small\n< 2. Large\n= @order/size\n\
         > 2\n< Which town?\n\
         > start over\n< Which size?\n< 1. Small\n< 2. Large\n= @order/size",
    )
    .unwrap();
}

#[test]
fn answers_of_a_part_are_forgotten_when_it_begins_again() {
    let session = after(&["order", "2", "Vienna", "anew"]);
    assert_eq!(session.flow.as_deref(), Some("address"));
    assert!(session.answers.is_empty());
    assert_eq!(session.stack[0].answers["size"], Value::from("l"));
    let whole = after(&["order", "2", "Vienna", "start over"]);
    assert_eq!(whole.flow.as_deref(), Some("order"));
    assert!(whole.answers.is_empty() && whole.stack.is_empty());
}

#[test]
fn the_session_keeps_a_stack() {
    let session = after(&["order", "2", "Vienna", "Elm Street"]);
    let answers = |list: &[(&str, &str)]| {
        list.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
    };
    let caller = |flow: &str, step: &str, list: &[(&str, &str)]| Caller {
        flow: flow.to_owned(),
        step: step.to_owned(),
        answers: answers(list),
    };
    let expected = Session {
        flow: Some("sure".to_owned()),
        state: State::Waiting("sure".to_owned()),
        answers: answers(&[]),
        stack: vec![
            caller("order", "where", &[("size", "l"), ("size_label", "Large")]),
            caller("address", "sure", &[("town", "Vienna"), ("line", "Elm Street")]),
        ],
        since: Some(now()),
        // The silence of the whole conversation, not that of a part.
        expires_at: Some(now() + SignedDuration::from_hours(2)),
        ..Session::default()
    };
    assert_eq!(session, expected);
    assert_eq!(session.outermost_answers(), &expected.stack[0].answers);
}

#[test]
fn a_conversation_that_is_left_in_a_part_is_that_of_its_outermost_flow() {
    let session = after(&["order", "2", "Vienna"]);
    let stopped = stop(&flows(), &session, now());
    let late = now() + SignedDuration::from_hours(3);
    let expired = stop(&flows(), &session, late);
    let message = Message::text("SM1", "+14155550100", "+14155550199", "Hi").expect("an address");
    let turns = [(&stopped, "STOPPED"), (&expired, "EXPIRED")];
    for (turn, outcome) in turns {
        let [ended] = turn.ended.as_slice() else { panic!("{turn:?}") };
        assert_eq!((ended.flow.as_str(), ended.outcome.as_str()), ("order", outcome));
        assert_eq!(ended.answers, session.stack[0].answers);
        assert_eq!(turn.session.stack, []);
        assert_eq!(turn.session.flow.as_deref(), Some("order"));
    }
    let told = step(&flows(), &stopped.session, Event::Message(&message), late);
    assert_eq!(told.replies[0].text, "The Large comes to you.");
}

#[test]
fn a_stack_that_no_longer_fits_begins_afresh() {
    let session = after(&["order", "2", "Vienna", "Elm Street"]);
    let changed = |change: &dyn Fn(&mut Session)| {
        let mut session = session.clone();
        change(&mut session);
        session
    };
    let cases: [(&str, &str, &str, Session); 7] = [
        (
            "gone",
            "where",
            "no such flow is loaded",
            changed(&|s| "gone".clone_into(&mut s.stack[0].flow)),
        ),
        (
            "order",
            "gone",
            "the flow has no such step",
            changed(&|s| "gone".clone_into(&mut s.stack[0].step)),
        ),
        (
            "order",
            "size",
            "the step runs no other flow",
            changed(&|s| "size".clone_into(&mut s.stack[0].step)),
        ),
        (
            "order",
            "where",
            "the answer `size` is missing",
            changed(&|s| s.stack[0].answers.clear()),
        ),
        (
            "address",
            "sure",
            "the answer `line` is missing",
            changed(&|s| drop(s.stack[1].answers.remove("line"))),
        ),
        (
            "sure",
            "sure",
            "the flow around it runs `address` there",
            changed(&|s| drop(s.stack.remove(1))),
        ),
        (
            "order",
            "where",
            "the flow around it runs `sure` there",
            changed(&|s| {
                let first = s.stack[0].clone();
                s.stack.push(first);
            }),
        ),
    ];
    for (flow, at, reason, session) in cases {
        let turn = say(&session, "order");
        let note = Note::BeganAfresh {
            flow: flow.to_owned(),
            step: at.to_owned(),
            reason: reason.to_owned(),
        };
        assert_eq!(turn.notes, [note]);
        assert_eq!(turn.session.state, State::Waiting("size".to_owned()));
        assert_eq!(turn.session.stack, []);
        assert_eq!(turn.ended, []);
        // Not the part, but the whole begins again.
        let turn = say(&session, "hm");
        let is_there = session.outermost_flow() == Some("order");
        assert_eq!(turn.session.state.as_str(), if is_there { "size" } else { "INITIAL" });
        assert!(turn.replies[0].text.starts_with("Sorry, this conversation has changed"));
    }
    // What has ended has no stack, whatever the database says.
    let ended = Session { state: State::Ended("ORDERED".to_owned()), ..session };
    assert_eq!(say(&ended, "order").notes, []);
}

#[test]
fn a_step_that_runs_a_flow_may_have_another_name_today() {
    let order = ORDER.replace("steps:", "renamed: {place: where}\nsteps:");
    let flows = written(&[&order, ADDRESS, SURE]);
    let mut session = after(&["order", "2"]);
    "place".clone_into(&mut session.stack[0].step);
    let message = Message::text("SM1", "+14155550100", "+14155550199", "Rome").expect("an address");
    let turn = step(&flows, &session, Event::Message(&message), now());
    assert_eq!((turn.notes, turn.session.stack[0].step.as_str()), (vec![], "where"));
}

#[test]
fn a_part_may_come_to_its_end_without_a_question() {
    let flows = written(&[
        "flow: whole\nstart: [go]\nsteps:\n  \
         part: {run: part, keep: {how: how}, when: {ASKED: end}}\n  \
         end: {say: 'It is {{ how }}.', end: DONE}\n",
        "flow: part\nsteps:\n  \
         how: {set: {how: quiet}, if: [{is: channel == \"sms\", go: silent}]}\n  \
         ask: {ask: How?, save: how, end: ASKED}\n  silent: {say: Hush.}\n",
    ]);
    check(&flows, "> go\n< Hush.\n< It is quiet.\n= DONE").unwrap();
    check(&flows, "@whatsapp\n> go\n< How?\n> loud\n< It is loud.\n= DONE").unwrap();
}

#[test]
fn a_command_of_a_part_that_has_ended_leads_back_to_nothing() {
    let flows = written(&[
        "flow: whole\nstart: [go]\ncommands: {help: [help me]}\nsteps:\n  \
         part: {run: part}\n  help: {say: I help., resume: true}\n  last: {ask: Last?}\n",
        "flow: part\ncommands: {quit: [leave]}\nsteps:\n  \
         first: {ask: First?, end: DONE}\n  quit: {say: Well.}\n",
    ]);
    check(&flows, "> go\n< First?\n> leave\n< Well.\n< I help.\n< Last?\n= @whole/last").unwrap();
    check(&flows, "> go\n< First?\n> help me\n< I help.\n< First?\n= @part/first").unwrap();
}

/// A flow that asks after some steps, and goes on for some, and one that runs
/// it with steps of its own before and after.
fn long(before: usize, after: usize, before_run: usize, after_run: usize) -> Vec<Source> {
    let says = |name: &str, count: usize| -> String {
        let says = (0..count).map(|n| format!("  {name}{n}: {{say: '{n}'}}\n"));
        says.collect::<Vec<_>>().concat()
    };
    let part = format!(
        "flow: part\nsteps:\n{}  ask: {{ask: What?}}\n{}  last: {{end: ASKED}}\n",
        says("a", before),
        says("b", after - 1)
    );
    let whole = format!(
        "flow: whole\nstart: [go]\nsteps:\n{}  run: {{run: part}}\n{}  last: {{end: FAR}}\n",
        says("a", before_run),
        says("b", after_run - 1)
    );
    [("part", part), ("whole", whole)]
        .map(|(name, text)| Source { name: format!("flows/{name}.yaml"), text })
        .into()
}

#[test]
fn a_turn_through_a_part_passes_at_most_a_hundred_steps() {
    // The step that runs the part is one of them, the question is another.
    for (before, after, before_run, after_run, loads) in [
        (50, 40, 48, 60, true),
        (51, 40, 48, 60, false),
        (50, 40, 49, 60, false),
        (50, 41, 48, 60, false),
        (50, 40, 48, 61, false),
    ] {
        match Flows::load(&long(before, after, before_run, after_run)) {
            Err(findings) => assert!(!loads, "{findings}"),
            Ok(loaded) => {
                assert!(loads, "{before} {after} {before_run} {after_run}");
                let mut session = Session::default();
                for text in ["go", "that"] {
                    let message = Message::text("SM1", "+14155550100", "+14155550199", text);
                    session =
                        step(&loaded.flows, &session, Event::Message(&message.unwrap()), now())
                            .session;
                }
                assert_eq!(session.state, State::Ended("FAR".to_owned()));
            }
        }
    }
    let findings = Flows::load(&long(1, 50, 1, 60)).unwrap_err();
    insta::assert_snapshot!(findings.render(false), @r"
    error[turn-steps]: after the last question of the flow that `run` runs, 110 steps follow in one turn
     --> flows/whole.yaml:5:3
      |
    5 |   run: {run: part}
      |   ^^^
      |
      = help: a turn passes at most 100 steps: ask something in between, or do more in one step
    ");
}

#[test]
fn whoever_stops_within_a_part_hears_one_farewell() {
    let order = "flow: order
start: [order]
otherwise: Say order.
steps:
  where: {run: place, when: {CANCELLED: bye}}
  done: {end: ORDERED}
  bye: {say: Bye., end: CANCELLED}
";
    let place = "flow: place\ncommands: {stop: [enough]}\nsteps:\n  line: {ask: Where?}\n";
    check(&written(&[order, place]), "> order\n< Where?\n> enough\n< Bye.\n= CANCELLED").unwrap();
}
