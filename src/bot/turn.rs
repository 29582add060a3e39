//! The turns of a batch: what each message does to its sender, and what is kept of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::around::Around;
use super::callbacks;
use super::calls::Wanted;
use super::lately::{Asked, ByKey, Lately, Transcripts, replies_in};
use super::number_hash::NumberHash;
use super::text_log;
use super::versions::Versions;
use crate::conversation::{
    Callbacks, Effect, Explained, Flows, Happened, Ignored, Known, Moment, Note, PATIENCE,
    PATIENCE_WITH_TEXT, Reaction, State, Taken, TextKind, is_asking, take_explained,
};
use crate::message::{Message, Reply, Sender, Wish};
use crate::outbox::order::{Mode, as_stored, is_in_flight, line_up};
use crate::outbox::reply::{Answered, along};
use crate::outbox::state::State as Sent;
use crate::outbox::text::{Occasion, Text};
use crate::store::{Changes, ClosedReply, OpenReply, Person, Reach, Recorded};
use crate::telemetry;
use crate::twilio::twiml;

/// How long a reply is worth sending that has to go by REST.
const REPLY_GOOD_FOR: Duration = Duration::from_hours(24);

/// After this time no process holds a reply open any more.
const HELD_FOR: Duration = Duration::from_secs(8);

/// The most bytes of a reply that is left open: they stand in the person's row.
const MOST_HELD: usize = 8 * 1024;

/// How long a text that was claimed at the last moment may be on its way.
const ON_ITS_WAY: Duration = Duration::from_mins(2);

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
    /// The texts that are on their way to these senders, oldest first.
    outgoing: HashMap<Sender, Vec<Text>>,
    /// Whether texts that answer no message go along with replies.
    takes_along: bool,
    /// The texts whose state has changed.
    moved: Vec<Text>,
    /// Whether a text waits to be sent.
    pub(super) has_said: bool,
    /// The calls to make once the batch is saved.
    pub(super) calls: Vec<Wanted>,
    /// The messages whose replies stay open, with how long.
    pub(super) open: HashMap<String, Duration>,
    /// What explains each turn, if it is to be explained.
    pub(super) explained: Option<Vec<Explained>>,
}

impl Turns {
    /// Takes the messages in order, each from where the previous one left its sender.
    pub(super) fn of(
        versions: &Versions,
        lately: (&Lately, &Transcripts),
        (mut people, outgoing): (HashMap<Sender, Person>, HashMap<Sender, Vec<Text>>),
        messages: &[Arc<Message>],
        around: Around<'_>,
    ) -> Self {
        let now = to_millisecond(around.now);
        let takes_along = around.mode != Mode::Off;
        let known: HashMap<i64, Text> =
            outgoing.values().flatten().filter_map(|text| Some((text.id?, text.clone()))).collect();
        let explained = around.explains.then(Vec::new);
        let mut turns = Self { outgoing, takes_along, explained, ..Self::default() };
        turns.changes.now = now;
        for message in messages {
            let person = people.entry(message.sender.clone()).or_default();
            turns.take(versions, lately, around.callback_base, person, message);
        }
        // A later message of the batch may have left a call behind.
        turns.calls.retain(|wanted| {
            people.get(&wanted.sender).is_some_and(|person| wanted.counts_at(&person.session))
        });
        turns.changes.people = people.into_iter().collect();
        // Rows are written in key order, as they were locked.
        turns.changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        turns.keep_texts(&known);
        turns
    }

    fn take(
        &mut self,
        versions: &Versions,
        (lately, transcripts): (&Lately, &Transcripts),
        callback_base: &str,
        person: &mut Person,
        message: &Arc<Message>,
    ) {
        let now = self.changes.now;
        self.close(person);
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
        let fresh = callbacks::offered(flows);
        let moment = Moment { now, callbacks: Callbacks { base: callback_base, fresh: &fresh } };
        let (before, explains) = (&person.session, self.explained.is_some());
        let taken = take_explained(flows, before, known, (message, moment), explains);
        let (Taken { turn, opted_out, ignored }, trace) = taken;
        if let Some(explained) = &mut self.explained {
            let whose = (message.sender.clone(), now, message.channel);
            let happened = Happened::Message(Arc::clone(message));
            explained.push(Explained::new(whose, happened, (before, &turn, trace)));
        }
        if stops {
            person.opt_outs.stop(message.line(), now);
        } else if was_opted_out && !opted_out {
            person.opt_outs.start(message.line());
        }
        let is_asked =
            matches!(turn.session.state, State::Waiting(_)) && is_asking(flows, &turn.session);
        let occasion = Occasion {
            kind: if is_asked { TextKind::Question } else { TextKind::Statement },
            turns: person.turns + 1,
            asked_at: turn.session.asked.map(|asked| asked.at),
            good_until: now.saturating_add(REPLY_GOOD_FOR).unwrap_or(Timestamp::MAX),
            now,
        };
        // Silence may cause a text, and so may a third party.
        let is_reached = turn.session.wakes_at.is_some() || turn.session.callback.is_some();
        let replies = self.along(message, person, turn.replies, (occasion, opted_out, is_reached));
        let twiml = twiml::write(&replies);
        let calls = turn.effects.iter().any(|effect| matches!(effect, Effect::Call { .. }));
        let stays_open =
            calls && twiml.bytes.len() <= MOST_HELD && open(person, message, &replies, now);
        let has_replied = !replies.is_empty() && !stays_open;
        self.call(message, person.turns + 1, turn.effects, has_replied);
        let index = self.changes.messages.len();
        self.notes.extend(turn.notes.into_iter().map(|note| (index, note)));
        if twiml.dropped > 0 {
            self.notes.push((index, Note::MessagesDropped(twiml.dropped)));
        }
        self.opted_out.push(opted_out);
        self.ignored.push(ignored);
        person.turns += 1;
        let spoken = (person.turns, !replies.is_empty());
        let after = Lately::after(asked, message, spoken, ignored.is_some(), now);
        self.asked.insert(key, after);
        self.changes.messages.push(Recorded {
            message: Arc::clone(message),
            turn: person.turns,
            received_at: now,
            state_before: person.session.state.as_str().to_owned(),
            state_after: turn.session.state.as_str().to_owned(),
            reply: if stays_open { Vec::new() } else { twiml.bytes },
        });
        if stays_open {
            let for_so_long = if replies.is_empty() { PATIENCE } else { PATIENCE_WITH_TEXT };
            self.open.insert(message.id.clone(), for_so_long);
        }
        for ended in turn.ended {
            self.changes.ended.push((message.sender.clone(), message.channel, ended));
        }
        person.session = turn.session;
    }

