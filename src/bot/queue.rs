//! The queue: chooses the messages of the next batch.
//!
//! Messages are taken in the order of arrival. A message whose sender is locked
//! by another process is set aside, together with everything that this sender
//! writes later, so that nobody else waits and no message overtakes another.
//! Here a sender is the sender that the message names; the key under which they
//! are kept is found later.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::refusal::Refusal;
use crate::message::{Message, Sender};
use crate::store::{MAX_BATCH, largest_batch};
use crate::telemetry::{self, Outcome};

/// How long a locked sender is left alone before the next try.
const RETRY_LOCKED: Duration = Duration::from_millis(5);

/// The longest assumed duration of a batch: a message that has just arrived is
/// always tried.
const LONGEST: Duration = Duration::from_millis(900);

/// The most messages that are set aside.
const MAX_ASIDE: usize = 1_024;

/// The answer to a job: the `TwiML`, and whether it was recorded now or before.
pub(super) type Answer = Result<(Vec<u8>, Outcome), Refusal>;

/// One message in progress, and the request that waits for its reply.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) message: Arc<Message>,
    pub(super) arrived: Instant,
    pub(super) deadline: Instant,
    pub(super) answer: oneshot::Sender<Answer>,
    /// Whether its signature is known to belong to no other message.
    pub(super) owns_its_signature: bool,
    /// Whether it waits for a reply that is open.
    pub(super) held: Arc<AtomicBool>,
}

impl Job {
    /// Answers the job. It is not a fault if nobody waits any more.
    pub(super) fn answer(self, answer: Answer) {
        drop(self.answer.send(answer));
    }

    /// Lets the request wait longer: its message is taken, and its reply is open.
    pub(super) fn hold(&self) {
        self.held.store(true, Ordering::Release);
    }

    fn is_over(&self, now: Instant) -> bool {
        self.deadline <= now || self.answer.is_closed()
    }
}

/// The jobs that wait.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: mpsc::Receiver<Job>,
    /// Jobs from the channel, for the next batches.
    taken: VecDeque<Job>,
    /// Jobs of senders that were locked, in order.
    aside: VecDeque<Job>,
    retry_at: Instant,
    /// The time at which the last batch began.
    begun: Option<Instant>,
    /// How long a batch takes at present.
    lasts: Duration,
}

impl Queue {
    pub(super) fn new(jobs: mpsc::Receiver<Job>) -> Self {
        Self {
            jobs,
            taken: VecDeque::new(),
            aside: VecDeque::new(),
            retry_at: Instant::now(),
            begun: None,
            lasts: Duration::ZERO,
        }
    }

    /// Takes no more jobs; [`next`](Self::next) still returns the waiting ones.
    pub(super) fn close(&mut self) {
        self.jobs.close();
    }

    /// Returns the next batch, and waits only if no job waits. Returns `None`
    /// if the queue is closed and all jobs are done. Cancelling it loses
    /// nothing.
    pub(super) async fn next(&mut self) -> Option<Vec<Job>> {
        if let Some(begun) = self.begun.take() {
            // A small batch after a large one says little about the next.
            self.lasts = begun.elapsed().max(self.lasts * 3 / 4).min(LONGEST);
        }
        loop {
            self.receive().await?;
            let now = Instant::now();
            while self.refuse_late(now) && !self.taken.is_empty() {
                self.receive().await?;
            }
            let (mut batch, rest) = self.split(now);
            self.taken = rest;
            batch.retain(|job| !job.is_over(now));
            if !batch.is_empty() {
                self.begun = Some(now);
                return Some(batch);
            }
        }
    }

    /// Forgets how long a batch takes: there was no database to serve the last
    /// one, so it says nothing about others.
    pub(super) fn forget_pace(&mut self) {
        self.begun = None;
    }

    /// Sets jobs aside whose sender is locked, for a later batch. Their senders
    /// go behind all other senders that are aside, with everything they wrote
    /// since, so that each sender is tried in turn however many there are.
    pub(super) fn set_aside(&mut self, jobs: Vec<Job>) {
        if jobs.is_empty() {
            return;
        }
        self.retry_at = Instant::now() + RETRY_LOCKED;
        let locked: HashSet<Sender> =
            jobs.iter().map(|job| job.message.written_by().clone()).collect();
        let (later, others): (VecDeque<Job>, VecDeque<Job>) = std::mem::take(&mut self.aside)
            .into_iter()
            .partition(|job| locked.contains(job.message.written_by()));
        self.aside = others;
        self.aside.extend(jobs);
        self.aside.extend(later);
        while self.aside.len() > MAX_ASIDE {
            if let Some(job) = self.aside.pop_back() {
                job.answer(Err(Refusal::Busy));
            }
        }
    }

    /// Refuses the jobs for which a batch would end too late, and returns
    /// whether there were any. Under overload all waiting jobs are old: they
    /// would be kept and still be refused, and nobody would be answered.
    fn refuse_late(&mut self, now: Instant) -> bool {
        let (late, taken): (VecDeque<Job>, VecDeque<Job>) = std::mem::take(&mut self.taken)
            .into_iter()
            .partition(|job| job.deadline <= now + self.lasts);
        self.taken = taken;
        let refused = !late.is_empty();
        for job in late {
            job.answer(Err(Refusal::Busy));
        }
        refused
    }

