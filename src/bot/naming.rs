//! The senders of a batch, where a sender has several names.
//!
//! Most senders have one name, and cost nothing here. For the others, the key
//! under which they are kept is looked up, and a new name is linked to the
//! known ones. Each of these is a transaction of its own, before the batch.
//! Loading the batch shows whether anything has changed since then.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::connection::connected;
use super::parts::Parts;
use super::queue::Job;
use super::store_errors::is_about_one;
use crate::message::{Message, Names, Sender};
use crate::store::{Linked, SenderKeys, Store, StoreError, Writer};
use crate::telemetry;

/// How often a link is retried if another transaction is in the way.
const RETRIES: u32 = 4;

/// Jobs whose senders were looked up.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// The jobs whose sender is known, in their order.
    pub(super) known: Vec<Job>,
    /// The jobs whose sender another process is working on.
    pub(super) locked: Vec<Job>,
    /// The errors that prevented a look-up, and the jobs that need it.
    pub(super) failed: Vec<(StoreError, Vec<Job>)>,
}

/// The keys of the names in a batch, and the errors that prevented links.
#[derive(Debug, Default)]
struct Named {
    keys: SenderKeys,
    troubles: Vec<(Names, StoreError)>,
}

/// Gives each message the sender under whose key its person is kept.
pub(super) async fn settle(
    writer: &mut Option<Writer>,
    parts: &Parts,
    jobs: Vec<Job>,
    now: Timestamp,
    deadline: Instant,
) -> Settled {
    if jobs.iter().all(|job| job.message.names.is_none()) {
        return Settled { known: jobs, ..Settled::default() };
    }
    let messages: Vec<Arc<Message>> = jobs.iter().map(|job| Arc::clone(&job.message)).collect();
    let naming = timeout_at(deadline, name(writer, parts, &messages, now)).await;
    // A shared message would be copied when its sender is set.
    drop(messages);
    match naming.unwrap_or_else(|_| Err(StoreError::late())) {
        Ok(named) => named.sort(jobs),
        Err(error) => {
            let (named, known) = jobs.into_iter().partition(|job| job.message.names.is_some());
            Settled { known, failed: vec![(error, named)], ..Settled::default() }
        }
    }
}

/// Returns the senders of a loaded batch who are kept under another key by now.
/// From here on nobody is moved until the batch is saved.
pub(super) async fn moved(
    writer: &mut Writer,
    messages: &[Arc<Message>],
) -> Result<HashSet<Sender>, StoreError> {
    let ids = ids(messages);
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let keys = writer.hold_sender_keys(&ids).await?;
    let has_moved = |message: &&Arc<Message>| {
        let key = message.names.as_ref().and_then(|names| keys.of(names));
        key.is_some_and(|key| *key != message.sender)
    };
    Ok(messages.iter().filter(has_moved).map(|message| message.sender.clone()).collect())
}

async fn name(
    writer: &mut Option<Writer>,
    parts: &Parts,
    messages: &[Arc<Message>],
    now: Timestamp,
) -> Result<Named, StoreError> {
    let (store, ids) = (&parts.store, ids(messages));
    let mut named = Named { keys: store.sender_keys(&ids).await?, troubles: Vec::new() };
    let mut open: Vec<&Message> = Vec::new();
    for message in messages {
        let is_settled = message.names.as_ref().is_none_or(|names| named.keys.are_settled(names));
        if !is_settled && open.iter().all(|known| known.id != message.id) {
            open.push(message);
        }
    }
    if open.is_empty() {
        return Ok(named);
    }
    let mut pieces = vec![&open[..]];
    while let Some(piece) = pieces.pop() {
        match (link(writer, store, piece, now).await, piece) {
            (Ok(linked), _) => tell(parts, &linked),
            (Err(error), [message]) if is_about_one(&error) => {
                named.troubles.extend(message.names.clone().map(|names| (names, error)));
            }
            (Err(error), _) if is_about_one(&error) => {
                let (first, second) = piece.split_at(piece.len() / 2);
                pieces.extend([second, first]);
            }
            (Err(error), _) => return Err(error),
        }
    }
    named.keys = store.sender_keys(&ids).await?;
    Ok(named)
}

async fn link(
    writer: &mut Option<Writer>,
    store: &Store,
    messages: &[&Message],
    now: Timestamp,
) -> Result<Linked, StoreError> {
    let mut tries = 0;
    loop {
        // A connection that was idle may be dead unnoticed.
        let was_connected = writer.is_some();
        let error = match connected(writer, store).await?.link(messages, now).await {
            Ok(linked) => return Ok(linked),
            Err(error) => error,
        };
        match &error {
            StoreError::Unavailable(_) if was_connected && tries < RETRIES => *writer = None,
            _ => {
                connected(writer, store).await?.roll_back().await?;
                if !matches!(error, StoreError::Conflict(_)) || tries >= RETRIES {
                    return Err(error);
                }
            }
        }
        tries += 1;
        telemetry::batch_retried();
    }
}

fn tell(parts: &Parts, linked: &Linked) {
    for (former, key) in &linked.moved {
        tracing::info!(
            sender.hash = parts.number_hash.of(key),
            sender.former = parts.number_hash.of(former),
            "two names turned out to belong to one sender"
        );
    }
    for ended in &linked.ended {
        telemetry::conversation_ended(&ended.flow, &ended.outcome);
    }
}

impl Named {
    /// Sorts the jobs. A person who shares a name with somebody in trouble
    /// shares the trouble, so that no message overtakes another.
    fn sort(self, jobs: Vec<Job>) -> Settled {
        let Self { keys, troubles } = self;
        let mut settled = Settled::default();
        let mut failed: Vec<_> =
            troubles.into_iter().map(|(names, error)| (names, error, Vec::new())).collect();
        for mut job in jobs {
            let Some(names) = &job.message.names else {
                settled.known.push(job);
                continue;
            };
            let is_one = |other: &Names| {
                other.from == names.from || other.ids.iter().any(|id| names.ids.contains(id))
            };
            if let Some((.., jobs)) = failed.iter_mut().find(|(other, ..)| is_one(other)) {
                jobs.push(job);
                continue;
            }
            let sender = keys.of(names).unwrap_or(&names.from);
            if *sender != job.message.sender {
                let sender = sender.clone();
                Arc::make_mut(&mut job.message).sender = sender;
            }
            settled.known.push(job);
        }
        for (_, error, jobs) in failed {
            match error {
                StoreError::Locked(_) | StoreError::Conflict(_) => settled.locked.extend(jobs),
                _ => settled.failed.push((error, jobs)),
            }
        }
        settled
    }
}

/// Returns all ids in the names of the senders.
fn ids(messages: &[Arc<Message>]) -> BTreeSet<&Sender> {
    messages
        .iter()
        .filter_map(|message| message.names.as_ref())
        .flat_map(|names| &names.ids)
        .collect()
}
