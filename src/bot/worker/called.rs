//! Takes the answers of calls, between two batches of messages.

use std::collections::HashMap;
use std::pin::pin;

use tokio::time::{Instant, timeout_at};

use super::{BATCH_WITHIN, Worker};
use crate::bot::calls::{Called, CalledJob, Wanted};
use crate::bot::cause::Cause;
use crate::bot::store_errors::{is_about_one, is_away};
use crate::bot::survived::survived;
use crate::message::Sender;
use crate::store::StoreError;

impl Worker {
    /// Takes answers; a panic costs them and no more: silence ends those calls.
    pub(super) async fn take_answers_or_survive(
        &mut self,
        CalledJob { answers, later }: CalledJob,
    ) {
        let taken = survived(pin!(self.take_answers(answers))).await;
        let left = taken.unwrap_or_else(|| {
            tracing::error!("taking the answers of calls panicked: this is a defect of Ringback");
            self.writer = None;
            Some(Vec::new())
        });
        // It is not a fault if nobody waits any more.
        let _ = later.send(left);
    }

    /// Returns the answers that have to be brought again; `None` if the database
    /// failed, so that all have to be. One that is taken twice changes nothing.
    async fn take_answers(&mut self, answers: Vec<Called>) -> Option<Vec<Called>> {
        self.versions.refresh();
        let deadline = Instant::now() + BATCH_WITHIN;
        let (first, mut left) = first_of_each(answers);
        let mut parts = vec![first];
        while let Some(mut part) = parts.pop() {
            let trying = timeout_at(deadline, self.take_answers_once(&part));
            match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
                Ok(locked) => {
                    self.is_up();
                    left.extend(part.into_iter().filter(|one| locked.contains(&one.sender)));
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
                        let senders: Vec<Sender> =
                            part.iter().map(|one| one.sender.clone()).collect();
                        self.complain(&error, &senders);
                        left.extend(part);
                    }
                }
            }
        }
        Some(left)
    }

    /// Runs one transaction, and returns whose answers could not be taken now.
    async fn take_answers_once(&mut self, answers: &[Called]) -> Result<Vec<Sender>, StoreError> {
        let causes: HashMap<&Sender, Cause<'_>> =
            answers.iter().map(|answer| (&answer.sender, Cause::Called(answer))).collect();
        let senders = answers.iter().map(|answer| answer.sender.clone()).collect();
        Ok(self.move_on(&senders, &causes).await?.left)
    }

    /// Hands out the calls of committed turns. It is not a fault if nobody makes
    /// them: silence ends them.
    pub(super) fn hand_out(&self, calls: Vec<Wanted>) {
        for wanted in calls {
            drop(self.parts.calls.send(wanted));
        }
    }
}

/// Splits off the answers of people who have another one here before.
fn first_of_each(answers: Vec<Called>) -> (Vec<Called>, Vec<Called>) {
    let (mut first, mut others) = (Vec::<Called>::new(), Vec::new());
    for answer in answers {
        let is_another = first.iter().any(|known| known.sender == answer.sender);
        if is_another { others.push(answer) } else { first.push(answer) }
    }
    (first, others)
}
