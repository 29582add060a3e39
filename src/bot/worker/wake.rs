//! Lets time pass for people who do not write.

use std::collections::BTreeSet;
use std::pin::pin;

use tokio::time::{Instant, timeout_at};

use super::{BATCH_WITHIN, Worker};
use crate::bot::connection::connected;
use crate::bot::store_errors::is_away;
use crate::bot::survived::survived;
use crate::bot::sweep::Due;
use crate::bot::waking::Wakings;
use crate::message::Sender;
use crate::store::StoreError;

impl Worker {
    /// Wakes people; a panic costs them this time and no more.
    pub(super) async fn wake_or_survive(&mut self, Due { senders, woken }: Due) {
        let served = survived(pin!(self.wake(senders))).await;
        if served.is_none() {
            tracing::error!("waking people panicked: this is a defect of Ringback");
            self.writer = None;
        }
        // It is not a fault if the sweep has ended.
        let _ = woken.send(served.unwrap_or_default());
    }

    /// Lets time pass for people, and returns for how many.
    async fn wake(&mut self, senders: Vec<Sender>) -> usize {
        self.versions.refresh();
        let senders: BTreeSet<Sender> = senders.into_iter().collect();
        let trying = timeout_at(Instant::now() + BATCH_WITHIN, self.wake_once(&senders));
        match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(woken) => {
                self.is_up();
                woken
            }
            Err(error) => {
                self.failed(&error).await;
                let is_in_the_way =
                    matches!(error, StoreError::Conflict(_) | StoreError::Locked(_));
                if is_away(&error) {
                    self.outages.failed(&error, Instant::now());
                } else if !is_in_the_way {
                    tracing::error!(%error, "people could not be woken");
                }
                0
            }
        }
    }

    /// Runs one transaction for people who did not write.
    async fn wake_once(&mut self, senders: &BTreeSet<Sender>) -> Result<usize, StoreError> {
        let writer = connected(&mut self.writer, &self.parts.store).await?;
        // A person whom another process is serving is passed over.
        writer.be_careful(true);
        let people = writer.load(senders).await?.people;
        let wakings = Wakings::of(writer, &self.versions, people, (self.parts.clock)()).await?;
        let woken = wakings.changes.people.len();
        if woken == 0 {
            writer.roll_back().await?;
        } else {
            writer.save(&wakings.changes).await?;
            wakings.log(&self.parts.number_hash);
        }
        Ok(woken)
    }
}
