//! Decides whether a message is ignored, by its meaning for the conversation.

use jiff::{SignedDuration, Timestamp};

use super::{Ignored, Known};
use crate::conversation::flow::Flows;
use crate::conversation::session::{Session, State};
use crate::conversation::step::{Hearing, hearing};
use crate::conversation::words::normalise;
use crate::message::{Message, Wish};

/// Returns why a message from a person without an opt-out is ignored, if it is.
pub(in crate::conversation) fn why(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    now: Timestamp,
) -> Option<Ignored> {
    if known.is_reaction {
        return Some(Ignored::Reaction);
    }
    // A START that is only recognised by its text is ordinary text: YES answers
    // a question.
    let is_answered = message.consent.is_some_and(|consent| {
        consent.answered_by_provider && (consent.is_declared || consent.wish == Wish::Help)
    });
    let is_quiet = is_quiet(flows, session, now);
    if !is_answered && !known.is_double && !is_quiet {
        return None;
    }
    match hearing(flows, session, message, now) {
        Hearing::Word => None,
        _ if is_answered => Some(Ignored::Provider),
        _ if is_quiet => Some(Ignored::Quiet),
        // A text that people may well say twice is an answer.
        Hearing::Text if !is_brief(&message.body) => Some(Ignored::Double),
        Hearing::Text | Hearing::Value | Hearing::Nothing => None,
    }
}

/// Returns whether the flow is quiet after the end of the conversation.
fn is_quiet(flows: &Flows, session: &Session, now: Timestamp) -> bool {
    let State::Ended(outcome) = &session.state else { return false };
    let flow = session.flow.as_deref().and_then(|name| flows.get(name));
    let quiet = flow.and_then(|flow| flow.quiet_after.get(outcome));
    let Some((quiet, ended_at)) = quiet.zip(session.since) else { return false };
    let quiet = SignedDuration::try_from(*quiet).unwrap_or(SignedDuration::MAX);
    now < ended_at.saturating_add(quiet).unwrap_or(Timestamp::MAX)
}

/// Returns whether a text is one character, or a number: two questions in a row
/// may well have the answer `1`.
fn is_brief(text: &str) -> bool {
    let text = normalise(text);
    text.chars().count() <= 1 || !text.contains(char::is_alphabetic)
}
