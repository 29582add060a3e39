//! A person with a phone, and all that the service would keep of them, in
//! memory.
//!
//! It replaces the service around a conversation: it numbers the messages,
//! keeps the session, opt-outs and replies, recognises a repeated message, and
//! has a clock that only its owner moves.

mod services;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::callbacks::Callbacks;
use super::callee::{Callee, Patience};
use crate::conversation::event::{Contact, Effect, Event};
use crate::conversation::flow::Flows;
use crate::conversation::ignored::{Ignored, Known};
use crate::conversation::moment::Moment;
use crate::conversation::opt_out::{Taken, take_seen};
use crate::conversation::reaction::Reaction;
use crate::conversation::reply::joined;
use crate::conversation::session::{Note, Session};
use crate::conversation::step::step_seen;
use crate::conversation::trace::Trace;
use crate::conversation::witness::Witness;
use crate::message::{
    Channel, Consent, Location, Media, Message, Reply, Sender, consent, without_controls,
};

/// The person's number, which is reserved for fiction.
const PERSON: &str = "+14155550100";

/// The bot's number.
const BOT: &str = "+14155550199";

/// The beginning of every chat: 2026-01-05, a Monday, 09:00 UTC.
const BEGINNING: i64 = 1_767_603_600;

/// A message as a person sends it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// The text; may be empty.
    pub text: String,
    /// Pictures, sounds and files.
    pub media: Vec<Media>,
    /// A shared place.
    pub location: Option<Location>,
    /// The id of a tapped button.
    pub button: Option<String>,
}

/// The result of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The bot's replies.
    pub replies: Vec<Reply>,
    /// Facts that an operator would read in the log.
    pub notes: Vec<Note>,
    /// The wish to get no more messages, or to get them again, if the message
    /// was one.
    pub consent: Option<Consent>,
    /// Why the message was ignored, if it was.
    pub ignored: Option<Ignored>,
}

/// The result of time that passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passed {
    /// The texts that came in that time, in order.
    pub texts: Vec<Reply>,
    /// Facts that an operator would read in the log.
    pub notes: Vec<Note>,
}

/// A phone, at first of an unknown person on SMS.
#[derive(Clone, Debug)]
pub struct Phone {
    channel: Channel,
    now: Timestamp,
    session: Session,
    /// The channels on which the person wants no messages. The bot has one
    /// number on each.
    opted_out: BTreeSet<&'static str>,
    /// The result of each message, by its id.
    recorded: BTreeMap<String, Heard>,
    last: Option<Message>,
    /// The texts that answered no message.
    said: Vec<Reply>,
    /// The services that flows call.
    callee: Callee,
    /// Where third parties call back.
    callbacks: Callbacks,
}

impl Default for Phone {
    fn default() -> Self {
        Self {
            channel: Channel::Sms,
            now: Timestamp::from_second(BEGINNING).unwrap_or_default(),
            session: Session::default(),
            opted_out: BTreeSet::new(),
            recorded: BTreeMap::new(),
            last: None,
            said: Vec::new(),
            callee: Callee::default(),
            callbacks: Callbacks::default(),
        }
    }
}

impl Phone {
    /// Sends a message, on the channel and at the time that are set.
    pub fn say(&mut self, flows: &Flows, said: &Said) -> Heard {
        self.say_seen(flows, said, &mut ())
    }

    /// Sends a message like [`say`](Self::say), and also returns its trace.
    pub fn say_traced(&mut self, flows: &Flows, said: &Said) -> (Heard, Trace) {
        let mut trace = Trace::default();
        let heard = self.say_seen(flows, said, &mut trace);
        (heard, trace)
    }

    /// Sends a message like [`say`](Self::say), before a witness.
    pub(super) fn say_seen(
        &mut self,
        flows: &Flows,
        said: &Said,
        witness: &mut dyn Witness,
    ) -> Heard {
        let message = self.message(said);
        self.last = Some(message.clone());
        self.deliver(flows, &message, witness)
    }

    /// Delivers the last message again, if there is one.
    pub fn redeliver(&mut self, flows: &Flows) -> Option<Heard> {
        let message = self.last.clone()?;
        Some(self.deliver(flows, &message, &mut ()))
    }

    /// Delivers a message. The first time, it moves the conversation; after
    /// that, only its recorded reply is returned.
    fn deliver(&mut self, flows: &Flows, message: &Message, witness: &mut dyn Witness) -> Heard {
        if let Some(recorded) = self.recorded.get(&message.id) {
            return recorded.clone();
        }
        let channel = message.channel.for_opt_out().as_str();
        let was_opted_out = self.opted_out.contains(channel);
        let replies = || self.recorded.values().flat_map(|heard| &heard.replies);
        let said = || replies().chain(&self.said);
        let known = Known {
            opted_out: was_opted_out,
            is_reaction: Reaction::of(message).is_some_and(|reaction| reaction.is_to(said())),
            // The author of the next line has read the reply above it.
            is_double: false,
        };
        let Taken { turn, opted_out, ignored } =
            take_seen(flows, &self.session, known, message, self.moment(), witness);
        if opted_out {
            self.opted_out.insert(channel);
        } else {
            self.opted_out.remove(channel);
        }
        self.keep(turn.session);
        let (mut replies, mut notes) = (turn.replies, turn.notes);
        // Only the reply to the message that led to a call waits for its answer.
        let mut waits = makes_call(&turn.effects);
        self.call(turn.effects);
        let mut patience = Patience::default();
        while waits
            && let Some((id, answer)) =
                self.callee.take_in_reply(&mut patience, !replies.is_empty(), self.now)
        {
            let contact = self.contact(&message.sender);
            let event = Event::Called { contact, call: &id, answer: &answer };
            let turn = step_seen(flows, &self.session, event, self.moment(), witness);
            self.keep(turn.session);
            waits = makes_call(&turn.effects);
            (replies, _) = joined(replies, self.call(turn.effects));
            notes.extend(turn.notes);
        }
        let heard = Heard { replies, notes, consent: message.consent, ignored };
        self.recorded.insert(message.id.clone(), heard.clone());
        heard
    }

