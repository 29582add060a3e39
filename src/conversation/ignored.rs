//! Messages that move nothing and get no reply, whatever waits for them.

use jiff::{SignedDuration, Timestamp};

use super::flow::Flows;
use super::session::{Session, State};
use super::step::{Hearing, hearing};
use super::words::normalise;
use crate::message::{Message, Wish};

/// Why a message is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// It is a reaction to something that we said.
    Reaction,
    /// The provider answers it, as it does HELP.
    Provider,
    /// It says once more what asked the question at hand a moment ago.
    Double,
    /// The conversation ended a short time ago, with an outcome after which it
    /// is quiet: the person may be spoken to by somebody else.
    Quiet,
}

impl Ignored {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Reaction, Self::Provider, Self::Double, Self::Quiet];
}

/// What is known of a message and its sender, beside what both hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the sender wants no messages on its line.
    pub opted_out: bool,
    /// Whether it is a reaction to something that we said to the sender.
    pub is_reaction: bool,
    /// Whether an equal text of the sender's asked the question at hand so short
    /// a time ago that the question can hardly have been read.
    pub is_double: bool,
}

/// Why a message of somebody who wants messages is ignored, if it is.
pub(super) fn why(
    flows: &Flows,
    session: &Session,
    known: Known,
    message: &Message,
    now: Timestamp,
) -> Option<Ignored> {
    if known.is_reaction {
        return Some(Ignored::Reaction);
    }
    // A START that only its text tells is ordinary text: YES answers a question.
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
        // What may rightly be said twice is an answer.
        Hearing::Text if !is_brief(&message.body) => Some(Ignored::Double),
        Hearing::Text | Hearing::Value | Hearing::Nothing => None,
    }
}

/// Whether it is quiet after the end of the conversation.
fn is_quiet(flows: &Flows, session: &Session, now: Timestamp) -> bool {
    let State::Ended(outcome) = &session.state else { return false };
    let flow = session.flow.as_deref().and_then(|name| flows.get(name));
    let quiet = flow.and_then(|flow| flow.quiet_after.get(outcome));
    let Some((quiet, ended_at)) = quiet.zip(session.since) else { return false };
    let quiet = SignedDuration::try_from(*quiet).unwrap_or(SignedDuration::MAX);
    now < ended_at.saturating_add(quiet).unwrap_or(Timestamp::MAX)
}

/// Whether a text is one character, or a number: two questions in a row may
/// well have the answer `1`.
fn is_brief(text: &str) -> bool {
    let text = normalise(text);
    text.chars().count() <= 1 || !text.contains(char::is_alphabetic)
}

/// Whether two texts say the same, as words are compared.
#[must_use]
pub fn say_the_same(one: &str, other: &str) -> bool {
    // Most pairs differ in their first letter, and need no closer look.
    let first = |text: &str| text.trim_start().bytes().next().filter(u8::is_ascii_alphanumeric);
    let differ = first(one).zip(first(other)).is_some_and(|(a, b)| !a.eq_ignore_ascii_case(&b));
    !differ && normalise(one) == normalise(other)
}

/// When the question at hand was asked, as far as the deadline of the
/// conversation tells; `None` where nothing waits.
#[must_use]
pub fn asked_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    let expires_at = session.expires_at.filter(|_| matches!(session.state, State::Waiting(_)))?;
    let flow = flows.get(session.outermost_flow()?)?;
    expires_at.checked_sub(SignedDuration::try_from(flow.expire).ok()?).ok()
}
