//! Lets time pass for people who do not write, and moves them on.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::attempt::outgoing_to;
use super::{BATCH_WITHIN, Worker};
use crate::bot::callbacks::Verdict;
use crate::bot::cause::Cause;
use crate::bot::connection::connected;
use crate::bot::store_errors::{is_about_one, is_away};
use crate::bot::survived::survived;
use crate::bot::sweep::Due;
use crate::bot::waking::Wakings;
use crate::conversation::Explained;
use crate::message::Sender;
use crate::store::{Saved, StoreError};

/// What one transaction did for people who did not write.
#[derive(Debug, Default)]
pub(super) struct MovedOn {
    /// For how many people something was saved.
    pub(super) moved: usize,
    /// Who could not be served now: they are locked, or in flows that are not
    /// loaded.
    pub(super) left: Vec<Sender>,
    /// What became of the results of callbacks.
    pub(super) verdicts: HashMap<Sender, Verdict>,
}

/// How often a person who cannot be woken is logged at most.
const COMPLAIN_EVERY: Duration = Duration::from_mins(1);

impl Worker {
    /// Wakes people; a panic costs them this time and no more.
    pub(super) async fn wake_or_survive(&mut self, Due { senders, woken }: Due) {
        let served = survived(pin!(self.wake(senders))).await;
        if served.is_none() {
            tracing::error!("waking people panicked: this is a defect of Ringback");
            self.writer = None;
        }
        // It is not a fault if the sweep has ended.
        let _ = woken.send(served.flatten());
    }

    /// Lets time pass for people, and returns for how many; `None` if the
    /// database failed. Halves them like a batch of messages, until a single
    /// person fails.
    async fn wake(&mut self, senders: Vec<Sender>) -> Option<usize> {
        self.versions.refresh();
        let deadline = Instant::now() + BATCH_WITHIN;
        let mut woken = 0;
        let mut parts = vec![senders];
        while let Some(mut part) = parts.pop() {
            let senders: BTreeSet<Sender> = part.iter().cloned().collect();
            let none = HashMap::new();
            let trying = timeout_at(deadline, self.move_on(&senders, &none));
            match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
                Ok(some) => {
                    self.is_up();
                    woken += some.moved;
                }
                Err(error) => {
                    self.failed(&error).await;
                    if is_away(&error) {
                        self.outages.failed(&error, Instant::now());
                        return None;
                    } else if is_about_one(&error) && part.len() > 1 {
                        let second = part.split_off(part.len() / 2);
                        parts.extend([second, part]);
                    } else {
                        self.complain(&error, &part);
                    }
                }
            }
        }
        Some(woken)
    }

    /// Runs one transaction for people who did not write. A person with a cause is
    /// moved by it; for all others time passes.
    pub(super) async fn move_on(
        &mut self,
        senders: &BTreeSet<Sender>,
        causes: &HashMap<&Sender, Cause<'_>>,
    ) -> Result<MovedOn, StoreError> {
        let writer = connected(&mut self.writer, &self.parts.store).await?;
        // A person whom another process is serving is passed over.
        writer.be_careful(true);
        let mut people = writer.load(senders).await?.people;
        if self.versions.wants_more(&people) {
            self.versions.read(writer, &people).await?;
            people = writer.load(senders).await?.people;
        }
        let now = (self.parts.clock)();
        let texts = outgoing_to(writer, &people, now).await?;
        let mut left: Vec<Sender> =
            senders.iter().filter(|sender| !people.contains_key(*sender)).cloned().collect();
        let loaded = (people, texts);
        let mut wakings = Wakings::of(&self.versions, loaded, causes, &self.parts, now);
        left.append(&mut wakings.left);
        let moved = wakings.changes.people.len();
        let verdicts = std::mem::take(&mut wakings.verdicts);
        if moved == 0 {
            writer.roll_back().await?;
            return Ok(MovedOn { moved, left, verdicts });
        }
        match writer.save(&wakings.changes).await? {
            Saved::Done => {
                self.explain(wakings.explained.take());
                wakings.log(&self.parts.number_hash);
                self.aftermath.texts_moved(wakings.whose_moved());
                if wakings.has_said {
                    self.said.notify_one();
                }
                let closed = wakings.changes.closed.iter();
                self.answer_closed(closed.map(|closed| (&closed.id[..], &closed.reply[..])));
                self.hand_out(std::mem::take(&mut wakings.calls));
                Ok(MovedOn { moved, left, verdicts })
            }
            // Nothing that is saved here can be there already, except a row of
            // somebody who was deleted meanwhile and wrote again.
            Saved::Duplicate => Ok(MovedOn { left, ..MovedOn::default() }),
        }
    }

    /// Keeps what explains committed turns, if anybody looks at that.
    pub(super) fn explain(&self, turns: Option<Vec<Explained>>) {
        if let (Some(explanations), Some(turns)) = (&self.parts.explanations, turns) {
            explanations.keep(turns);
        }
    }

    /// Logs why people could not be woken, if nothing was logged for a while.
    pub(super) fn complain(&mut self, error: &StoreError, senders: &[Sender]) {
        let is_in_the_way = matches!(error, StoreError::Conflict(_) | StoreError::Locked(_));
        let is_recent = self.complained_at.is_some_and(|at| at.elapsed() < COMPLAIN_EVERY);
        if let (Some(sender), false) = (senders.first(), is_in_the_way || is_recent) {
            self.complained_at = Some(Instant::now());
            let hash = self.parts.number_hash.of(sender);
            tracing::error!(sender.hash = hash, %error, "a person could not be woken");
        }
    }
}
