//! The turns of a batch: what each message does to its sender, and what is kept of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::lately::{Asked, ByKey, Lately, Transcripts, replies_in};
use super::number_hash::NumberHash;
use super::versions::Versions;
use crate::conversation::{self, Flows, Ignored, Known, Note, Reaction, Taken};
use crate::message::{Message, Sender, Wish};
use crate::store::{Changes, Person, Recorded};
use crate::telemetry;
use crate::twilio::twiml;

/// The effects of a batch, before it is saved.
#[derive(Debug, Default)]
pub(super) struct Turns {
    pub(super) changes: Changes,
    /// The ids of messages that this release cannot handle, since their senders
    /// are in flows that it cannot load.
    pub(super) outdated: HashSet<String>,
    /// Whether each message met an opt-out, or made one.
    opted_out: Vec<bool>,
    /// Why each message was ignored, if it was.
    pub(super) ignored: Vec<Option<Ignored>>,
    /// What led to the current question of each sender, by their key, as far as it is known.
    pub(super) asked: ByKey<Option<Asked>>,
    /// What to log once the batch is saved.
    pub(super) notes: Vec<(usize, Note)>,
}

impl Turns {
    /// Takes the messages in order, each from where the previous one left its sender.
    pub(super) fn of(
        versions: &Versions,
        lately: (&Lately, &Transcripts),
        mut people: HashMap<Sender, Person>,
        messages: &[Arc<Message>],
        now: Timestamp,
    ) -> Self {
        let now = to_millisecond(now);
        let mut turns = Self::default();
        turns.changes.now = now;
        for message in messages {
            let person = people.entry(message.sender.clone()).or_default();
            turns.take(versions, lately, person, message);
        }
        turns.changes.people = people.into_iter().collect();
        // Rows are written in key order, as they were locked.
        turns.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        turns
    }

    fn take(
        &mut self,
        versions: &Versions,
        (lately, transcripts): (&Lately, &Transcripts),
        person: &mut Person,
        message: &Arc<Message>,
    ) {
        let now = self.changes.now;
        let was_opted_out = person.opt_outs.contains(message.line());
        // A sender who stops or has stopped is not asked anything by a flow.
        let stops = message.consent.is_some_and(|consent| consent.wish == Wish::Stop);
        let asks_flows = !was_opted_out && !stops;
        let flows = match versions.of(person.flow_version) {
            Some((flows, version)) => {
                if asks_flows {
                    person.flow_version = Some(version);
                }
                flows
            }
            None if asks_flows => {
                self.outdated.insert(message.id.clone());
                return;
            }
            // Older flows do not know the names of the answers any better.
            None => &Flows::NONE,
        };
        let key = lately.key(&message.sender);
        let asked = self
            .asked
            .remove(&key)
            .unwrap_or_else(|| lately.asked((key, &message.sender), person, transcripts));
        let known = Known {
            opted_out: was_opted_out,
            is_reaction: self.is_reaction(message, transcripts),
            is_double: Lately::is_double(asked.as_ref(), message, now),
        };
        let Taken { turn, opted_out, ignored } =
            conversation::take(flows, &person.session, known, message, now);
        if stops {
            person.opt_outs.stop(message.line(), now);
        } else if was_opted_out && !opted_out {
            person.opt_outs.start(message.line());
        }
        let twiml = twiml::write(&turn.replies);
        let index = self.changes.messages.len();
        self.notes.extend(turn.notes.into_iter().map(|note| (index, note)));
        if twiml.dropped > 0 {
            self.notes.push((index, Note::MessagesDropped(twiml.dropped)));
        }
        self.opted_out.push(opted_out);
        self.ignored.push(ignored);
        person.turns += 1;
        let spoken = (person.turns, !turn.replies.is_empty());
        let after = Lately::after(asked, message, spoken, ignored.is_some(), now);
        self.asked.insert(key, after);
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

    /// Returns whether a message is a reaction to a reply before it, including replies in this
    /// batch.
    fn is_reaction(&self, message: &Message, transcripts: &Transcripts) -> bool {
        let Some(reaction) = Reaction::of(message) else { return false };
        let own = self.changes.messages.iter().filter(|own| own.message.sender == message.sender);
        let mut said: Vec<_> =
            own.flat_map(|own| twiml::read(&own.reply).unwrap_or_default()).collect();
        said.extend(
            transcripts.get(&message.sender).into_iter().flat_map(|turns| replies_in(turns)),
        );
        reaction.is_to(said.iter())
    }

    /// Writes one log line for each saved turn, without its text, with the time
    /// it took.
    pub(super) fn log(&self, number_hash: &NumberHash, times: &[Duration]) {
        if tracing::enabled!(tracing::Level::INFO) {
            let whys = self.opted_out.iter().zip(&self.ignored);
            let turns = self.changes.messages.iter().zip(whys).zip(times);
            for ((recorded, (opted_out, ignored)), took) in turns {
                let message = &recorded.message;
                tracing::info!(
                    message.id = message.id,
                    sender.hash = number_hash.of(&message.sender),
                    channel = message.channel.as_str(),
                    state.before = recorded.state_before,
                    state.after = recorded.state_after,
                    turn = recorded.turn,
                    opted_out,
                    ignored = ignored.map(telemetry::why_ignored),
                    duration_ms = (took.as_secs_f64() * 10_000.0).round() / 10.0,
                    "turn taken"
                );
            }
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
                    "the stored place no longer fits the flow: the conversation begins again"
                ),
                Note::MessagesDropped(dropped) => tracing::warn!(
                    message.id = id,
                    dropped,
                    "the reply was too long: the messages beyond the limit were dropped"
                ),
                Note::ValueCut { flow, step, variable, bytes } => tracing::warn!(
                    message.id = id,
                    flow,
                    step,
                    variable,
                    bytes,
                    "a value was longer than a conversation may keep, and was cut"
                ),
            }
        }
    }
}

/// Returns the time as the databases keep it, so that the value read back is
/// the value saved.
pub(super) fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
