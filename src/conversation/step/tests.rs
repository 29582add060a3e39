//! How conversations go, mostly as chats. What holds for any message at any
//! session is tested with the flows that ship.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{step, stop};
use crate::conversation::flow::{MAX_TURN_STEPS, Step};
use crate::conversation::testing::{
    TEXT, ask, branch, check, favorite_song, flow, flows, say, set, shop, template, to,
};
use crate::conversation::{
    Answers, CommandTarget, Ended, Event, Flows, Note, Session, State, Target, Turn, Value,
};
use crate::message::Message;

fn shop_alone() -> Flows {
    flows(vec![shop()])
}

fn both() -> Flows {
    let mut song = favorite_song();
    song.otherwise = None;
    flows(vec![song, shop()])
}

fn message(body: &str) -> Message {
    Message::text("SM1", "+14155550100", "+14155550199", body).unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T03:40:00Z".parse().unwrap()
}

fn waiting(flow: Option<&str>, step: &str, answers: &[(&str, &str)]) -> Session {
    Session {
        flow: flow.map(str::to_owned),
        state: State::Waiting(step.to_owned()),
        answers: answers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect(),
        ..Session::default()
    }
}

fn texts(turn: &Turn) -> Vec<&str> {
    turn.replies.iter().map(|reply| reply.text.as_str()).collect()
}

#[test]
fn the_built_in_conversation() {
    check(
        &flows(vec![favorite_song()]),
        "> hello\n< What is your name?\n= @WAITING_FOR_NAME\n\
         > John\n< Hello John, what is your favorite song?\n= @WAITING_FOR_SONG\n\
         > Bohemian Rhapsody\n< Playing Bohemian Rhapsody\n= COMPLETED\n\
         ? user_name = John\n? favorite_song = Bohemian Rhapsody\n\
         > thanks\n< Say hello to begin.\n= COMPLETED\n\
         > Hello!\n< What is your name?\n\
         > hello\n< Hello hello, what is your favorite song?\n\
         > {{ user_name }}\n< Playing {{ user_name }}\n= COMPLETED",
    );
}

#[test]
fn a_whole_order() {
    check(
        &shop_alone(),
        "> PIZZA!\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > little\n< How many?\n\
         > 3\n< Anything else? Say skip if not.\n\
         > skip\n< Is it a gift?\n\
         > no\n< 3 x Small, 20 cm. No note.\n<---\n< Like this:\n\
         <media https://example.com/small.jpg\n\
         = ORDERED\n? size = small\n? size_label = Small, 20 cm\n? note =\n? gift = no\n? total = 3\n\
         > ok\n< Your Small, 20 cm is on its way.\n= ORDERED",
    );
}

#[test]
fn branches_and_texts_of_one_turn_share_a_message() {
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > 2\n< How many?\n> 1\n< Anything else? Say skip if not.\n\
         > extra\\nbasil\n< Is it a gift?\n\
         > Sí\n< Is it a gift?\n\
         > si\n< We wrap it.\n< Big ones take an hour.\n< 1 x Large, 30 cm. extra\n< basil\n<---\n\
         < Like this:\n<media https://example.com/large.jpg\n= ORDERED",
    );
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > large 31 cm\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > LARGE, 30 CM\n< How many?\n> 10\n< So many! Please call us.\n= CALLED",
    );
}

#[test]
fn invalid_answers_are_counted_and_given_up() {
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n> 1\n< How many?\n\
         > none\n< A number from 1 to 50, please.\n\
         > repeat\n< How many?\n\
         > 51\n< A number from 1 to 50, please.\n= @count\n\
         >\n< Let us talk on the phone.\n= GAVE_UP",
    );
}

#[test]
fn tries_are_counted_for_each_question_anew() {
    let steps = vec![
        ask("first", "First?", TEXT).on_fail(2, to("end")),
        ask("second", "Second?", TEXT).on_fail(2, to("end")),
        say("end", "End."),
    ];
    check(
        &flows(vec![flow("two", "go", steps)]),
        "> go\n< First?\n>\n< First?\n> a\n< Second?\n>\n< Second?\n= @second\n>\n< End.",
    );
}

#[test]
fn an_error_shows_the_options_again() {
    let mut shop = shop();
    shop.steps[0] =
        shop.steps[0].clone().edit_ask(|ask| ask.error = Some(template("One of these, please:")));
    check(
        &flows(vec![shop]),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > 3\n< One of these, please:\n< 1. Small, 20 cm\n< 2. Large, 30 cm",
    );
}

