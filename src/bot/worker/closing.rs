//! Closes replies that were left open for a call.

use std::collections::{BTreeSet, HashMap};
use std::pin::pin;

use tokio::time::{Instant, timeout_at};

use super::{BATCH_WITHIN, Worker};
use crate::bot::connection::connected;
use crate::bot::queue::Job;
use crate::bot::refusal::Refusal;
use crate::bot::store_errors::is_away;
use crate::bot::survived::survived;
use crate::bot::turn::to_millisecond;
use crate::message::Sender;
use crate::store::{Changes, ClosedReply, Saved, StoreError};
use crate::telemetry::Outcome;
use crate::twilio::twiml;

impl Worker {
    /// Closes the replies that have been open for long enough by this time.
    pub(super) async fn close_due_or_survive(&mut self, by: Instant) {
        let due = self.held.due(by);
        if due.is_empty() {
            return;
        }
        if survived(pin!(self.close_all(&due, true))).await.is_none() {
            tracing::error!("closing replies panicked: this is a defect of Ringback");
            self.writer = None;
        }
    }

    /// Closes replies and answers who waits for them. What fails is due again.
    async fn close_all(&mut self, due: &[(String, Sender)], is_ours: bool) {
        let deadline = Instant::now() + BATCH_WITHIN;
        let trying = timeout_at(deadline, self.close(due, is_ours));
        match trying.await.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(closed) => {
                self.is_up();
                self.answer_closed(closed.iter().map(|(id, reply)| (id.as_str(), &reply[..])));
            }
            Err(error) => {
                self.failed(&error).await;
                if is_away(&error) {
                    self.outages.failed(&error, Instant::now());
                }
            }
        }
    }

    /// Runs one transaction: closes those of these replies that are open, with what
    /// was said so far. Returns the replies that are closed now. A reply that
    /// another process may still hold stays open, unless it is ours.
    async fn close(
        &mut self,
        due: &[(String, Sender)],
        is_ours: bool,
    ) -> Result<HashMap<String, Vec<u8>>, StoreError> {
        let senders: BTreeSet<Sender> = due.iter().map(|(_, sender)| sender.clone()).collect();
        let now = to_millisecond((self.parts.clock)());
        let writer = connected(&mut self.writer, &self.parts.store).await?;
        writer.be_careful(true);
        let mut people = writer.load(&senders).await?.people;
        let mut changes = Changes { now, ..Changes::default() };
        for (id, sender) in due {
            let Some(mut person) = people.remove(sender) else { continue };
            let Some(reach) = &mut person.reach else { continue };
            if let Some(open) = reach.open.take_if(|open| open.is(id, now, is_ours)) {
                let said = open.said();
                // What follows the call must not overtake it.
                reach.replied_at = (!said.is_empty()).then_some(now);
                changes.closed.push(ClosedReply {
                    id: id.clone(),
                    reply: twiml::write(&said).bytes,
                    state: person.session.state.as_str().to_owned(),
                });
                changes.people.push((sender.clone(), person));
            }
        }
        changes.people.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        if changes.people.is_empty() {
            writer.roll_back().await?;
        } else if writer.save(&changes).await? == Saved::Duplicate {
            return Ok(HashMap::new());
        }
        let ids: Vec<&str> = due.iter().map(|(id, _)| id.as_str()).collect();
        let mut replies = writer.recorded(&ids).await?;
        replies.retain(|_, reply| !reply.is_empty());
        Ok(replies)
    }

    /// Answers repeats of messages whose replies are open.
    pub(super) async fn answer_repeats(&mut self, jobs: Vec<Job>) {
        let jobs = self.held.join(jobs);
        if jobs.is_empty() {
            return;
        }
        let due: Vec<(String, Sender)> =
            jobs.iter().map(|job| (job.message.id.clone(), job.message.sender.clone())).collect();
        let deadline = Instant::now() + BATCH_WITHIN;
        let trying = timeout_at(deadline, self.close(&due, false)).await;
        let closed = match trying.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(closed) => closed,
            Err(error) => {
                self.failed(&error).await;
                HashMap::new()
            }
        };
        for job in jobs {
            match closed.get(&job.message.id) {
                Some(reply) => job.answer(Ok((reply.clone(), Outcome::Repeated))),
                // It comes again, when the process that holds the reply has closed it.
                None => job.answer(Err(Refusal::Busy)),
            }
        }
    }

    /// Answers who waits for replies that a transaction has closed.
    pub(super) fn answer_closed<'a>(&mut self, closed: impl Iterator<Item = (&'a str, &'a [u8])>) {
        for (id, reply) in closed {
            if let Some((sender, turn)) = self.held.answer(id, reply) {
                self.aftermath.turn_shown(sender, turn);
            }
        }
    }
}
