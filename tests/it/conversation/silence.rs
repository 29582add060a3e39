//! What happens while nobody writes: nudges, timeouts, `on_expire`, quiet hours.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ringback::conversation::chat_file::{ChatFile, Deployments, run};
use ringback::conversation::{
    Asked, Contact, Effect, Event, Flows, Session, Source, State, TextKind, hastened, step,
    upcoming,
};
use ringback::message::{Channel, Message, Sender};

const FLOW: &str = "
flow: table
start: [table]
quiet: 21:00 to 8:00
expire: 20h
expired: Welcome back.
ended: It is over.
on_expire: GONE
commands: {repeat: [again], help: [help]}
steps:
  GUESTS:
    ask: How many?
    type: integer
    nudges: {10m: First., 1h: Second.}
  SURE:
    ask: Sure?
    type: yes_no
    timeout: 2h
    on_timeout: ONCE_MORE
    end: BOOKED
  ONCE_MORE:
    say: No answer?
  REALLY:
    ask: Really not?
    nudges: {5m: \"{{ GUESTS }} guests\"}
    timeout: 30m
    on_timeout: SILENT
  SILENT:
    set: {why: silence}
    end: ABANDONED
  help:
    say: We keep tables.
    resume: true
  GONE:
    say: Closed.
    end: NO_SHOW
";

fn flows(texts: &[&str]) -> Flows {
    let sources = (0..)
        .zip(texts)
        .map(|(at, text)| Source { name: format!("{at}.yaml"), text: text.replace("\\\"", "\"") });
    let sources: Vec<Source> = sources.collect();
    Flows::load(&sources).unwrap_or_else(|findings| panic!("{}", findings.render(false))).flows
}

fn play(flows: &Flows, chat: &str) {
    let file = ChatFile::parse("a.chat", chat).unwrap();
    let report = run(flows, &file, &Deployments::new());
    if let Some(mismatch) = report.mismatch {
        panic!("{}", mismatch.render(false));
    }
}

/// Each begins at 9:00.
#[test]
fn silence_goes_as_it_is_written() {
    let flows = flows(&[FLOW]);
    for chat in [
        // Nudges come once each, at their times.
        "> table\n< How many?\n@wait 599s\n@wait 1s\n< First.\n@wait 50m\n< Second.\n@wait 9h\n= @GUESTS\n",
        // Several at once are different messages.
        "> table\n< How many?\n@wait 2h\n< First.\n<---\n< Second.\n",
        // They restart when the question is asked again: after an answer that does not fit, and by a command.
        "> table\n< How many?\n@wait 30m\n< First.\n> hm\n< How many?\n@wait 10m\n< First.\n@wait 45m\n> again\n< How many?\n@wait 9m\n> help\n< We keep tables.\n< How many?\n@wait 9m\n@wait 1m\n< First.\n",
        // An answer ends them.
        "> table\n< How many?\n@wait 30m\n< First.\n> 2\n< Sure?\n@wait 1h\n> yes\n@wait 5h\n= BOOKED\n",
        // A timeout goes on, asks, and times out again.
        "> table\n< How many?\n> 2\n< Sure?\n@wait 2h\n< No answer?\n< Really not?\n@wait 5m\n< 2 guests\n@wait 25m\n? why = silence\n= ABANDONED\n> hm\n< It is over.\n",
        // The same in one go.
        "> table\n< How many?\n> 2\n< Sure?\n@wait 3h\n< No answer?\n< Really not?\n<---\n< 2 guests\n= ABANDONED\n",
        // At 20:55 the second nudge, the timeout and the end of the silence wait for the morning.
        "@wait 11h\n@wait 55m\n> table\n< How many?\n@clock 21:05\n@clock 7:59\n= @GUESTS\n@clock 8:00\n< Second.\n> 2\n< Sure?\n",
        "@wait 11h\n> table\n< How many?\n> 2\n< Sure?\n@clock 7:59\n@clock 8:00\n< No answer?\n< Really not?\n",
        // The end of the silence says something, and has the outcome that it names.
        "> table\n< How many?\n@wait 3h\n< First.\n<---\n< Second.\n@clock 7:59\n= @GUESTS\n@clock 8:00\n< Closed.\n= NO_SHOW\n> hm\n< It is over.\n",
        // Until the morning an answer counts, and the silence restarts.
        "> table\n< How many?\n@wait 3h\n< First.\n<---\n< Second.\n@clock 7:30\n> 2\n< Sure?\n@wait 2h\n< No answer?\n< Really not?\n",
        // Nothing of it is said to a person who has stopped.
        "> table\n< How many?\n> stop\n<\n@wait 3d\n= STOPPED\n",
        // A repeat of the message gets its reply, whatever came in between.
        "> table\n< How many?\n@wait 10m\n< First.\n@redeliver\n< How many?\n",
    ] {
        play(&flows, chat);
    }
}

#[test]
fn only_the_person_ends_the_silence_of_expire() {
    let flow = "
flow: a
start: [a]
expire: 3h
on_expire: GONE
steps:
  A: {ask: A?, nudges: {1h: Nudge.}, timeout: 2h, on_timeout: B}
  B: {ask: B?, end: DONE}
  GONE: {set: {x: y}}
";
    let flows = flows(&[flow]);
    // Three hours after the message, not after the question.
    play(
        &flows,
        "> a\n< A?\n@wait 1h\n< Nudge.\n@wait 1h\n< B?\n@wait 59m\n= @B\n@wait 1m\n= EXPIRED\n? x = y\n",
    );
    play(&flows, "> a\n< A?\n@wait 2h\n< Nudge.\n<---\n< B?\n> b\n= DONE\n");
}

#[test]
fn a_sub_flow_has_the_silence_of_the_outermost_flow() {
    let outer = "
flow: outer
start: [outer]
expire: 10h
on_expire: GONE
quiet: 12:00 to 13:00
steps:
  NAME: {ask: Name?}
  SUB: {run: inner, when: {LEFT: BYE}}
  BYE: {say: \"Bye, {{ NAME }}.\", end: BYE_BYE}
  GONE: {say: \"Closed, {{ NAME | default('you') }}.\"}
";
    let inner = "
flow: inner
expire: 2m
steps:
  Q: {ask: Q?, nudges: {2h: Inner nudge.}, timeout: 5h, on_timeout: OUT}
  OUT: {set: {a: b}, end: LEFT}
";
    let flows = flows(&[outer, inner]);
    play(
        &flows,
        "> outer\n< Name?\n> Ann\n< Q?\n@wait 2h\n< Inner nudge.\n@wait 3h\n< Bye, Ann.\n= BYE_BYE\n",
    );
    // From 10:30 on the nudge would come in the quiet hour.
    play(
        &flows,
        "@wait 90m\n> outer\n< Name?\n> Ann\n< Q?\n@clock 12:59\n@clock 13:00\n< Inner nudge.\n",
    );
    play(&flows, "> outer\n< Name?\n@wait 10h\n< Closed, you.\n= EXPIRED\n");
}

/// A message that comes before anybody noticed that the silence was over.
#[test]
fn a_message_after_the_silence_does_not_hear_what_was_for_silence() {
    let flows = flows(&[FLOW]);
    let message = |id: &str, text: &str| Message::text(id, "+14155550100", "+1", text).unwrap();
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let asked = step(&flows, &Session::default(), Event::Message(&message("1", "table")), now);
    let late = now + SignedDuration::from_hours(72);
    let turn = step(&flows, &asked.session, Event::Message(&message("2", "hm")), late);
    assert_eq!(turn.ended[0].outcome, "NO_SHOW");
    // At 5:00 it is night: the end counts from 8:00.
    assert_eq!(turn.ended[0].ended_at.to_string(), "2026-01-06T08:00:00Z");
    assert_eq!(turn.replies.len(), 1);
    assert_eq!(turn.replies[0].text, "Welcome back.");
    assert_eq!(turn.effects, []);
    assert_eq!(turn.session.state, State::Initial);
}

#[test]
fn texts_say_why_they_are_sent() {
    let flows = flows(&[FLOW]);
    let message = |text: &str| Message::text("1", "+14155550100", "+1", text).unwrap();
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let sender = Sender::from_key("+14155550100".to_owned());
    let contact = Contact { sender: &sender, profile_name: None, channel: Channel::Sms };
    let kinds = |session: &Session| {
        let at = session.wakes_at.unwrap();
        let turn = step(&flows, session, Event::Silence(contact), at);
        assert_eq!(turn.replies, []);
        let kinds = turn.effects.iter().map(|effect| match effect {
            Effect::Text { kind, .. } => *kind,
            Effect::Call { .. } | Effect::Spend { .. } => {
                panic!("this flow makes no calls and waits for no callback")
            }
        });
        (kinds.collect::<Vec<_>>(), turn.session)
    };
    let asked = step(&flows, &Session::default(), Event::Message(&message("table")), now).session;
    assert_eq!(kinds(&asked).0, [TextKind::Nudge]);
    let sure = step(&flows, &asked, Event::Message(&message("2")), now).session;
    let (said, really) = kinds(&sure);
    // The statement and the question share a message.
    assert_eq!(said, [TextKind::Question]);
    assert_eq!(kinds(&really).0, [TextKind::Nudge]);
    let expired = Session { asked: None, wakes_at: sure.expires_at, ..asked };
    let late = Session { wakes_at: Some(now + SignedDuration::from_hours(24)), ..expired };
    assert_eq!(kinds(&late).0, [TextKind::Statement]);
}

/// What is due in quiet hours comes at their end, and counts from then.
#[test]
fn a_nudge_is_worth_sending_until_the_next_would_be_due() {
    let flows = flows(&[FLOW]);
    let message = |text: &str| Message::text("1", "+14155550100", "+1", text).unwrap();
    let sender = Sender::from_key("+14155550100".to_owned());
    let contact = Contact { sender: &sender, profile_name: None, channel: Channel::Sms };
    for (asked, nudges, expected) in [
        ("2026-01-05T09:00:00Z", 0, "2026-01-05T09:20:00Z"),
        ("2026-01-05T09:00:00Z", 1, "2026-01-05T11:00:00Z"),
        // Of two that quiet hours postpone, the last comes.
        ("2026-01-05T20:55:00Z", 0, "2026-01-06T09:00:00Z"),
    ] {
        let at: Timestamp = asked.parse().unwrap();
        let table = message("table");
        let mut session = step(&flows, &Session::default(), Event::Message(&table), at).session;
        for nudge in 0..=nudges {
            let turn = step(&flows, &session, Event::Silence(contact), session.wakes_at.unwrap());
            session = turn.session;
            if nudge == nudges {
                let Effect::Text { good_until, .. } = &turn.effects[0] else { panic!() };
                assert_eq!(good_until.to_string(), expected, "{asked} {nudges}");
            }
        }
    }
}

#[test]
fn what_silence_will_do_is_known_and_may_come_now() {
    let flows = flows(&[FLOW]);
    let message = |text: &str| Message::text("1", "+14155550100", "+1", text).unwrap();
    let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
    let told = |session: &Session| {
        let upcoming = upcoming(&flows, session);
        let told = upcoming.iter().map(|one| format!("{:?} {}", one.what, one.at));
        told.collect::<Vec<String>>()
    };
    assert_eq!(told(&Session::default()), [""; 0]);
    assert_eq!(hastened(&flows, &Session::default(), now), None);
    let asked = step(&flows, &Session::default(), Event::Message(&message("table")), now).session;
    assert_eq!(
        told(&asked),
        ["Nudge 2026-01-05T09:10:00Z", "Nudge 2026-01-05T10:00:00Z", "Expiry 2026-01-06T08:00:00Z",]
    );
    // The others come earlier by as much.
    let session = hastened(&flows, &asked, now).unwrap();
    assert_eq!(session.wakes_at, Some(now));
    assert_eq!(
        told(&session),
        ["Nudge 2026-01-05T09:00:00Z", "Nudge 2026-01-05T09:50:00Z", "Expiry 2026-01-06T08:00:00Z",]
    );
    // Nothing comes in quiet hours, however it is hastened.
    let night: Timestamp = "2026-01-05T22:00:00Z".parse().unwrap();
    let sure = step(&flows, &session, Event::Message(&message("2")), night).session;
    let hasty = hastened(&flows, &sure, night).unwrap();
    assert_eq!(told(&hasty)[0], "Timeout 2026-01-06T08:00:00Z");
}

proptest! {
    /// Whatever a session says, its silence ends after a few texts, and each
    /// wake-up changes something or is not asked for again.
    #[test]
    fn silence_comes_to_an_end(
        state in proptest::sample::select(vec!["GUESTS", "SURE", "REALLY", "GONE", "?"]),
        asked in proptest::option::of((-90_i64..3, 0..4_usize)),
        hours in proptest::option::of(-30_i64..30),
    ) {
        let flows = flows(&[FLOW]);
        let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let mut session = Session {
            flow: Some("table".to_owned()),
            state: State::Waiting(state.to_owned()),
            answers: [("GUESTS".to_owned(), ringback::conversation::Value::Integer(2))].into(),
            expires_at: hours.map(|hours| now + SignedDuration::from_hours(hours)),
            asked: asked.map(|(hours, nudges)| Asked {
                at: now + SignedDuration::from_hours(hours),
                nudges,
            }),
            ..Session::default()
        };
        let sender = Sender::from_key("+14155550100".to_owned());
        let contact = Contact { sender: &sender, profile_name: None, channel: Channel::Sms };
        let (mut at, mut texts, mut turns) = (now, 0, 0);
        loop {
            let turn = step(&flows, &session, Event::Silence(contact), at);
            let again = step(&flows, &turn.session, Event::Silence(contact), at);
            prop_assert_eq!(&again.session, &turn.session);
            prop_assert_eq!(again.effects, []);
            texts += turn.effects.len();
            turns += 1;
            prop_assert!(texts <= 5 && turns <= 10, "{} texts in {} turns", texts, turns);
            session = turn.session;
            let Some(next) = session.wakes_at else { break };
            prop_assert!(next > at);
            at = next;
        }
    }
}