#[test]
fn commands_come_before_the_answer() {
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n> 1\n< How many?\n\
         > Menu?\n< We sell pizza.\n< How many?\n= @count\n\
         > repeat\n< How many?\n\
         > 2\n< Anything else? Say skip if not.\n\
         > menu\n< We sell pizza.\n< Anything else? Say skip if not.\n\
         > again\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n= @size\n\
         > 2\n< How many?\n\
         > human\n< Someone will call you.\n= CALLED\n\
         > menu\n< Your Large, 30 cm is on its way.",
    );
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         > Forget it!\n< Say pizza to begin.\n= CANCELLED",
    );
}

#[test]
fn a_tapped_button_is_heard_before_the_text_that_comes_with_it() {
    check(
        &both(),
        "@button pizza\n> hello\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n> 1\n< How many?\n\
         @button menu\n> What do you sell?\n< We sell pizza.\n< How many?\n\
         @button MENU\n>\n< We sell pizza.\n< How many?\n\
         @button repeat\n> menu\n< How many?\n\
         @button other\n> menu\n< We sell pizza.\n< How many?\n\
         @button forget it\n> 2\n< Say pizza to begin.\n= CANCELLED",
    );
}

#[test]
fn restart_forgets_the_answers() {
    let session = waiting(Some("shop"), "count", &[("size", "small")]);
    let turn = step(&shop_alone(), &session, Event::Message(&message("again")), now());
    assert_eq!(turn.session.answers, BTreeMap::new());
    assert_eq!(turn.session.since, Some(now()));
    assert_eq!(turn.ended, []);
}

#[test]
fn a_help_text_over_several_steps_comes_back_to_the_question() {
    let steps = vec![
        ask("name", "Name?", TEXT),
        say("end", "Bye.").go(Target::End("COMPLETED".to_owned())),
        say("help", "One."),
        set("mark", "helped", "yes"),
        say("more", "Two.").edit(|step| step.resume = true).go(to("end")),
    ];
    let flow = flow("help", "go", steps);
    let help = CommandTarget::Step(flow.id("help"));
    check(
        &flows(vec![flow.command("help me", help)]),
        "> go\n< Name?\n> help me\n< One.\n< Two.\n< Name?\n? helped = yes\n> Ann\n< Bye.",
    );
}

#[test]
fn a_step_with_resume_goes_on_where_no_command_led_to_it() {
    let steps =
        vec![say("help", "Help.").edit(|step| step.resume = true), ask("name", "Name?", TEXT)];
    check(&flows(vec![flow("help", "go", steps)]), "> go\n< Help.\n< Name?\n= @name");
}

#[test]
fn several_flows_are_chosen_by_their_start_words() {
    check(
        &both(),
        "> what\n< Say pizza to begin.\n= INITIAL\n\
         > hello\n< What is your name?\n> pizza\n< Hello pizza, what is your favorite song?\n\
         > x\n< Playing x\n> thanks\n< Say pizza to begin.\n= COMPLETED\n\
         > pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n= @size",
    );
}

#[test]
fn any_message_begins_a_flow_of_any_message_unless_a_start_word_is_meant() {
    let mut any = flow("any", "unused", vec![ask("wish", "What is your wish?", TEXT)]);
    any.start_any = true;
    any.otherwise = None;
    let mut song = favorite_song();
    song.otherwise = None;
    let flows = flows(vec![any, song]);
    check(&flows, "> hello\n< What is your name?");
    check(&flows, ">\n< What is your wish?\n> peace\n= COMPLETED\n> more\n< What is your wish?");
}

#[test]
fn without_otherwise_nothing_is_said() {
    let mut song = favorite_song();
    song.otherwise = None;
    check(&flows(vec![song]), "> what\n<\n= INITIAL\n@media image/png\n>\n<");
}

#[test]
fn silence_ends_a_conversation() {
    check(
        &shop_alone(),
        "> pizza\n< Which size?\n< 1. Small, 20 cm\n< 2. Large, 30 cm\n\
         @wait 23h\n> 1\n< How many?\n\
         @wait 23h\n> menu\n< We sell pizza.\n< How many?\n\
         @wait 24h\n> 3\n< Say pizza to begin.\n= INITIAL",
    );
    let flows = shop_alone();
    let session = Session {
        expires_at: Some(now() - SignedDuration::from_hours(1)),
        since: Some(now() - SignedDuration::from_hours(30)),
        ..waiting(Some("shop"), "count", &[("size", "small")])
    };
    let turn = step(&flows, &session, Event::Message(&message("pizza")), now());
    let expired = Ended {
        flow: "shop".to_owned(),
        outcome: "EXPIRED".to_owned(),
        answers: session.answers.clone(),
        began_at: session.since,
        ended_at: now() - SignedDuration::from_hours(1),
    };
    assert_eq!(turn.ended, [expired]);
    assert_eq!(turn.session.state, State::Waiting("size".to_owned()));
    assert_eq!(turn.session.answers, BTreeMap::new());
    assert_eq!(turn.session.expires_at, Some(now() + SignedDuration::from_hours(24)));
}