    /// Makes the calls of a turn, and returns its texts.
    fn call(&mut self, effects: Vec<Effect>) -> Vec<Reply> {
        let mut texts = Vec::new();
        for effect in effects {
            match effect {
                Effect::Text { reply, .. } => texts.push(reply),
                Effect::Call { request } => self.callee.call(*request, self.now),
                Effect::Spend { result, .. } => self.callbacks.spend(result, self.now),
            }
        }
        texts
    }

    fn keep(&mut self, session: Session) {
        let (answers, stack) = (stored(session.answers), stored(session.stack));
        let callback = stored(session.callback);
        self.session = Session { answers, stack, callback, ..session };
        self.callbacks.keep(self.session.callback.as_ref());
    }

    fn moment(&self) -> Moment<'_> {
        Moment { now: self.now, callbacks: self.callbacks.offered() }
    }

    fn contact<'s>(&self, sender: &'s Sender) -> Contact<'s> {
        let channel = self.last.as_ref().map_or(self.channel, |last| last.channel);
        Contact { sender, profile_name: None, channel }
    }

    fn sender(&self) -> Sender {
        self.last
            .as_ref()
            .map_or_else(|| Sender::from_key(PERSON.to_owned()), |last| last.sender.clone())
    }

    fn message(&self, said: &Said) -> Message {
        let prefix = if self.channel == Channel::Whatsapp { "whatsapp:" } else { "" };
        let id = format!("SM{:032x}", self.recorded.len() + 1);
        let (from, to) = (format!("{prefix}{PERSON}"), format!("{prefix}{BOT}"));
        let text = without_controls(&said.text).into_owned();
        Message {
            media: said.media.clone(),
            location: said.location.clone(),
            button: said.button.clone(),
            consent: consent::of_text(self.channel, &text),
            ..Message::text(&id, &from, &to, &text).expect("a phone number is an address")
        }
    }

    /// Lets time pass until this moment, and also returns the trace of what
    /// silence has caused.
    pub fn wait_traced(&mut self, flows: &Flows, until: Timestamp) -> (Passed, Trace) {
        let mut trace = Trace::default();
        let passed = self.wait_until(flows, until, &mut trace);
        (passed, trace)
    }

    /// Returns when this time of day comes next on the clock of the flow.
    #[must_use]
    pub fn next(&self, flows: &Flows, time: Time) -> Timestamp {
        let flow = self.session.outermost_flow().and_then(|name| flows.get(name));
        let flow = flow.or_else(|| flows.iter().next());
        let zone = flow.map_or(TimeZone::UTC, |flow| flow.timezone.clone());
        let on = |day: Date| zone.to_timestamp(day.to_datetime(time)).unwrap_or(self.now);
        let today = self.now.to_zoned(zone.clone()).date();
        let at = on(today);
        if at > self.now { at } else { on(today.saturating_add(1.days())) }
    }

    /// Returns the time of its clock after this duration.
    #[must_use]
    pub fn later(&self, time: Duration) -> Timestamp {
        let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
        self.now.saturating_add(time).unwrap_or(Timestamp::MAX)
    }

    /// Sets the clock forward, before a witness. Whatever silence causes until
    /// then happens at its own time.
    pub(super) fn wait_until(
        &mut self,
        flows: &Flows,
        until: Timestamp,
        witness: &mut dyn Witness,
    ) -> Passed {
        let mut passed = Passed::default();
        while let Some(due) = self.due().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            let sender = self.sender();
            let answer = self.callee.take(due);
            let event = match &answer {
                Some((call, answer)) => {
                    Event::Called { contact: self.contact(&sender), call, answer }
                }
                None => Event::Silence(self.contact(&sender)),
            };
            let turn = step_seen(flows, &self.session, event, self.moment(), witness);
            let is_same = turn.session == self.session;
            self.keep(turn.session);
            passed.texts.extend(self.call(turn.effects));
            passed.notes.extend(turn.notes);
            if is_same && answer.is_none() {
                break;
            }
        }
        self.said.extend(passed.texts.iter().cloned());
        self.now = self.now.max(until);
        passed
    }

    /// Returns when something happens next by itself.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.session.wakes_at.into_iter().chain(self.callee.next()).min()
    }

    /// Sets the clock.
    pub fn set_time(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Returns the time of its clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Changes to another channel.
    pub fn switch_to(&mut self, channel: Channel) {
        self.channel = channel;
    }

    /// Returns the channel that it writes on.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Returns its session.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns whether its owner wants no messages on the channel that is set.
    pub fn is_opted_out(&self) -> bool {
        self.opted_out.contains(self.channel.for_opt_out().as_str())
    }

    /// Returns whether the session and the opt-outs are the same as those of
    /// the other phone.
    pub(super) fn stands_as(&self, other: &Self) -> bool {
        self.session == other.session && self.opted_out == other.opted_out
    }
}

fn makes_call(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Call { .. }))
}

/// Returns answers as the database returns them, which keeps them as JSON. So a
/// flow that only works while they are in memory fails here, too.
fn stored<T: Serialize + DeserializeOwned>(kept: T) -> T {
    serde_json::to_string(&kept).and_then(|json| serde_json::from_str(&json)).unwrap_or(kept)
}
