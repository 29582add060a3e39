//! The turns that silence causes: one transaction for several people.

use std::collections::HashMap;

use jiff::Timestamp;

use super::number_hash::NumberHash;
use super::turn::to_millisecond;
use super::versions::Versions;
use crate::conversation::{Contact, Event, Turn, step};
use crate::message::{Channel, Sender};
use crate::store::{Changes, Person, StoreError, Writer};
use crate::telemetry;

/// The turns of people who did not write, and what they change.
#[derive(Debug, Default)]
pub(super) struct Wakings {
    pub(super) changes: Changes,
    /// The sender, and the states before and after, of each turn that moved
    /// something.
    moved: Vec<(Sender, String, String)>,
}

impl Wakings {
    /// Lets time pass for these people, whose sessions are locked. A person in
    /// flows that are not loaded is left to a process that has them. So is one
    /// who would be sent a text, which this release cannot do.
    pub(super) async fn of(
        writer: &mut Writer,
        versions: &Versions,
        people: HashMap<Sender, Person>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let now = to_millisecond(now);
        let mut wakings = Self::default();
        wakings.changes.now = now;
        for (sender, person) in people.into_iter().filter(|(_, person)| may_be_due(person, now)) {
            let Some((flows, version)) = versions.known(&person) else { continue };
            // The last message says on which channel the person is reached.
            let last = writer.last_turns(&sender, 1).await?;
            let channel = last.first().map_or(Channel::Other, |entry| entry.channel);
            let contact = Contact { sender: &sender, profile_name: None, channel };
            let turn = step(flows, &person.session, Event::Silence(contact), now);
            if !turn.effects.is_empty() {
                continue;
            }
            wakings.take(sender, channel, person, version, turn);
        }
        // Rows are written in key order, as they were locked.
        wakings.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(wakings)
    }

    fn take(
        &mut self,
        sender: Sender,
        channel: Channel,
        mut person: Person,
        version: i64,
        turn: Turn,
    ) {
        let before = person.session.state.as_str().to_owned();
        let after = turn.session.state.as_str().to_owned();
        if before != after || !turn.ended.is_empty() {
            person.flow_version = Some(version);
            self.moved.push((sender.clone(), before, after));
        }
        for ended in turn.ended {
            self.changes.ended.push((sender.clone(), channel, ended));
        }
        person.session = turn.session;
        self.changes.people.push((sender, person));
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
        telemetry::woken(self.moved.len());
        for (_, _, ended) in &self.changes.ended {
            telemetry::conversation_ended(&ended.flow, &ended.outcome);
        }
    }
}

/// Returns whether silence may be over here. A person whose wait cannot be read
/// has no time for it any more, and is woken once, so that the row is written
/// anew. A person whose row was deleted meanwhile stays deleted.
fn may_be_due(person: &Person, now: Timestamp) -> bool {
    person.session.wakes_at.is_none_or(|at| at <= now) && *person != Person::default()
}