    /// Ensures that there is a job to look at.
    async fn receive(&mut self) -> Option<()> {
        let room = MAX_BATCH.saturating_sub(self.taken.len());
        let mut jobs = Vec::with_capacity(room);
        if !self.taken.is_empty() {
            while jobs.len() < room
                && let Ok(job) = self.jobs.try_recv()
            {
                jobs.push(job);
            }
        } else if self.aside.is_empty() {
            if self.jobs.recv_many(&mut jobs, room).await == 0 {
                return None;
            }
        } else {
            // A closed channel returns at once: wait for the time nevertheless.
            let received = timeout_at(self.retry_at, self.jobs.recv_many(&mut jobs, room)).await;
            if received == Ok(0) {
                tokio::time::sleep_until(self.retry_at).await;
            }
        }
        self.taken.extend(jobs);
        Some(())
    }

    /// Returns the jobs of the next batch, and those for later batches.
    fn split(&mut self, now: Instant) -> (Vec<Job>, VecDeque<Job>) {
        self.aside.retain(|job| !job.is_over(now));
        let mut batch = if self.retry_at <= now { self.first_of_each() } else { Vec::new() };
        // A sender's jobs that are still aside precede later ones.
        let locked: HashSet<Sender> =
            self.aside.iter().map(|job| job.message.written_by().clone()).collect();
        let (behind, mut free): (VecDeque<Job>, VecDeque<Job>) = std::mem::take(&mut self.taken)
            .into_iter()
            .partition(|job| locked.contains(job.message.written_by()));
        self.aside.extend(behind);
        let room = largest_batch(batch.len() + free.len()).saturating_sub(batch.len());
        let rest = free.split_off(room.min(free.len()));
        for job in &free {
            telemetry::waited(now - job.arrived);
        }
        batch.extend(free);
        (batch, rest)
    }

    /// Returns one job of each sender that was locked, to see whether it still
    /// is. These jobs never fill a whole batch.
    fn first_of_each(&mut self) -> Vec<Job> {
        let mut seen = HashSet::new();
        let mut first = Vec::new();
        let mut later = VecDeque::new();
        for job in self.aside.drain(..) {
            if first.len() < MAX_BATCH / 2 && seen.insert(job.message.written_by().clone()) {
                first.push(job);
            } else {
                later.push_back(job);
            }
        }
        self.aside = later;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a job for which `waiting` waits as long as the test runs.
    fn job(id: &str, from: &str, waiting: &mut Vec<oneshot::Receiver<Answer>>) -> Job {
        let message = Message::text(id, from, "+15550006666", "").unwrap();
        let (answer, answered) = oneshot::channel();
        waiting.push(answered);
        let deadline = Instant::now() + Duration::from_mins(1);
        let arrived = Instant::now();
        Job {
            message: Arc::new(message),
            arrived,
            deadline,
            answer,
            owns_its_signature: false,
            held: Arc::default(),
        }
    }

    fn ids(jobs: &[Job]) -> Vec<&str> {
        jobs.iter().map(|job| job.message.id.as_str()).collect()
    }

    #[tokio::test]
    async fn every_locked_sender_is_tried_however_many_stay_locked() {
        let mut waiting = Vec::new();
        let (sender, jobs) = mpsc::channel(1_000);
        let mut queue = Queue::new(jobs);
        for n in 0..MAX_BATCH {
            for turn in 1..=2 {
                let job = job(&format!("{n}.{turn}"), &format!("+1{n}"), &mut waiting);
                sender.try_send(job).unwrap();
            }
        }
        // Two batches try all of them, and all stay locked.
        for _ in 0..2 {
            let batch = queue.next().await.unwrap();
            queue.set_aside(batch);
            // However slow this machine is.
            queue.retry_at = Instant::now() + Duration::from_mins(1);
        }
        queue.retry_at = Instant::now();
        let mut tried = HashSet::new();
        for _ in 0..2 {
            let batch = queue.next().await.unwrap();
            assert!(ids(&batch).iter().all(|id| id.ends_with(".1")), "{:?}", ids(&batch));
            tried.extend(batch.iter().map(|job| job.message.id.clone()));
            queue.set_aside(batch);
        }
        assert_eq!(tried.len(), MAX_BATCH);
        // A sender that is free at last is answered in order.
        let mut last = HashSet::new();
        let mut order = Vec::new();
        sender.try_send(job("late", "+10", &mut waiting)).unwrap();
        drop(sender);
        while let Some(batch) = queue.next().await {
            for job in batch {
                last.insert(job.message.id.clone());
                if job.message.sender.as_str() == "+10" {
                    order.push(job.message.id.clone());
                }
            }
        }
        assert_eq!(last.len(), 2 * MAX_BATCH + 1);
        assert_eq!(order, ["0.1", "0.2", "late"]);
    }

    #[tokio::test]
    async fn a_job_that_would_be_answered_too_late_is_refused_before_the_database_is_asked() {
        let mut waiting = Vec::new();
        let (sender, jobs) = mpsc::channel(10);
        let mut queue = Queue::new(jobs);
        queue.lasts = Duration::from_secs(30);
        for (id, left) in [("old", 10), ("older", 5), ("new", 60)] {
            let mut job = job(id, "+10", &mut waiting);
            job.deadline = job.arrived + Duration::from_secs(left);
            sender.try_send(job).unwrap();
        }
        let batch = queue.next().await.unwrap();
        assert_eq!(ids(&batch), ["new"]);
        for refused in &mut waiting[..2] {
            assert_eq!(refused.try_recv().unwrap(), Err(Refusal::Busy));
        }
        // The next batches show step by step how fast it was.
        sender.try_send(job("next", "+10", &mut waiting)).unwrap();
        assert_eq!(ids(&queue.next().await.unwrap()), ["next"]);
        assert_eq!(queue.lasts, LONGEST);
    }
}
