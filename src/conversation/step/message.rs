//! Moves a conversation by a message.
//!
//! A message may begin a conversation, be a command or an answer, or do
//! nothing. This file decides which.

use super::place::{self, Caller, Place, Waits};
use super::walk::Walk;
use crate::conversation::Value;
use crate::conversation::answer::{self, Reading};
use crate::conversation::attachment::Attachment;
use crate::conversation::flow::{Ask, Command, CommandTarget, Flow, Target, label_of};
use crate::conversation::session::{Session, State, outcome};
use crate::conversation::translation::Beginning;
use crate::conversation::witness::Rule;
use crate::message::Message;

/// The text for a person who cannot continue, if the flow has no `changed` or
/// is gone.
const CHANGED: &str = "Sorry, this conversation has changed in the meantime. Let us begin again.";

/// Lets a message move the session as far as it goes.
pub(super) fn take(walk: &mut Walk<'_>, message: &Message) {
    let began_with = walk.session.outermost_flow().map(str::to_owned);
    match place::find(walk.flows, &mut walk.session) {
        Ok(Some((place, callers))) => {
            walk.callers = callers;
            go_on(walk, message, place);
        }
        Ok(None) => begin(walk, message),
        Err(lost) => {
            walk.witness.rule(Rule::Lost(&lost));
            walk.notes.push(lost.into());
            begin_again(walk, message, began_with);
        }
    }
}

/// Takes a message while nothing waits. A start word begins its flow, and any
/// message the flow with `"*"`. Otherwise the flow that ended answers, or else
/// the one with `otherwise`.
fn begin(walk: &mut Walk, message: &Message) {
    let flows = walk.flows;
    if begin_by_word(walk, message) {
        return;
    }
    if let Some(flow) = flows.iter().find(|flow| flow.start_any) {
        walk.witness.rule(Rule::Began { flow, word: None });
        return walk.begin(flow, None);
    }
    let has_ended = matches!(walk.session.state, State::Ended(_));
    let last = walk.session.flow.as_deref().and_then(|name| flows.get(name));
    match last.and_then(|flow| Some((flow, flow.ended_in(walk.language())?))) {
        Some((flow, ended)) if has_ended => {
            walk.witness.rule(Rule::Ended { flow });
            walk.say_outside(flow, ended);
        }
        _ => {
            if !say_otherwise(walk) {
                walk.witness.rule(Rule::Unheard);
            }
        }
    }
}

/// Begins the flow of a start word, and returns whether the message is one.
fn begin_by_word(walk: &mut Walk, message: &Message) -> bool {
    let flows = walk.flows;
    let words = answer::words_of(message);
    let begun = words.iter().find_map(|word| {
        let begun = flows.iter().find_map(|flow| flow.begun_by(word))?;
        Some((begun, word.as_str()))
    });
    let Some((Beginning { flow, language }, word)) = begun else { return false };
    walk.witness.rule(Rule::Began { flow, word: Some(word) });
    walk.begin(flow, language);
    true
}

/// Takes a message at a place that no longer exists. It answers nothing, and
/// the reply says so. Unless it begins another flow, the person's flow begins
/// again. If that flow is gone, the message is taken as one while nothing
/// waits.
fn begin_again(walk: &mut Walk, message: &Message, began_with: Option<String>) {
    let flow = began_with.as_deref().and_then(|name| walk.flows.get(name));
    let language = walk.session.language.take();
    walk.session = Session { flow: began_with, language, ..Session::default() };
    match flow.and_then(|flow| Some((flow, flow.changed_in(walk.language())?))) {
        Some((flow, text)) => walk.say_outside(flow, text),
        None => walk.replies.say(CHANGED.to_owned(), Vec::new()),
    }
    // A flow that no message begins has become a sub-flow.
    match flow.filter(|flow| flow.start_any || flow.start_words().next().is_some()) {
        Some(flow) if !begin_by_word(walk, message) => walk.begin(flow, None),
        Some(_) => {}
        None => begin(walk, message),
    }
}

/// Says the `otherwise` of the flow that has one, and returns whether one has.
fn say_otherwise(walk: &mut Walk) -> bool {
    let of = |flow| Some((flow, Flow::otherwise_in(flow, walk.language())?));
    let otherwise = walk.flows.iter().find_map(of);
    let Some((flow, text)) = otherwise else { return false };
    walk.witness.rule(Rule::Otherwise { flow });
    walk.say_outside(flow, text);
    true
}

