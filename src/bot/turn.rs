//! One message of a batch: what it does to its sender, and what is kept of it.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::number_hash::NumberHash;
use super::opt_out;
use crate::conversation::{self, Flows, Note};
use crate::message::{Message, Sender, to_millisecond};
use crate::store::{Changes, Person, Recorded};
use crate::twilio::twiml;

/// What a batch does, before it is saved.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) changes: Changes,
    /// What to log once it is saved.
    pub(super) notes: Vec<(usize, Note)>,
}

/// Steps the messages in order, each from where the one before left its sender.
pub(super) fn step_all(
    flows: &Flows,
    mut people: HashMap<Sender, Person>,
    messages: &[Arc<Message>],
    now: Timestamp,
) -> Steps {
    let now = to_millisecond(now);
    let mut steps = Steps { changes: Changes { now, ..Changes::default() }, notes: Vec::new() };
    for message in messages {
        let person = people.entry(message.sender.clone()).or_default();
        steps.take(flows, person, message);
    }
    steps.changes.people = people.into_iter().collect();
    // Rows are written in key order, as they were locked.
    steps.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    steps
}

impl Steps {
    fn take(&mut self, flows: &Flows, person: &mut Person, message: &Arc<Message>) {
        let now = self.changes.now;
        let turn = opt_out::decide(person, message, now)
            .unwrap_or_else(|| conversation::step(flows, &person.session, message, now));
        let twiml = twiml::write(&turn.replies);
        let index = self.changes.messages.len();
        self.notes.extend(turn.notes.into_iter().map(|note| (index, note)));
        if twiml.dropped > 0 {
            self.notes.push((index, Note::MessagesDropped(twiml.dropped)));
        }
        person.turns += 1;
        self.changes.messages.push(Recorded {
            message: Arc::clone(message),
            turn: person.turns,
            received_at: now,
            state_before: person.session.state.as_str().to_owned(),
            state_after: turn.session.state.as_str().to_owned(),
            reply: twiml.bytes,
        });
        for ended in turn.ended {
            self.changes.ended.push((message.sender.clone(), message.channel, ended));
        }
        person.session = turn.session;
    }

    /// One log line for each turn that was saved, without a word of it.
    pub(super) fn log(&self, number_hash: &NumberHash) {
        for recorded in &self.changes.messages {
            if !tracing::enabled!(tracing::Level::INFO) {
                break;
            }
            let message = &recorded.message;
            let stopped = self.is_stopped(&message.sender, message);
            tracing::info!(
                message.id = message.id,
                sender.hash = number_hash.of(&message.sender),
                channel = message.channel.as_str(),
                state.before = recorded.state_before,
                state.after = recorded.state_after,
                turn = recorded.turn,
                opted_out = stopped,
                "turn taken"
            );
        }
        for (index, note) in &self.notes {
            let Some(recorded) = self.changes.messages.get(*index) else { continue };
            let id = &recorded.message.id;
            match note {
                Note::BeganAfresh { flow, step, reason } => tracing::warn!(
                    message.id = id,
                    flow,
                    step,
                    reason,
                    "the stored place no longer fits the flow: the conversation begins afresh"
                ),
                Note::MessagesDropped(dropped) => tracing::warn!(
                    message.id = id,
                    dropped,
                    "the reply was too long: the messages beyond the limit were dropped"
                ),
            }
        }
    }

    fn is_stopped(&self, sender: &Sender, message: &Message) -> bool {
        let people = &self.changes.people;
        people
            .binary_search_by(|(other, _)| other.cmp(sender))
            .ok()
            .and_then(|index| people.get(index))
            .is_some_and(|(_, person)| person.opt_outs.contains(message.channel))
    }
}
