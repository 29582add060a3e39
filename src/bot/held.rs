//! Replies that are still open: their turns reached a call, and what follows it
//! may become part of them.
//!
//! Requests that wait for such a reply wait here. The row of the message has an
//! empty reply until it is closed, and the row of the person says which reply is
//! open, so whoever closes one does both in one transaction.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::queue::Job;
use super::refusal::Refusal;
use crate::message::Sender;
use crate::telemetry::Outcome;

/// How long a request waits for an open reply.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(7);

/// The pause before a reply is closed that could not be closed.
const AGAIN: Duration = Duration::from_millis(200);

/// The requests that wait for open replies, by message id.
#[derive(Debug, Default)]
pub(super) struct Held(HashMap<String, Open>);

#[derive(Debug)]
struct Open {
    sender: Sender,
    turn: i64,
    /// When somebody has to close it.
    due_at: Instant,
    /// When nobody waits for it any more.
    until: Instant,
    jobs: Vec<Job>,
}

impl Held {
    /// Keeps the requests for a reply that is open for so long after the message
    /// arrived.
    pub(super) fn hold(
        &mut self,
        (sender, turn): (Sender, i64),
        (arrived, for_so_long): (Instant, Duration),
        jobs: Vec<Job>,
    ) {
        let Some(id) = jobs.first().map(|job| job.message.id.clone()) else { return };
        jobs.iter().for_each(Job::hold);
        let (due_at, until) = (arrived + for_so_long, arrived + ANSWER_WITHIN);
        self.0.insert(id, Open { sender, turn, due_at, until, jobs });
    }

    /// Keeps further requests for an open reply, and returns those for replies
    /// that are not open here.
    pub(super) fn join(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let mut others = Vec::new();
        for job in jobs {
            match self.0.get_mut(&job.message.id) {
                Some(open) => {
                    job.hold();
                    open.jobs.push(job);
                }
                None => others.push(job),
            }
        }
        others
    }

    /// Answers the requests for a reply that was closed. Returns whose turn it
    /// was, if it was open here.
    pub(super) fn answer(&mut self, id: &str, reply: &[u8]) -> Option<(Sender, i64)> {
        let Open { sender, turn, jobs, .. } = self.0.remove(id)?;
        let mut outcome = Outcome::Answered;
        for job in jobs {
            job.answer(Ok((reply.to_vec(), outcome)));
            outcome = Outcome::Repeated;
        }
        Some((sender, turn))
    }

    /// Returns when the next reply has to be closed.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.values().map(|open| open.due_at).min()
    }

    /// Returns the replies that have to be closed by this time. They are due again
    /// a moment later. Requests for which that is too late are refused, so that
    /// they come again.
    pub(super) fn due(&mut self, by: Instant) -> Vec<(String, Sender)> {
        let now = Instant::now();
        let late = self.0.extract_if(|_, open| open.until <= now);
        for job in late.flat_map(|(_, open)| open.jobs) {
            job.answer(Err(Refusal::Unavailable));
        }
        let due = self.0.iter_mut().filter(|(_, open)| open.due_at <= by);
        let due = due.map(|(id, open)| {
            open.due_at = now + AGAIN;
            (id.clone(), open.sender.clone())
        });
        due.collect()
    }

    /// Refuses all requests that still wait, at the end.
    pub(super) fn refuse(&mut self) {
        for job in self.0.drain().flat_map(|(_, open)| open.jobs) {
            job.answer(Err(Refusal::Closed));
        }
    }
}