#[test]
fn an_ended_conversation_is_told_once_with_all_its_answers() {
    let began = now() - SignedDuration::from_mins(5);
    let session = Session {
        since: Some(began),
        expires_at: Some(now() + SignedDuration::from_mins(5)),
        ..waiting(Some("favorite-song"), "WAITING_FOR_SONG", &[("user_name", "Ann")])
    };
    let flows = flows(vec![favorite_song()]);
    let turn = step(&flows, &session, Event::Message(&message(" Help! ")), now());
    let answers: Answers = [("user_name", "Ann"), ("favorite_song", "Help!")]
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .into();
    let ended = Ended {
        flow: "favorite-song".to_owned(),
        outcome: "COMPLETED".to_owned(),
        answers: answers.clone(),
        began_at: Some(began),
        ended_at: now(),
    };
    assert_eq!(turn.ended, [ended]);
    assert_eq!(turn.session.answers, answers, "the answers stay until the next conversation");
    assert_eq!(turn.session.expires_at, None);
    assert_eq!(turn.session.since, Some(now()), "since when it has ended");
    let later = step(&flows, &turn.session, Event::Message(&message("thanks")), now());
    assert_eq!(later.ended, []);
    assert_eq!(later.session, turn.session);
}

#[test]
fn adopted_sessions_go_on_however_old_they_are() {
    let flows = both();
    let name = step(
        &flows,
        &waiting(None, "WAITING_FOR_NAME", &[]),
        Event::Message(&message("Ann")),
        now(),
    );
    assert_eq!(texts(&name), ["Hello Ann, what is your favorite song?"]);
    assert_eq!(name.session.flow.as_deref(), Some("favorite-song"));
    let song = waiting(None, "WAITING_FOR_SONG", &[("user_name", "Bob")]);
    assert_eq!(
        texts(&step(&flows, &song, Event::Message(&message("Yesterday")), now())),
        ["Playing Yesterday"]
    );
    let ended = Session { state: State::Ended("COMPLETED".to_owned()), ..Session::default() };
    assert_eq!(
        texts(&step(&flows, &ended, Event::Message(&message("hello")), now())),
        ["What is your name?"]
    );
}

#[test]
fn a_place_that_no_longer_fits_is_told_and_begins_again() {
    let sorry = "Sorry, this conversation has changed in the meantime. Let us begin again.";
    for (session, reason) in [
        (waiting(Some("gone"), "size", &[]), "no such flow is loaded"),
        (waiting(Some("shop"), "gone", &[]), "the flow has no such step"),
        (waiting(Some("shop"), "summary", &[]), "the step is not a question"),
        (
            waiting(Some("favorite-song"), "WAITING_FOR_SONG", &[("name", "x")]),
            "the answer `user_name` is missing",
        ),
    ] {
        let flow = session.flow.clone().unwrap_or_default();
        let state = session.state.as_str().to_owned();
        let turn = step(&both(), &session, Event::Message(&message("pizza")), now());
        let note = Note::BeganAfresh { flow, step: state, reason: reason.to_owned() };
        assert_eq!(turn.notes, [note]);
        assert_eq!(turn.session.state, State::Waiting("size".to_owned()));
        let lost = step(&both(), &session, Event::Message(&message("1")), now());
        let (says, at) = match turn.notes.first() {
            Some(Note::BeganAfresh { flow, .. }) if flow == "gone" => ("Say pizza", "INITIAL"),
            Some(Note::BeganAfresh { flow, .. }) if flow == "shop" => ("Which size?", "size"),
            _ => ("What is your name?", "WAITING_FOR_NAME"),
        };
        let [text] = &texts(&lost)[..] else { panic!("one message: {lost:?}") };
        assert!(text.starts_with(&format!("{sorry}\n{says}")), "{text}");
        assert_eq!(lost.session.state.as_str(), at);
        assert_eq!((lost.session.answers.len(), lost.ended), (0, vec![]));
    }
    let adopted = waiting(None, "WAITING_FOR_NAME", &[]);
    let turn = step(&shop_alone(), &adopted, Event::Message(&message("Ann")), now());
    assert_eq!(turn.notes.len(), 1, "an adopted session whose flow is not loaded");
}