    /// Closes the reply to an earlier message with what there is, since the person
    /// goes on.
    fn close(&mut self, person: &mut Person) {
        let Some(open) = person.reach.as_mut().and_then(|reach| reach.open.take()) else { return };
        let own = self.changes.messages.iter_mut();
        let reply = twiml::write(&open.said()).bytes;
        match own.rev().find(|recorded| recorded.message.id == open.id()) {
            Some(recorded) => {
                recorded.reply = reply;
                self.open.remove(open.id());
            }
            None => self.changes.closed.push(ClosedReply {
                id: open.id().to_owned(),
                reply,
                state: person.session.state.as_str().to_owned(),
            }),
        }
    }

    /// Keeps the calls that a turn asks for and the callback that it has spent.
    fn call(&mut self, message: &Message, turns: i64, effects: Vec<Effect>, replied: bool) {
        for effect in effects {
            match effect {
                Effect::Call { request } => {
                    let replied_at = replied.then_some(self.changes.now);
                    let sender = message.sender.clone();
                    self.calls.push(Wanted { sender, turns, request, replied_at });
                }
                Effect::Spend { callback, result } => self.changes.spent.push((callback, result)),
                // The reply to a message is not an effect.
                Effect::Text { .. } => {}
            }
        }
    }

    /// Returns what the reply says: what the turn says, with the texts that were
    /// on their way to the person. Keeps how the person is reached from now on.
    fn along(
        &mut self,
        message: &Message,
        person: &mut Person,
        replies: Vec<Reply>,
        (occasion, is_stopped, is_reached): (Occasion, bool, bool),
    ) -> Vec<Reply> {
        let now = occasion.now;
        let hint = person.reach.as_ref().and_then(|reach| reach.texts_until);
        let hint = hint.filter(|until| *until > now);
        if hint.is_none() && !is_reached {
            person.reach = None;
            return replies;
        }
        let mut reach = Reach::of(message, hint);
        let mut said = replies;
        if hint.is_some() && self.takes_along {
            let texts = self.outgoing.entry(message.sender.clone()).or_default();
            let sender = &message.sender;
            let answered = Answered { sender, route: &reach.route, occasion, is_stopped };
            let opt_outs = &person.opt_outs;
            said = along(texts, said, answered, |text| opt_outs.contains(text.route.line()));
            let _ = line_up(texts, now);
            reach.texts_until = texts_until(None, texts, now);
            self.has_said |= texts.iter().any(|text| text.id.is_none());
        }
        person.reach = (is_reached || reach.texts_until.is_some()).then_some(reach);
        said
    }

    /// Adds the texts that this batch has changed to what is saved.
    fn keep_texts(&mut self, known: &HashMap<i64, Text>) {
        for text in std::mem::take(&mut self.outgoing).into_values().flatten() {
            let before = text.id.and_then(|id| known.get(&id));
            if before.is_none_or(|before| before.state != text.state) {
                self.moved.push(text.clone());
            }
            if before != Some(&text) {
                self.changes.texts.push(text);
            }
        }
        as_stored(&mut self.changes.texts);
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
        for text in &self.moved {
            text_log::tell(text, number_hash);
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
                Note::ResultDropped { flow, step } => tracing::warn!(
                    message.id = id,
                    flow,
                    step,
                    "a result that came early did not fit what the conversation waits for"
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

/// Leaves the reply to a message open, unless texts are on their way to the
/// person, which nothing may overtake. `said` is what it says so far. Returns
/// whether it is open.
fn open(person: &mut Person, message: &Message, said: &[Reply], now: Timestamp) -> bool {
    let Some(reach) = person.reach.as_mut().filter(|reach| reach.texts_until.is_none()) else {
        return false;
    };
    let until = now.saturating_add(HELD_FOR).unwrap_or(Timestamp::MAX);
    reach.open = Some(OpenReply::new(&message.id, until, said));
    true
}

/// Returns until when texts may be on their way to a person: a moment longer
/// than the last of these is worth sending.
pub(super) fn texts_until(
    before: Option<Timestamp>,
    texts: &[Text],
    now: Timestamp,
) -> Option<Timestamp> {
    let are_open =
        |text: &&Text| text.state == Sent::Pending || is_in_flight(&[(*text).clone()], now);
    let last = texts.iter().filter(are_open).map(|text| text.good_until).max();
    let last = last.map(|at| at.max(now).saturating_add(ON_ITS_WAY).unwrap_or(Timestamp::MAX));
    before.into_iter().chain(last).max()
}

/// Returns the time as the databases keep it, so that the value read back is
/// the value saved.
pub(super) fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
