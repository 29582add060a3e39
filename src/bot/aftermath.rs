//! What follows a commit: replies, notices, log lines and counts.
//!
//! None of this needs the database, and the next batch does not wait for it: a
//! separate task does it while the database works on.

use std::collections::HashMap;

use tokio_util::task::TaskTracker;

use super::batch::Batch;
use super::feed::{Feed, News, Notice};
use super::number_hash::NumberHash;
use super::turn::Turns;
use crate::message::Sender;
use crate::telemetry::{self, Outcome};

/// Follows up on committed batches.
#[derive(Debug)]
pub(super) struct Aftermath {
    feed: Feed,
    number_hash: NumberHash,
    tasks: TaskTracker,
}

impl Aftermath {
    pub(super) fn new(feed: Feed, number_hash: NumberHash) -> Self {
        Self { feed, number_hash, tasks: TaskTracker::new() }
    }

    /// Answers a batch whose turns are all committed, and logs and publishes it.
    pub(super) fn follow(&self, batch: Batch, turns: Turns) {
        let (feed, number_hash) = (self.feed.clone(), self.number_hash.clone());
        self.tasks.spawn(async move { follow(&feed, &number_hash, batch, turns) });
    }

    /// Tells the listeners that texts of these senders have gone further.
    pub(super) fn texts_moved<'a>(&self, senders: impl Iterator<Item = &'a Sender>) {
        for sender in senders {
            self.feed.publish(Notice { sender: sender.clone(), news: News::Texts });
        }
    }

    /// Tells the listeners that a turn can be shown whose reply was open.
    pub(super) fn turn_shown(&self, sender: Sender, turn: i64) {
        self.feed.publish(Notice { sender, news: News::Turn(turn) });
    }

    /// Waits until everybody has an answer. No batch may follow.
    pub(super) async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn follow(feed: &Feed, number_hash: &NumberHash, mut batch: Batch, mut turns: Turns) {
    let times = batch.times();
    let mut answers = HashMap::with_capacity(turns.changes.messages.len());
    for recorded in &mut turns.changes.messages {
        answers.insert(recorded.message.id.clone(), std::mem::take(&mut recorded.reply));
    }
    // The answers come first, since requests wait for them.
    batch.answer(answers, Outcome::Answered);
    // A reply that is open cannot be shown yet.
    let is_closed = |id: &String| !turns.open.contains_key(id);
    for recorded in turns.changes.messages.iter().filter(|one| is_closed(&one.message.id)) {
        let sender = recorded.message.sender.clone();
        feed.publish(Notice { sender, news: News::Turn(recorded.turn) });
    }
    turns.log(number_hash, &times);
    for ignored in turns.ignored.iter().flatten() {
        telemetry::message_ignored(*ignored);
    }
    for (_, _, ended) in &turns.changes.ended {
        telemetry::conversation_ended(&ended.flow, &ended.outcome);
    }
}
