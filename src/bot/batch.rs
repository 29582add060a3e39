//! A batch at work: jobs grouped by message, answered one by one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::queue::Job;
use super::refusal::Refusal;
use crate::message::{Message, Sender};
use crate::telemetry::Outcome;
use crate::twilio::twiml;

/// Messages that still need an answer, in the order of arrival.
#[derive(Debug, Default)]
pub(super) struct Batch {
    open: Vec<Pending>,
}

/// One message, and everybody who waits for its reply.
#[derive(Debug)]
struct Pending {
    message: Arc<Message>,
    /// When its first request came.
    arrived: Instant,
    jobs: Vec<Job>,
}

impl Batch {
    /// Groups the jobs: equal ids are one message for which several requests wait.
    pub(super) fn new(jobs: Vec<Job>) -> Self {
        let mut batch = Self::default();
        let mut places = HashMap::new();
        for job in jobs {
            let place = *places.entry(job.message.id.clone()).or_insert(batch.open.len());
            if let Some(pending) = batch.open.get_mut(place) {
                pending.jobs.push(job);
            } else {
                let (message, arrived) = (Arc::clone(&job.message), job.arrived);
                batch.open.push(Pending { message, arrived, jobs: vec![job] });
            }
        }
        batch
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.open.len()
    }

    pub(super) fn messages(&self) -> Vec<Arc<Message>> {
        self.open.iter().map(|pending| Arc::clone(&pending.message)).collect()
    }

    /// Returns how long ago each message arrived, in the order of [`messages`](Self::messages).
    pub(super) fn times(&self) -> Vec<Duration> {
        self.open.iter().map(|pending| pending.arrived.elapsed()).collect()
    }

    pub(super) fn senders(&self) -> BTreeSet<Sender> {
        self.open.iter().map(|pending| pending.message.sender.clone()).collect()
    }

    /// Takes out the jobs of a message, which stays here without them, and returns
    /// when the first of them came.
    pub(super) fn take_jobs(&mut self, id: &str) -> Option<(Instant, Vec<Job>)> {
        let pending = self.open.iter_mut().find(|pending| pending.message.id == id)?;
        Some((pending.arrived, std::mem::take(&mut pending.jobs)))
    }

    /// Takes out the jobs of the messages that `picked` selects.
    pub(super) fn jobs_of(&mut self, picked: impl FnMut(&Message) -> bool) -> Vec<Job> {
        self.split_off(picked).open.into_iter().flat_map(|pending| pending.jobs).collect()
    }

    /// Takes out the jobs of these senders.
    pub(super) fn without(&mut self, senders: &HashSet<Sender>) -> Vec<Job> {
        if senders.is_empty() {
            return Vec::new();
        }
        let out = self.split_off(|message| senders.contains(&message.sender));
        out.open.into_iter().flat_map(|pending| pending.jobs).collect()
    }

    /// Takes out the jobs of these senders, and refuses those that must be
    /// answered by this time.
    pub(super) fn aside(
        &mut self,
        senders: &HashSet<Sender>,
        by: Instant,
        refusal: Refusal,
    ) -> Vec<Job> {
        let (late, aside): (Vec<Job>, Vec<Job>) =
            self.without(senders).into_iter().partition(|job| job.deadline <= by);
        for job in late {
            job.answer(Err(refusal));
        }
        aside
    }

    /// Takes out the messages that `picked` selects.
    pub(super) fn split_off(&mut self, mut picked: impl FnMut(&Message) -> bool) -> Self {
        let (out, open) = std::mem::take(&mut self.open)
            .into_iter()
            .partition::<Vec<_>, _>(|pending| picked(&pending.message));
        self.open = open;
        Self { open: out }
    }

    /// Answers the messages that have an answer here. Simultaneous repeats of a
    /// message get the same answer.
    pub(super) fn answer(&mut self, mut answers: HashMap<String, Vec<u8>>, outcome: Outcome) {
        self.open = std::mem::take(&mut self.open)
            .into_iter()
            .filter_map(|pending| match answers.remove(&pending.message.id) {
                Some(reply) => {
                    pending.answer(&reply, outcome);
                    None
                }
                None => Some(pending),
            })
            .collect();
    }

    /// Answers all remaining messages with silence.
    pub(super) fn silence(&mut self, outcome: Outcome) {
        for pending in self.open.drain(..) {
            pending.answer(twiml::EMPTY, outcome);
        }
    }

    /// Refuses all remaining messages.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        for job in self.open.drain(..).flat_map(|pending| pending.jobs) {
            job.answer(Err(refusal));
        }
    }

    /// Takes out its second half.
    pub(super) fn second_half(&mut self) -> Self {
        Self { open: self.open.split_off(self.open.len() / 2) }
    }
}

impl Pending {
    fn answer(self, reply: &[u8], outcome: Outcome) {
        let mut outcome = outcome;
        for job in self.jobs {
            job.answer(Ok((reply.to_vec(), outcome)));
            if outcome == Outcome::Answered {
                outcome = Outcome::Repeated;
            }
        }
    }
}
