//! The meaning of a message for the conversation, before it moves anything.

use jiff::Timestamp;

use super::message::command;
use super::place::{self, Waits};
use super::settle::settle;
use crate::conversation::answer::{self, Reading};
use crate::conversation::flow::{Flows, Kind};
use crate::conversation::session::Session;
use crate::message::Message;

/// The meaning of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::conversation) enum Hearing {
    /// A word of the flow: a start word, a command, an option, yes or no, or a
    /// word that skips the question.
    Word,
    /// A valid answer of a type that takes few texts, such as a number or a day.
    Value,
    /// A text for a question that takes any, or no answer to the question.
    Text,
    /// Nothing waits for the message, and it begins nothing.
    Nothing,
}

/// Returns the meaning of a message at this session.
pub(in crate::conversation) fn hearing(
    flows: &Flows,
    session: &Session,
    message: &Message,
    now: Timestamp,
) -> Hearing {
    let (mut session, _) = settle(flows, session, now);
    let words = answer::words_of(message);
    let Ok(Some((place, callers))) = place::find(flows, &mut session) else {
        let begins = |word| flows.iter().any(|flow| flow.begun_by(word).is_some());
        return if words.iter().any(begins) { Hearing::Word } else { Hearing::Nothing };
    };
    if command(&callers, session.language.as_deref(), place.flow, &words).is_some() {
        return Hearing::Word;
    }
    let today = || now.to_zoned(place.flow.timezone.clone()).date();
    let Waits::Ask(ask) = place.waits else { return Hearing::Text };
    let kind = &ask.answer.kind;
    match (answer::read(ask, message, &place.flow.languages, &today), kind) {
        (Reading::Invalid, _) | (Reading::Valid(_), Kind::Text { .. }) => Hearing::Text,
        (Reading::Skipped, _) | (_, Kind::Options(_) | Kind::YesNo { .. }) => Hearing::Word,
        _ => Hearing::Value,
    }
}
