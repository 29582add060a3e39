//! Takes the results of callbacks, between two batches of messages.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;

use tokio::time::{Instant, timeout_at};

use super::{BATCH_WITHIN, Worker};
use crate::bot::callbacks::{CallbackJob, CalledBack, Verdict};
use crate::bot::cause::Cause;
use crate::bot::store_errors::is_away;
use crate::bot::survived::survived;
use crate::store::StoreError;

impl Worker {
    /// Takes a result. A panic costs only this result, and the third party is asked
    /// to send it again.
    pub(super) async fn take_callback_or_survive(&mut self, job: CallbackJob) {
        let CallbackJob { called, verdict } = job;
        let taken = survived(pin!(self.take_callback(&called))).await;
        let said = taken.unwrap_or_else(|| {
            tracing::error!("taking a callback panicked: this is a defect of Ringback");
            self.writer = None;
            Verdict::Later
        });
        // It is not a fault if nobody waits any more.
        let _ = verdict.send(said);
    }

    async fn take_callback(&mut self, called: &CalledBack) -> Verdict {
        self.versions.refresh();
        let deadline = Instant::now() + BATCH_WITHIN;
        let trying = timeout_at(deadline, self.take_callback_once(called));
        match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(verdict) => {
                self.is_up();
                verdict
            }
            Err(error) => {
                self.failed(&error).await;
                if is_away(&error) {
                    self.outages.failed(&error, Instant::now());
                } else {
                    self.complain(&error, std::slice::from_ref(&called.sender));
                }
                Verdict::Later
            }
        }
    }

    /// Runs one transaction.
    async fn take_callback_once(&mut self, called: &CalledBack) -> Result<Verdict, StoreError> {
        let senders = BTreeSet::from([called.sender.clone()]);
        let causes = HashMap::from([(&called.sender, Cause::CalledBack(called))]);
        let mut moved = self.move_on(&senders, &causes).await?;
        Ok(moved.verdicts.remove(&called.sender).unwrap_or(Verdict::Later))
    }
}
