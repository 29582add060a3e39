//! Texts that go along with the reply to a message.
//!
//! A person who writes gets the texts that still wait for them in the reply, in
//! order. If a text is on its way at that moment, nothing may overtake it: the
//! reply is then empty, and its texts go behind that one.

use std::time::Duration;

use super::order::is_in_flight;
use super::state::State;
use super::text::{Occasion, Text};
use crate::conversation::TextKind;
use crate::message::{MAX_REPLIES, Reply, Route, Sender};

/// How long what did not fit into a reply waits, so that it does not overtake the
/// reply.
const AFTER_REPLY: Duration = Duration::from_secs(3);

/// The message that is replied to.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The person.
    pub sender: &'a Sender,
    /// The way back to them.
    pub route: &'a Route,
    /// Whether the turn ended at a question, and when it was asked.
    pub occasion: Occasion,
    /// Whether the person wants no messages here from now on.
    pub is_stopped: bool,
}

/// Returns what the reply says, of what the turn would say. The texts of the
/// person are those that are not over, oldest first; `is_stopped` says whether
/// the person wants none on the line of a text.
pub fn along(
    texts: &mut Vec<Text>,
    replies: Vec<Reply>,
    answered: Answered<'_>,
    is_stopped: impl Fn(&Text) -> bool,
) -> Vec<Reply> {
    let now = answered.occasion.now;
    for text in texts.iter_mut().filter(|text| text.state == State::Pending) {
        if is_stopped(text) {
            text.turn_into(State::Dropped, Some("opted_out"), now);
        } else if text.kind == TextKind::Nudge || text.again_of.is_some() {
            text.turn_into(State::Dropped, Some("answered"), now);
        } else if text.good_until <= now {
            text.turn_into(State::Dropped, Some("late"), now);
        }
    }
    if answered.is_stopped {
        // The answer to a STOP is the last text that the person gets.
        return replies;
    }
    let mut said = Vec::new();
    let is_held = is_in_flight(texts, now);
    if !is_held {
        let waiting = texts.iter_mut().filter(|text| text.state == State::Pending);
        for text in waiting.take(MAX_REPLIES) {
            said.push(text.reply.clone());
            text.turn_into(State::Replied, None, now);
        }
    }
    let has_waiting = texts.iter().any(|text| text.state == State::Pending);
    let fits = if is_held || has_waiting { 0 } else { MAX_REPLIES - said.len() };
    let own = replies.len();
    for (place, reply) in replies.into_iter().enumerate() {
        if place < fits {
            said.push(reply);
            continue;
        }
        let is_last = place + 1 == own;
        let is_question = is_last && answered.occasion.kind == TextKind::Question;
        let kind = if is_question { TextKind::Question } else { TextKind::Statement };
        let occasion = Occasion { kind, ..answered.occasion };
        let text = Text::new(answered.sender.clone(), answered.route.clone(), reply, occasion);
        texts.push(text.held());
    }
    if !said.is_empty() {
        let after = now.saturating_add(AFTER_REPLY).unwrap_or(now);
        for text in texts.iter_mut().filter(|text| text.state == State::Pending) {
            text.not_before = text.not_before.max(after);
        }
    }
    said
}
