//! Sessions and turns in words, for a person who watches a conversation.
//!
//! These are lines of text without any layout. `ringback chat` prints them.

use std::collections::BTreeSet;

use serde::Serialize;

use super::chat_file::Heard;
use super::ignored::Ignored;
use super::request::Request;
use super::session::{Answers, Caller, Note, Session, State};
use super::shown::in_one_line;
use super::trace::Trace;
use crate::message::segments::{self, Encoding};
use crate::message::{Channel, Reply};

/// Returns where a conversation stands, as the end of a sentence about it.
#[must_use]
pub fn place(session: &Session) -> String {
    match &session.state {
        State::Initial => "has not begun".to_owned(),
        State::Waiting(step) => match (session.stack.last(), &session.flow) {
            (Some(caller), Some(flow)) => {
                let Caller { flow: around, step: at, .. } = caller;
                format!("waits at {step} of {flow}, which {around} runs at {at}")
            }
            _ => format!("waits at {step}"),
        },
        State::Ended(outcome) => format!("ended with {outcome}"),
    }
}

/// Returns where a conversation stands, its language and its variables, line by line.
#[must_use]
pub fn session(session: &Session) -> Vec<String> {
    let answers = session.answers.iter();
    let answers = answers.map(|(name, value)| format!("{name} = {}", in_one_line(value)));
    let outer = session.stack.iter().rev().flat_map(|caller| {
        let answers = caller.answers.iter();
        answers.map(|(name, value)| format!("{}: {name} = {}", caller.flow, in_one_line(value)))
    });
    let language = session.language.iter().map(|language| format!("speaks {language}"));
    std::iter::once(place(session)).chain(language).chain(answers).chain(outer).collect()
}

/// Returns what a STOP or a START has done on this channel, and why a reply is
/// missing. `was_opted_out` and `is_opted_out` hold before and after the message.
#[must_use]
pub fn remarks(
    was_opted_out: bool,
    is_opted_out: bool,
    channel: Channel,
    heard: &Heard,
) -> Vec<String> {
    let channel = channel.as_str();
    let mut remarks = match (was_opted_out, is_opted_out) {
        (_, true) => vec![format!("They want no messages by {channel} until they say START.")],
        (true, false) => vec![format!("They want messages by {channel} again.")],
        (false, false) => Vec::new(),
    };
    let has_changed = was_opted_out != is_opted_out;
    if has_changed && heard.consent.is_some_and(|consent| consent.answered_by_provider) {
        remarks.push("Twilio answers this by itself.".to_owned());
    }
    if heard.ignored == Some(Ignored::Quiet) {
        let why =
            "The flow is silent during the `quiet_after` of this end: only a start word is heard.";
        remarks.push(why.to_owned());
    }
    remarks
}

/// Returns what happened in a turn, line by line: the rules, the path, the
/// state, the variables, and what each reply costs on this channel.
#[must_use]
pub fn turn(
    before: &Session,
    after: &Session,
    channel: Channel,
    replies: &[Reply],
    trace: &Trace,
) -> Vec<String> {
    let mut lines: Vec<String> = trace.rules.iter().map(|rule| format!("rule    {rule}")).collect();
    if trace.path.contains(' ') {
        lines.push(format!("path    {}", trace.path));
    }
    let tries = match after.tries {
        0 => String::new(),
        1 => ", 1 invalid answer".to_owned(),
        tries => format!(", {tries} invalid answers"),
    };
    lines.push(format!("state   {} -> {}{tries}", state(before), state(after)));
    if before.language != after.language {
        lines.extend(after.language.iter().map(|language| format!("speaks  {language}")));
    }
    lines.extend(variables(before, after));
    for (number, reply) in (1..).zip(replies) {
        lines.push(format!("reply   {number}: {}", cost(channel, reply)));
    }
    lines
}

/// Returns what to type for a call that waits for its answer, line by line.
#[must_use]
pub fn open_call(request: &Request) -> Vec<String> {
    let headers = request.shown_headers();
    let headers = headers.iter().map(|(name, value)| format!("  {name}: {}", in_one_line(value)));
    let step = &request.call.step;
    std::iter::once(format!("{step} calls a service. What does it answer?"))
        .chain(headers)
        .chain([
            "Type `/call 200 {\"key\": \"value\"}`, `/call timeout` or `/call refused`.".to_owned()
        ])
        .collect()
}

