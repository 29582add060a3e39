//! A batch in hand: jobs grouped by message, answered one by one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::queue::{Answer, Job};
use crate::message::{Message, Sender};

/// Messages that still want an answer, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Batch {
    open: Vec<Pending>,
}

/// One message, and everybody who waits for its reply.
#[derive(Debug)]
struct Pending {
    message: Arc<Message>,
    jobs: Vec<Job>,
}

impl Batch {
    /// Equal ids are one message with several who wait.
    pub(super) fn new(jobs: Vec<Job>) -> Self {
        let mut batch = Self::default();
        let mut places = HashMap::new();
        for job in jobs {
            let place = *places.entry(job.message.id.clone()).or_insert(batch.open.len());
            if let Some(pending) = batch.open.get_mut(place) {
                pending.jobs.push(job);
            } else {
                batch.open.push(Pending { message: Arc::clone(&job.message), jobs: vec![job] });
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

    pub(super) fn senders(&self) -> BTreeSet<Sender> {
        self.open.iter().map(|pending| pending.message.sender.clone()).collect()
    }

    /// Takes out the jobs of these senders.
    pub(super) fn without(&mut self, senders: &HashSet<Sender>) -> Vec<Job> {
        if senders.is_empty() {
            return Vec::new();
        }
        let (out, open) = std::mem::take(&mut self.open)
            .into_iter()
            .partition::<Vec<_>, _>(|pending| senders.contains(&pending.message.sender));
        self.open = open;
        out.into_iter().flat_map(|pending| pending.jobs).collect()
    }

    /// Answers the messages that have one here.
    pub(super) fn answer(&mut self, mut answers: HashMap<String, Vec<u8>>) {
        self.open = std::mem::take(&mut self.open)
            .into_iter()
            .filter_map(|pending| match answers.remove(&pending.message.id) {
                Some(reply) => {
                    pending.answer(&Ok(reply));
                    None
                }
                None => Some(pending),
            })
            .collect();
    }

    /// Answers all that are left alike.
    pub(super) fn answer_all(&mut self, answer: &Answer) {
        for pending in self.open.drain(..) {
            pending.answer(answer);
        }
    }

    /// Cuts it into batches of one message.
    pub(super) fn one_by_one(&mut self) -> Vec<Self> {
        self.open.drain(..).map(|pending| Self { open: vec![pending] }).collect()
    }
}

impl Pending {
    fn answer(self, answer: &Answer) {
        for job in self.jobs {
            job.answer(answer.clone());
        }
    }
}
