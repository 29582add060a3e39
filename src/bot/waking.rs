//! The turns that silence causes: one transaction for several people.

use std::collections::HashMap;

use jiff::Timestamp;

use super::number_hash::NumberHash;
use super::parts::Sending;
use super::text_log;
use super::turn::{texts_until, to_millisecond};
use super::versions::Versions;
use crate::conversation::{
    Contact, Effect, Event, Flows, Session, TextKind, Turn, question_asked_at, step,
};
use crate::message::{Channel, Sender};
use crate::outbox::order::{Mode, line_up};
use crate::outbox::state::State;
use crate::outbox::text::{Occasion, Text};
use crate::store::{Changes, Person};
use crate::telemetry;

/// The turns of people who did not write, and what they change.
#[derive(Debug, Default)]
pub(super) struct Wakings {
    pub(super) changes: Changes,
    /// The sender, and the states before and after, of each turn that moved
    /// something.
    moved: Vec<(Sender, String, String)>,
    /// Whether a text waits to be sent.
    pub(super) has_said: bool,
    /// People to whom a text cannot be sent.
    unreachable: Vec<Sender>,
}

impl Wakings {
    /// Lets time pass for these people, whose sessions are locked. A person in
    /// flows that are not loaded is left to a process that has them. `texts` are
    /// those that are on their way to them.
    pub(super) fn of(
        versions: &Versions,
        people: HashMap<Sender, Person>,
        mut texts: HashMap<Sender, Vec<Text>>,
        sending: &Sending,
        now: Timestamp,
    ) -> Self {
        let now = to_millisecond(now);
        let mut wakings = Self::default();
        wakings.changes.now = now;
        for (sender, person) in people.into_iter().filter(|(_, person)| may_be_due(person, now)) {
            let Some((flows, version)) = versions.known(&person) else { continue };
            let reach = person.reach.as_ref();
            let channel = reach.map_or(Channel::Other, |reach| reach.route.channel);
            let profile_name = reach.and_then(|reach| reach.profile_name.as_deref());
            let contact = Contact { sender: &sender, profile_name, channel };
            let mut texts = texts.remove(&sender).unwrap_or_default();
            if let Some(session) = not_asked_yet(flows, &person.session, &mut texts, now) {
                wakings.postpone((sender, person), session, texts);
                continue;
            }
            let turn = step(flows, &person.session, Event::Silence(contact), now);
            wakings.take((sender, channel, person, version), turn, texts, sending.policy.mode);
        }
        // Rows are written in key order, as they were locked.
        wakings.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        wakings
    }

    fn take(
        &mut self,
        (sender, channel, mut person, version): (Sender, Channel, Person, i64),
        turn: Turn,
        texts: Vec<Text>,
        mode: Mode,
    ) {
        let before = person.session.state.as_str().to_owned();
        let after = turn.session.state.as_str().to_owned();
        if before != after || !turn.ended.is_empty() || !turn.effects.is_empty() {
            person.flow_version = Some(version);
            self.moved.push((sender.clone(), before, after));
        }
        for ended in turn.ended {
            self.changes.ended.push((sender.clone(), channel, ended));
        }
        person.session = turn.session;
        self.say(&sender, &mut person, turn.effects, texts, mode);
        self.changes.people.push((sender, person));
    }

    /// Keeps a session whose question is still on its way to the person.
    fn postpone(&mut self, (sender, person): (Sender, Person), session: Session, texts: Vec<Text>) {
        self.changes.texts.extend(texts);
        self.changes.people.push((sender, Person { session, ..person }));
    }

    /// Puts what a turn says into the outbox, behind the texts that are on their
    /// way already.
    fn say(
        &mut self,
        sender: &Sender,
        person: &mut Person,
        effects: Vec<Effect>,
        mut texts: Vec<Text>,
        mode: Mode,
    ) {
        let now = self.changes.now;
        let Some(reach) = &mut person.reach else {
            if !effects.is_empty() {
                self.unreachable.push(sender.clone());
            }
            return;
        };
        if effects.is_empty() {
            return;
        }
        for effect in effects {
            // Flows that make calls are not served.
            let Effect::Text { reply, kind, good_until } = effect else { continue };
            let asked_at = person.session.asked.map(|asked| asked.at);
            let occasion = Occasion { kind, turns: person.turns, asked_at, good_until, now };
            let mut text = Text::new(sender.clone(), reach.route.clone(), reply, occasion);
            if mode == Mode::Off {
                text.turn_into(State::Dropped, Some("off"), now);
            }
            texts.push(text);
        }
        let _ = line_up(&mut texts, now);
        reach.texts_until = texts_until(reach.texts_until, &texts, now);
        self.has_said |= mode == Mode::On;
        self.changes.texts.extend(texts);
    }

    /// Returns whose conversations have moved.
    pub(super) fn whose_moved(&self) -> impl Iterator<Item = &Sender> {
        self.moved.iter().map(|(sender, ..)| sender)
    }

    /// Logs and counts the turns, once they are saved.
    pub(super) fn log(&self, number_hash: &NumberHash) {
        for (sender, before, after) in &self.moved {
            tracing::info!(
                sender.hash = number_hash.of(sender),
                state.before = before,
                state.after = after,
                "turn taken after silence"
            );
        }
        for sender in &self.unreachable {
            tracing::warn!(
                sender.hash = number_hash.of(sender),
                "a text cannot be sent: the row does not say how the person is reached"
            );
        }
        telemetry::woken(self.moved.len());
        for (_, _, ended) in &self.changes.ended {
            telemetry::conversation_ended(&ended.flow, &ended.outcome);
        }
        for text in self.changes.texts.iter().filter(|text| text.id.is_none()) {
            text_log::tell(text, number_hash);
        }
    }
}

/// Returns whether silence may be over here. A person whose wait cannot be read
/// has no time for it any more, and is woken once, so that the row becomes
/// readable. A person whose row was deleted meanwhile stays deleted.
fn may_be_due(person: &Person, now: Timestamp) -> bool {
    person.session.wakes_at.is_none_or(|at| at <= now) && *person != Person::default()
}

/// Returns the session with the clock of its question set back, if the question
/// still waits to be sent: nobody can answer what they have not been asked. The
/// end of the conversation does not wait for that.
fn not_asked_yet(
    flows: &Flows,
    session: &Session,
    texts: &mut [Text],
    now: Timestamp,
) -> Option<Session> {
    let asked_at = session.asked?.at;
    let is_over = session.expires_at.is_some_and(|at| at <= now);
    let is_it = |text: &&mut Text| {
        let is_open = matches!(text.state, State::Pending | State::Claimed);
        is_open && text.kind == TextKind::Question && text.asked_at == Some(asked_at)
    };
    let text = texts.iter_mut().find(is_it).filter(|_| !is_over)?;
    text.asked_at = Some(now);
    Some(question_asked_at(flows, session, now))
}
