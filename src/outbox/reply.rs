//! Texts that go along with the reply to a message.
//!
//! A person who writes gets what still waits for them in the reply, in order. If
//! a text is just on its way, nothing may overtake it: then the reply is empty,
//! and what it would have said goes behind that text.

use super::order::is_in_flight;
use super::state::State;
use super::text::{Occasion, Text};
use crate::conversation::TextKind;
use crate::message::{MAX_REPLIES, Reply, Route, Sender};

/// The message that is replied to.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The person.
    pub sender: &'a Sender,
    /// The way back to them.
    pub route: &'a Route,
    /// Whether the turn ended at a question, and when it was asked.
    pub occasion: Occasion,
    /// Whether the person wants no messages from here on.
    pub is_stopped: bool,
}

/// Returns what the reply says, of what the turn would say. The texts of the
/// person are those that are not over, oldest first.
pub fn along(texts: &mut Vec<Text>, replies: Vec<Reply>, answered: Answered<'_>) -> Vec<Reply> {
    let now = answered.occasion.now;
    for text in texts.iter_mut().filter(|text| text.state == State::Pending) {
        if answered.is_stopped {
            text.turn_into(State::Dropped, Some("opted_out"), now);
        } else if text.kind == TextKind::Nudge || text.again_of.is_some() {
            text.turn_into(State::Dropped, Some("answered"), now);
        } else if text.good_until <= now {
            text.turn_into(State::Dropped, Some("late"), now);
        }
    }
    if answered.is_stopped {
        // What a STOP is told is the last that the person hears.
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
    let room = if is_held { 0 } else { MAX_REPLIES - said.len() };
    let has_waiting = texts.iter().any(|text| text.state == State::Pending);
    let fits = if has_waiting { 0 } else { room };
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
        texts.push(Text::new(answered.sender.clone(), answered.route.clone(), reply, occasion));
    }
    said
}
