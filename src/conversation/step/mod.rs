//! One message moves one conversation: [`step`], and [`stop`] for who wants no more.
//!
//! Here is decided what a message is: the first of a conversation, a command,
//! an answer, or nothing to us. How a flow runs from there until it waits or
//! ends is `walk`'s.

mod place;
mod scope;
mod walk;

use jiff::Timestamp;

use self::place::Place;
use self::walk::Walk;
use crate::conversation::Value;
use crate::conversation::answer::{self, Reading};
use crate::conversation::flow::{CommandTarget, Flows, Target, label_of};
use crate::conversation::reply::Replies;
use crate::conversation::session::{Ended, Session, State, Turn, outcome};
use crate::conversation::witness::{Rule, Witness};
use crate::message::Message;

/// The flow of the sessions that were adopted, which name none.
const ADOPTED_FLOW: &str = "favorite-song";

/// What a message makes of a session. Total: any message has a turn at any session.
#[must_use]
pub fn step(flows: &Flows, session: &Session, message: &Message, now: Timestamp) -> Turn {
    step_seen(flows, session, message, now, &mut ())
}

/// Like [`step`], before a witness.
pub(super) fn step_seen(
    flows: &Flows,
    session: &Session,
    message: &Message,
    now: Timestamp,
    witness: &mut dyn Witness,
) -> Turn {
    let waited_at = &session.state;
    let (mut session, expired) = settle(session, now);
    place::move_answers(flows, &mut session);
    if let Some(expired) = &expired {
        witness.rule(Rule::Expired { flow: &expired.flow, step: waited_at.as_str() });
    }
    let mut walk = Walk {
        message,
        now,
        session,
        replies: Replies::default(),
        ended: expired.into_iter().collect(),
        notes: Vec::new(),
        witness,
    };
    match Place::of(flows, &walk.session) {
        Ok(Some(place)) => go_on(&mut walk, flows, place),
        Ok(None) => begin(&mut walk, flows),
        Err(note) => {
            walk.notes.push(note);
            walk.session = Session { flow: walk.session.flow, ..Session::default() };
            begin(&mut walk, flows);
        }
    }
    walk.into_turn()
}

/// What an opt-out makes of a session: a waiting conversation ends with
/// `STOPPED`, any other session stays as it is. Nothing is replied.
#[must_use]
pub fn stop(session: &Session, now: Timestamp) -> Turn {
    let (mut session, expired) = settle(session, now);
    let mut ended: Vec<Ended> = expired.into_iter().collect();
    if matches!(session.state, State::Waiting(_)) {
        ended.push(end(&mut session, outcome::STOPPED, now));
    }
    Turn { session, replies: Vec::new(), ended, notes: Vec::new() }
}

/// The session as this moment finds it: an adopted one gets its flow, and one
/// whose time has passed is over.
fn settle(session: &Session, now: Timestamp) -> (Session, Option<Ended>) {
    let mut session = session.clone();
    if session.flow.is_none() && session.state != State::Initial {
        session.flow = Some(ADOPTED_FLOW.to_owned());
    }
    let is_waiting = matches!(session.state, State::Waiting(_));
    match session.expires_at {
        Some(expired_at) if is_waiting && expired_at <= now => {
            let ended = end(&mut session, outcome::EXPIRED, expired_at);
            let session = Session { flow: session.flow, ..Session::default() };
            (session, Some(ended))
        }
        _ => (session, None),
    }
}

/// Ends the session's conversation. Its answers stay until the next begins.
fn end(session: &mut Session, outcome: &str, at: Timestamp) -> Ended {
    session.state = State::Ended(outcome.to_owned());
    session.tries = 0;
    session.expires_at = None;
    Ended {
        flow: session.flow.clone().unwrap_or_default(),
        outcome: outcome.to_owned(),
        answers: session.answers.clone(),
        began_at: session.began_at,
        ended_at: at,
    }
}

/// A message while nothing waits: a start word begins its flow, any message
/// that of `"*"`; else the flow that ended answers, else the one with `otherwise`.
fn begin(walk: &mut Walk, flows: &Flows) {
    let words = answer::words_of(walk.message);
    let by_word = words.iter().find_map(|word| {
        flows.iter().find(|flow| flow.start.contains(word)).map(|flow| (flow, Some(word.as_str())))
    });
    let begun =
        by_word.or_else(|| flows.iter().find(|flow| flow.start_any).map(|flow| (flow, None)));
    if let Some((flow, word)) = begun {
        walk.witness.rule(Rule::Began { flow, word });
        return walk.begin(flow);
    }
    let has_ended = matches!(walk.session.state, State::Ended(_));
    let last = walk.session.flow.as_deref().and_then(|name| flows.get(name));
    match last.and_then(|flow| Some((flow, flow.ended.as_ref()?))) {
        Some((flow, ended)) if has_ended => {
            walk.witness.rule(Rule::Ended { flow });
            walk.say_outside(flow, ended);
        }
        _ => {
            if !say_otherwise(walk, flows) {
                walk.witness.rule(Rule::Unheard);
            }
        }
    }
}

/// Says the `otherwise` of the flow that has one; whether one has.
fn say_otherwise(walk: &mut Walk, flows: &Flows) -> bool {
    let otherwise = flows.iter().find_map(|flow| Some((flow, flow.otherwise.as_ref()?)));
    let Some((flow, text)) = otherwise else { return false };
    walk.witness.rule(Rule::Otherwise { flow });
    walk.say_outside(flow, text);
    true
}

/// A message while a question waits: a command, or an answer.
fn go_on(walk: &mut Walk, flows: &Flows, place: Place) {
    let flow = place.flow;
    let words = answer::words_of(walk.message);
    let heard = words.iter().find_map(|word| {
        flow.commands.iter().find(|command| command.words.contains(word)).map(|c| (c, word))
    });
    let Some((command, word)) = heard else { return take_answer(walk, place) };
    walk.witness.rule(Rule::Command { flow, command, word });
    match command.target {
        CommandTarget::Restart => walk.begin(flow),
        CommandTarget::Repeat => walk.ask_again(place),
        CommandTarget::Step(target) => walk.run(flow, Target::Step(target), Some(place)),
        CommandTarget::Stop => {
            walk.end(outcome::CANCELLED);
            // A farewell that is no more than how to begin again; a flow that
            // wants another has a step for it that ends with CANCELLED.
            say_otherwise(walk, flows);
        }
    }
}

fn take_answer(walk: &mut Walk, place: Place) {
    let Place { flow, step, ask } = place;
    let save = &ask.save;
    let now = walk.now;
    let today = || now.to_zoned(flow.timezone.clone()).date();
    let reading = answer::read(ask, walk.message, &today);
    walk.witness.rule(Rule::Answer { flow, step, ask, message: walk.message, reading: &reading });
    match reading {
        Reading::Valid(value) => {
            let answer = value.to_string();
            walk.keep(save, value);
            walk.leave_question(place, &answer);
        }
        Reading::Labelled { value, label } => {
            walk.keep(save, Value::from(value.as_str()));
            walk.keep(&label_of(save), Value::Text(label));
            walk.leave_question(place, &value);
        }
        Reading::Skipped => {
            walk.keep(save, Value::from(""));
            if ask.answer.kind.has_label() {
                walk.keep(&label_of(save), Value::from(""));
            }
            walk.leave_question(place, "");
        }
        Reading::Invalid => walk.reject(place),
    }
}

#[cfg(test)]
mod tests;