/// Takes a message while a step waits: a command, an answer, or a message that
/// comes while a call runs or a callback is waited for.
fn go_on<'a>(walk: &mut Walk<'a>, message: &Message, place: Place<'a>) {
    let words = answer::words_of(message);
    let heard = command(&walk.callers, walk.language(), place.flow, &words);
    let Some(Heard { depth, flow, index, command, word }) = heard else {
        return match place.waits {
            Waits::Ask(ask) => take_answer(walk, message, place, ask),
            Waits::Call(call) => {
                walk.witness.rule(Rule::Meanwhile { flow: place.flow, step: place.step });
                walk.stay_at_call(place, call);
            }
            Waits::Callback(wait) => {
                walk.witness.rule(Rule::Meanwhile { flow: place.flow, step: place.step });
                walk.stay_at_callback(place, wait);
            }
        };
    };
    walk.witness.rule(Rule::Command { flow, index, command, word });
    // A command acts on its own flow, as if no other flow ran it: the sub-flows
    // of that flow are left.
    match command.target {
        CommandTarget::Repeat => walk.ask_again(place),
        CommandTarget::Restart => {
            let (flow, _) = walk.leave_subflows(place, depth);
            walk.restart(flow);
        }
        CommandTarget::Step(target) => {
            let (flow, aside) = walk.leave_subflows(place, depth);
            walk.run(flow, Target::Step(target), Some(aside));
        }
        CommandTarget::Stop => {
            let (flow, _) = walk.leave_subflows(place, depth);
            walk.run(flow, Target::End(outcome::CANCELLED.to_owned()), None);
            // The default farewell only says how to begin again. A flow with
            // another farewell has a step for it that ends with CANCELLED.
            let cancelled = State::Ended(outcome::CANCELLED.to_owned());
            if walk.session.state == cancelled && walk.replies.is_empty() {
                say_otherwise(walk);
            }
        }
    }
}

/// A command that was heard in a message.
pub(super) struct Heard<'a, 'w> {
    /// The number of flows around the one that has the command.
    depth: usize,
    flow: &'a Flow,
    /// Which of the flow's commands it is; the same in every language.
    index: usize,
    command: &'a Command,
    word: &'w str,
}

/// Returns the command in a message. The commands of the current flow come
/// first, then those of the flows around it.
pub(super) fn command<'a, 'w>(
    callers: &[Caller<'a>],
    language: Option<&str>,
    current: &'a Flow,
    words: &'w [String],
) -> Option<Heard<'a, 'w>> {
    let around = callers.iter().map(|caller| caller.flow).enumerate().rev();
    std::iter::once((callers.len(), current)).chain(around).find_map(|(depth, flow)| {
        let commands = flow.commands_in(language);
        words.iter().find_map(|word| {
            let mut commands = commands.iter().enumerate();
            let (index, command) = commands.find(|(_, command)| command.words.contains(word))?;
            Some(Heard { depth, flow, index, command, word })
        })
    })
}

fn take_answer<'a>(walk: &mut Walk<'a>, message: &Message, place: Place<'a>, ask: &'a Ask) {
    let Place { flow, step, .. } = place;
    let save = &ask.save;
    let now = walk.now;
    let today = || now.to_zoned(flow.timezone.clone()).date();
    let reading = answer::read(ask, message, &flow.languages, &today);
    walk.witness.rule(Rule::Answer { flow, step, ask, message, reading: &reading });
    let mut room = walk.room(None);
    match reading {
        Reading::Valid(value) => {
            let answer = value.to_string();
            walk.keep((flow, step), save, value, &mut room);
            walk.leave_question(place, &answer);
        }
        Reading::Labelled { value, label } => {
            walk.keep((flow, step), save, Value::from(value.as_str()), &mut room);
            walk.keep((flow, step), &label_of(save), Value::Text(label), &mut room);
            walk.leave_question(place, &value);
        }
        Reading::Skipped => {
            walk.keep((flow, step), save, Value::from(""), &mut room);
            if ask.answer.kind.has_label() {
                walk.keep((flow, step), &label_of(save), Value::from(""), &mut room);
            }
            walk.leave_question(place, "");
        }
        Reading::Invalid => walk.reject(place, ask, Attachment::alone_in(message)),
    }
}
