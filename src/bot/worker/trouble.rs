//! What the worker makes of the database's failures.

use tokio::time::Instant;

use super::{BATCH_WITHIN, Worker};
use crate::bot::batch::Batch;
use crate::bot::refusal::Refusal;
use crate::bot::store_errors::{is_away, refusal};
use crate::store::StoreError;
use crate::telemetry;

impl Worker {
    pub(super) async fn roll_back(&mut self) {
        if let Some(writer) = &mut self.writer
            && writer.roll_back().await.is_err()
        {
            self.writer = None;
        }
    }

    pub(super) fn is_up(&mut self) {
        telemetry::database_is_up(true);
        self.health.is_there();
        self.outages.served();
    }

    /// Drops a connection that failed. The next one may go to another host.
    pub(super) fn hang_up(&mut self, error: &StoreError) {
        if let Some(writer) = self.writer.take() {
            writer.give_up(&self.parts.store, error);
        }
    }

    /// Leaves the connection fit for the next batch, or drops it.
    pub(super) async fn failed(&mut self, error: &StoreError) {
        telemetry::database_error(error.kind());
        if is_away(error) {
            self.hang_up(error);
            telemetry::database_is_up(false);
        // Bounded like any other statement: by the state of the socket or the next deadline.
        } else if tokio::time::timeout(BATCH_WITHIN, self.roll_back()).await.is_err() {
            self.writer = None;
        }
    }

    /// Logs what ended a part of a batch: an outage of the database once, not
    /// for each batch, and a message that fails alone by its id.
    pub(super) fn tell(&mut self, error: &StoreError, part: &Batch) {
        if is_away(error) {
            let now = Instant::now();
            if !self.parts.store.has_another_host() {
                self.health.is_away(now);
            }
            self.outages.failed(error, now);
            return;
        }
        let is_rejected = refusal(error) == Refusal::Rejected;
        for message in part.messages() {
            if is_rejected {
                self.health.rejected(&message.sender);
            }
            tracing::error!(message.id = message.id, %error, "a message could not be taken");
        }
    }
}