#[test]
fn an_opt_out_ends_only_what_waits() {
    let flows = both();
    let session = waiting(Some("shop"), "size", &[]);
    let turn = stop(&flows, &session, now());
    assert_eq!(turn.session.state, State::Ended("STOPPED".to_owned()));
    assert_eq!(turn.ended.len(), 1);
    assert_eq!(turn.ended[0].outcome, "STOPPED");
    assert_eq!(turn.replies, []);
    assert_eq!(stop(&flows, &turn.session, now()).session, turn.session);
    assert_eq!(stop(&flows, &turn.session, now()).ended, []);
    assert_eq!(stop(&flows, &Session::default(), now()).session, Session::default());
    let adopted = stop(&flows, &waiting(None, "WAITING_FOR_NAME", &[]), now());
    assert_eq!(adopted.ended[0].flow, "favorite-song");
    let expired = stop(&flows, &Session { expires_at: Some(now()), ..session }, now());
    assert_eq!(expired.ended[0].outcome, "EXPIRED");
    assert_eq!(expired.session.state, State::Initial);
}

#[test]
fn texts_know_the_message_and_the_hour() {
    let mut clock = flow(
        "clock",
        "time",
        vec![say(
            "tell",
            "{{ now }} {{ now | date }} {{ sender }} {{ channel }} {{ profile_name | default(\"you\") }}",
        )],
    );
    clock.timezone = jiff::tz::TimeZone::fixed(jiff::tz::offset(-5));
    let flows = flows(vec![clock]);
    let unnamed = step(&flows, &Session::default(), Event::Message(&message("time")), now());
    assert_eq!(texts(&unnamed), ["2026-11-22T22:40 22 November 2026 +14155550100 sms you"]);
    let named = Message { profile_name: Some("Ann".to_owned()), ..message("time") };
    let turn = step(&flows, &Session::default(), Event::Message(&named), now());
    assert!(texts(&turn)[0].ends_with(" Ann"));
}

#[test]
fn a_sender_is_shown_by_their_number_or_not_at_all() {
    let flows = flows(vec![flow(
        "call",
        "call",
        vec![say("tell", "{{ sender }}/{{ sender | default(\"you\") }}")],
    )]);
    for (from, shown) in [
        ("+14155550100", "+14155550100/+14155550100"),
        ("whatsapp:+14155550100", "+14155550100/+14155550100"),
        ("12345", "12345/12345"),
        ("whatsapp:US.13491208655302741918", "/you"),
        ("messenger:1234", "/you"),
        ("Company 1", "/you"),
    ] {
        let message = Message::text("SM1", from, "+14155550199", "call").unwrap();
        let turn = step(&flows, &Session::default(), Event::Message(&message), now());
        assert_eq!(texts(&turn), [shown], "{from}");
    }
}

#[test]
fn a_flow_that_never_waits_is_cut_off() {
    let round = vec![say("a", "Round"), branch("b").go(to("a"))];
    let turn = step(
        &flows(vec![flow("round", "go", round)]),
        &Session::default(),
        Event::Message(&message("go")),
        now(),
    );
    assert_eq!(turn.session.state, State::Ended("COMPLETED".to_owned()));
    assert_eq!(texts(&turn), [vec!["Round"; 50].join("\n")]);
}

#[test]
fn a_turn_of_as_many_steps_as_there_may_be_ends_as_the_last_one_says() {
    let mut steps: Vec<Step> = (0..MAX_TURN_STEPS).map(|n| branch(&format!("s{n}"))).collect();
    let last = steps.pop().unwrap().go(Target::End("FAR".to_owned()));
    steps.push(last);
    let flows = flows(vec![flow("far", "go", steps)]);
    let turn = step(&flows, &Session::default(), Event::Message(&message("go")), now());
    assert_eq!(turn.session.state, State::Ended("FAR".to_owned()));
}

#[test]
fn more_than_ten_messages_are_dropped_and_noted() {
    let steps = (0..12)
        .map(|n| {
            say(&format!("s{n}"), "Look")
                .edit(|step| step.media = vec![template("https://e.org/a")])
        })
        .collect();
    let turn = step(
        &flows(vec![flow("many", "go", steps)]),
        &Session::default(),
        Event::Message(&message("go")),
        now(),
    );
    assert_eq!(turn.replies.len(), 10);
    assert_eq!(turn.notes, [Note::MessagesDropped(2)]);
}