/// Returns something out of the ordinary in a turn as a sentence.
#[must_use]
pub fn note(note: &Note) -> String {
    match note {
        Note::BeganAfresh { flow, step, reason } => {
            format!("The conversation could not continue at {step} of {flow}: {reason}.")
        }
        Note::MessagesDropped(count) => {
            format!("{count} messages beyond the limit of one reply were dropped.")
        }
        Note::ResultDropped { flow, step } => {
            format!("A result that came early did not fit {step} of {flow}, and was dropped.")
        }
        Note::ValueCut { flow, step, variable, bytes } => {
            format!("{variable} was too long at {step} of {flow}, and was cut to {bytes} bytes.")
        }
    }
}

/// Returns the state. In a sub-flow its flow stands before it, as in
/// `= @FLOW/STEP` of chat files.
#[must_use]
pub fn state(session: &Session) -> String {
    match &session.flow {
        Some(flow) if !session.stack.is_empty() => format!("{flow}/{}", session.state.as_str()),
        _ => session.state.as_str().to_owned(),
    }
}

/// Returns the answers in this flow, which is the current one or one around it.
fn answers_in(session: &Session, flow: Option<&str>) -> Answers {
    let around = session.stack.iter().find(|caller| Some(caller.flow.as_str()) == flow);
    match around {
        Some(caller) => caller.answers.clone(),
        None if session.flow.as_deref() == flow => session.answers.clone(),
        None => Answers::new(),
    }
}

/// A variable before and after a turn. At least one of the two is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// Its value before.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// Returns all variables of the current flow, by their names.
#[must_use]
pub fn changes(before: &Session, after: &Session) -> Vec<Change> {
    let before = answers_in(before, after.flow.as_deref());
    let names: BTreeSet<&String> = before.keys().chain(after.answers.keys()).collect();
    let of = |answers: &Answers, name: &String| answers.get(name).map(ToString::to_string);
    let change = |name: &String| Change {
        name: name.clone(),
        before: of(&before, name),
        after: of(&after.answers, name),
    };
    names.into_iter().map(change).collect()
}

/// Returns all variables of the current flow. New ones are marked with `+`,
/// changed ones with `~`, removed ones with `-`.
fn variables(before: &Session, after: &Session) -> Vec<String> {
    let line = |Change { name, before, after }: Change| {
        let (mark, value) = match (before, after) {
            (None, Some(value)) => ('+', value),
            (Some(old), Some(value)) if old == value => (' ', value),
            (Some(_), Some(value)) => ('~', value),
            (old, None) => ('-', old.unwrap_or_default()),
        };
        format!("      {mark} {name} = {}", in_one_line(value))
    };
    changes(before, after).into_iter().map(line).collect()
}

/// Returns what a message costs. Only SMS are counted in segments.
#[must_use]
pub fn cost(channel: Channel, reply: &Reply) -> String {
    let media = match reply.media.len() {
        0 => String::new(),
        media => format!(" and {media} media"),
    };
    if channel != Channel::Sms {
        return format!("{} characters{media}", reply.text.chars().count());
    }
    if !reply.media.is_empty() {
        // With a picture it goes out as MMS, whose text is not parted.
        return format!("an MMS: {} characters{media}", reply.text.chars().count());
    }
    let cost = segments::count(&reply.text);
    let plural = if cost.segments == 1 { "" } else { "s" };
    let counted = format!("{} segment{plural}", cost.segments);
    match (cost.encoding, segments::first_ucs2_character(&reply.text)) {
        (Encoding::Ucs2, Some((at, character))) => {
            let column = reply.text.get(..at).map_or(0, |text| text.chars().count()) + 1;
            format!(
                "{counted} of UCS-2, {} units: `{}` at character {column} is not in GSM-7",
                cost.units,
                character.escape_debug()
            )
        }
        _ => format!("{counted} of GSM-7, {} units", cost.units),
    }
}
