//! One text with all that is kept of it.

use jiff::Timestamp;

use super::state::State;
use crate::conversation::TextKind;
use crate::message::{Channel, Reply, Route, Sender, segments};

/// Why a reply waits.
const HELD: &str = "held";

/// A row of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its number; `None` until it is stored.
    pub id: Option<i64>,
    /// The person, by their key.
    pub sender: Sender,
    /// Where it goes, and from where.
    pub route: Route,
    /// What it says.
    pub reply: Reply,
    /// Why it is sent.
    pub kind: TextKind,
    /// How many messages of the person had been taken when it was said.
    pub turns: i64,
    /// When the question was asked that it asks or reminds of.
    pub asked_at: Option<Timestamp>,
    /// Where it is on its way.
    pub state: State,
    /// Why it was dropped, failed, waits, or is unknown: a word.
    pub reason: Option<String>,
    /// The provider's error code.
    pub code: Option<u32>,
    /// The provider's id of it.
    pub sid: Option<String>,
    /// How many times it was tried.
    pub tries: u32,
    /// The text of which it is the second attempt.
    pub again_of: Option<i64>,
    /// When it was said.
    pub created_at: Timestamp,
    /// When it becomes too late to send it.
    pub good_until: Timestamp,
    /// When it may be sent at the earliest.
    pub not_before: Timestamp,
    /// Its turn at the pace of our address, as planned or as taken.
    pub slot_at: Option<Timestamp>,
    /// When somebody has to look at it next; `None`: only after another event.
    pub due_at: Option<Timestamp>,
    /// When it was claimed last.
    pub claimed_at: Option<Timestamp>,
    /// When the provider took it.
    pub accepted_at: Option<Timestamp>,
    /// When its state changed last.
    pub changed_at: Timestamp,
}

/// Why a text is said, in addition to what it says.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// Why it is sent.
    pub kind: TextKind,
    /// How many messages of the person were taken.
    pub turns: i64,
    /// When the question was asked that it asks or reminds of.
    pub asked_at: Option<Timestamp>,
    /// When it becomes too late to send it.
    pub good_until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

impl Text {
    /// Returns a new text, which waits to be sent.
    #[must_use]
    pub fn new(sender: Sender, route: Route, reply: Reply, occasion: Occasion) -> Self {
        let Occasion { kind, turns, asked_at, good_until, now } = occasion;
        Self {
            id: None,
            sender,
            route,
            reply,
            kind,
            turns,
            asked_at,
            state: State::Pending,
            reason: None,
            code: None,
            sid: None,
            tries: 0,
            again_of: None,
            created_at: now,
            good_until,
            not_before: now,
            slot_at: None,
            due_at: None,
            claimed_at: None,
            accepted_at: None,
            changed_at: now,
        }
    }

    /// Returns a new text that says the same, as the second attempt.
    #[must_use]
    pub fn again(&self, not_before: Timestamp, now: Timestamp) -> Self {
        let occasion = Occasion {
            kind: self.kind,
            turns: self.turns,
            asked_at: self.asked_at,
            good_until: self.good_until,
            now,
        };
        let again =
            Self::new(self.sender.clone(), self.route.clone(), self.reply.clone(), occasion);
        Self { again_of: self.id, not_before, ..again }
    }

    /// Returns it as the reply to a message, which waits behind a text that is on
    /// its way. It comes before what nobody waits for.
    #[must_use]
    pub fn held(self) -> Self {
        Self { reason: Some(HELD.to_owned()), ..self }
    }

    /// Returns whether it is such a reply.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.state == State::Pending && self.reason.as_deref() == Some(HELD)
    }

    /// Changes its state, with a reason if there is one.
    pub fn turn_into(&mut self, state: State, reason: Option<&str>, now: Timestamp) {
        self.state = state;
        self.reason = reason.map(str::to_owned);
        self.due_at = None;
        self.changed_at = now;
    }

    /// Returns how many segments it counts for at the pace of our address. Other
    /// channels than SMS have no segments and count messages.
    #[must_use]
    pub fn segments(&self) -> u32 {
        match self.route.channel {
            Channel::Sms if self.reply.media.is_empty() => {
                u32::try_from(segments::count(&self.reply.text).segments).unwrap_or(u32::MAX)
            }
            _ => 1,
        }
    }
}
