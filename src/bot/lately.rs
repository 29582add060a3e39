//! What happened a moment ago: the text of a sender that led to the current
//! question, and the replies to that sender.
//!
//! This process remembers its own turns for some seconds, so that a message
//! costs no extra statement. The transcript is read only where it alone has the
//! answer: if another process asked just now, and if a message has the form of
//! a reaction.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::versions::Versions;
use crate::conversation::{Reaction, asked_at, say_the_same};
use crate::message::{Channel, Message, Reply, Sender};
use crate::store::{Entry, Person, StoreError, Writer};
use crate::twilio::twiml;

/// The time in which a question can hardly have been read.
const UNREAD_FOR: SignedDuration = SignedDuration::from_secs(3);

/// The number of a sender's last turns that are searched for the text that a
/// reaction quotes.
const TURNS: u32 = 50;

/// The number of remembered senders, or twice those that matter, at which old
/// ones are forgotten. Searching all of them for each batch would cost more
/// than the rest of the batch.
const ROOM: usize = 4_096;

/// The current question of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The sender's last turn; another turn may have asked.
    turn: i64,
    at: Timestamp,
    /// The text that led to the question; `None` if the message was more than a text.
    text: Option<(Channel, Arc<str>)>,
}

/// A map by a sender's key.
pub(super) type ByKey<T> = HashMap<u64, T, BuildHasherDefault<Hashed>>;

/// Uses a key as its own hash, since it is a keyed hash already.
#[derive(Debug, Default)]
pub(super) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// What this process remembers.
#[derive(Debug)]
pub(super) struct Lately {
    asked: ByKey<Asked>,
    /// The number of senders that may be remembered.
    room: usize,
    hash: RandomState,
}

impl Default for Lately {
    fn default() -> Self {
        Self { asked: HashMap::default(), room: ROOM, hash: RandomState::new() }
    }
}

/// The turns that were read for a batch, newest first.
pub(super) type Transcripts = HashMap<Sender, Vec<Entry>>;

impl Lately {
    /// Reads the parts of the transcripts that the messages of a batch need.
    pub(super) async fn read(
        &self,
        writer: &mut Writer,
        versions: &Versions,
        people: &HashMap<Sender, Person>,
        messages: &[Arc<Message>],
        now: Timestamp,
    ) -> Result<Transcripts, StoreError> {
        let mut transcripts = Transcripts::new();
        for message in messages {
            let Some(person) = people.get(&message.sender).filter(|person| person.turns > 0) else {
                continue;
            };
            let wants = self.misses(versions, person, message, now)
                || Reaction::of(message).is_some_and(|reaction| reaction.is_in_doubt());
            if wants && !transcripts.contains_key(&message.sender) {
                let turns = writer.last_turns(&message.sender, TURNS).await?;
                transcripts.insert(message.sender.clone(), turns);
            }
        }
        Ok(transcripts)
    }

    /// Returns whether another process asked the sender something just now.
    fn misses(
        &self,
        versions: &Versions,
        person: &Person,
        message: &Message,
        now: Timestamp,
    ) -> bool {
        let asked = self.asked.get(&self.key(&message.sender));
        if asked.is_some_and(|asked| asked.turn == person.turns) || !is_mere_text(message) {
            return false;
        }
        let flows = versions.of(person.flow_version).map(|(flows, _)| flows);
        flows
            .and_then(|flows| asked_at(flows, &person.session))
            .is_some_and(|at| is_unread(at, now))
    }

    /// Returns what led to this person's current question.
    pub(super) fn asked(
        &self,
        (key, sender): (u64, &Sender),
        person: &Person,
        transcripts: &Transcripts,
    ) -> Option<Asked> {
        let asked = self.asked.get(&key);
        let known = asked.filter(|asked| asked.turn == person.turns).cloned();
        known.or_else(|| in_transcript(transcripts.get(sender)?))
    }

    /// Returns the key under which a sender is remembered.
    pub(super) fn key(&self, sender: &Sender) -> u64 {
        self.hash.hash_one(sender)
    }

    /// Returns whether a message repeats the text that led to the current
    /// question, which cannot have been read yet.
    pub(super) fn is_double(asked: Option<&Asked>, message: &Message, now: Timestamp) -> bool {
        let asked = asked.filter(|asked| is_unread(asked.at, now) && is_mere_text(message));
        asked.and_then(|asked| asked.text.as_ref()).is_some_and(|(channel, text)| {
            *channel == message.channel && say_the_same(text, &message.body)
        })
    }

    /// Returns what led to the current question after this turn, which may say something.
    pub(super) fn after(
        before: Option<Asked>,
        message: &Message,
        (turn, says): (i64, bool),
        is_ignored: bool,
        now: Timestamp,
    ) -> Option<Asked> {
        if is_ignored {
            return before.map(|asked| Asked { turn, ..asked });
        }
        let text = says && is_mere_text(message);
        let text = text.then(|| (message.channel, message.body.as_str().into()));
        Some(Asked { turn, at: now, text })
    }

    /// Remembers what a saved batch has asked.
    pub(super) fn remember(&mut self, asked: ByKey<Option<Asked>>, now: Timestamp) {
        if self.asked.len() + asked.len() > self.room {
            self.asked.retain(|_, asked| is_unread(asked.at, now));
            self.room = ROOM.max(2 * self.asked.len());
            self.asked.shrink_to(self.room);
        }
        self.asked.extend(asked.into_iter().filter_map(|(key, asked)| Some((key, asked?))));
    }
}

/// Returns what led to the current question, as far as these turns show it.
fn in_transcript(turns: &[Entry]) -> Option<Asked> {
    let is_moved =
        |turn: &&Entry| turn.reply != twiml::EMPTY || turn.state_before != turn.state_after;
    // Not the newest turn: turns under another name that were taken earlier may follow it.
    let last = turns.iter().rev().filter(is_moved).max_by_key(|turn| turn.received_at)?;
    let is_mere_text = last.media.is_empty() && !last.body.trim().is_empty();
    Some(Asked {
        turn: turns.first()?.turn,
        at: last.received_at,
        text: is_mere_text.then(|| (last.channel, last.body.as_str().into())),
    })
}

/// Returns the replies to a sender in these turns.
pub(super) fn replies_in(turns: &[Entry]) -> impl Iterator<Item = Reply> {
    turns.iter().flat_map(|turn| twiml::read(&turn.reply).unwrap_or_default())
}

fn is_unread(asked_at: Timestamp, now: Timestamp) -> bool {
    // A clock that was set back, or that of another process, may be a little behind.
    now.duration_since(asked_at).abs() < UNREAD_FOR
}

/// Returns whether a message is a text and nothing else. A tapped button or an
/// attachment may differ where the text does not.
fn is_mere_text(message: &Message) -> bool {
    message.button.is_none()
        && message.media.is_empty()
        && message.location.is_none()
        && !message.body.trim().is_empty()
}
