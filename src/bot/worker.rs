//! The worker: takes batch after batch through load, step and save. `attempt`
//! runs one transaction for messages, `wake` lets time pass for people who do
//! not write, `called` takes the answers of calls and `called_back` the results
//! of callbacks, `closing` closes replies, and `outgoing` works on the texts that
//! they get. `trouble` says what a failure of the database means.

mod attempt;
mod called;
mod called_back;
mod closing;
mod outgoing;
mod trouble;
mod wake;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::aftermath::Aftermath;
use super::batch::Batch;
use super::callbacks::CallbackJob;
use super::calls::CalledJob;
use super::claims;
use super::connection::connected;
use super::feed::Feed;
use super::flood::Flood;
use super::health::Health;
use super::held::Held;
use super::lately::Lately;
use super::naming;
use super::outage::Outages;
use super::outgoing::TextJob;
use super::parts::Parts;
use super::queue::{Job, Queue};
use super::refusal::Refusal;
use super::store_errors::{is_about_one, refusal};
use super::survived::survived;
use super::sweep;
use super::versions::Versions;
use crate::conversation::PATIENCE;
use crate::message::Message;
use crate::outbox::pace::Plan;
use crate::store::{StoreError, Writer};
use crate::telemetry::{self, Outcome};

/// How long one batch may take, including all its retries. After that the
/// connection is dropped, since its state is unknown.
const BATCH_WITHIN: Duration = Duration::from_millis(1_500);

/// How long locks of other processes are looked for after a batch waited for
/// one. That costs round trips, which most batches need not pay.
const CAREFUL_FOR: Duration = Duration::from_secs(10);

/// How long before a job's deadline newer flows are no longer waited for.
const LOADED_WITHIN: Duration = Duration::from_millis(300);

/// How often a batch is retried if another transaction is in the way.
const RETRIES: u32 = 4;

/// What waits for the worker.
pub(super) struct Queues {
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) text_jobs: mpsc::Receiver<TextJob>,
    pub(super) answers: mpsc::Receiver<CalledJob>,
    pub(super) callbacks: mpsc::Receiver<CallbackJob>,
    /// Tells that texts were said that answer no message.
    pub(super) said: Arc<Notify>,
}

/// Runs until `closing`, and until every message that was taken is answered.
pub(super) async fn run(
    parts: Parts,
    versions: Versions,
    Queues { jobs, mut text_jobs, mut answers, mut callbacks, said }: Queues,
    feed: Feed,
    closing: CancellationToken,
    health: Health,
) {
    let mut queue = Queue::new(jobs);
    let (due, mut wakes) = mpsc::channel(1);
    let sweeping = TaskTracker::new();
    sweeping.spawn(sweep::run(parts.clone(), due));
    let mut worker = Worker {
        aftermath: Aftermath::new(feed, parts.number_hash.clone()),
        parts,
        versions,
        flood: Flood::default(),
        lately: Lately::default(),
        writer: None,
        careful_until: None,
        health,
        outages: Outages::default(),
        complained_at: None,
        said,
        plan: Plan::default(),
        held: Held::default(),
    };
    loop {
        let jobs = tokio::select! {
            // Messages come before everything else.
            biased;
            () = closing.cancelled() => None,
            jobs = queue.next() => jobs,
            () = worker.outages.ended() => continue,
            () = until(worker.held.next()) => {
                worker.close_due_or_survive(Instant::now()).await;
                continue;
            }
            Some(due) = wakes.recv() => {
                worker.wake_or_survive(due).await;
                continue;
            }
            Some(job) = answers.recv() => {
                worker.take_answers_or_survive(job).await;
                continue;
            }
            Some(job) = callbacks.recv() => {
                worker.take_callback_or_survive(job).await;
                continue;
            }
            Some(job) = text_jobs.recv() => {
                worker.serve_texts_or_survive(job).await;
                continue;
            }
        };
        let Some(jobs) = jobs else { break };
        queue.set_aside(worker.serve_or_survive(jobs).await);
        if worker.held.next().is_some_and(|at| at <= Instant::now()) {
            worker.close_due_or_survive(Instant::now()).await;
        }
        // However many people write, silence has its turn between two batches.
        if let Ok(due) = wakes.try_recv() {
            worker.wake_or_survive(due).await;
        }
        if let Ok(job) = answers.try_recv() {
            worker.take_answers_or_survive(job).await;
        }
        if let Ok(job) = callbacks.try_recv() {
            worker.take_callback_or_survive(job).await;
        }
        if let Ok(job) = text_jobs.try_recv() {
            worker.serve_texts_or_survive(job).await;
        }
        if worker.outages.is_on() {
            queue.forget_pace();
        }
    }
    queue.close();
    drop(wakes);
    answers.close();
    while let Some(job) = answers.recv().await {
        worker.take_answers_or_survive(job).await;
    }
    callbacks.close();
    while let Some(job) = callbacks.recv().await {
        worker.take_callback_or_survive(job).await;
    }
    text_jobs.close();
    while let Some(job) = text_jobs.recv().await {
        worker.serve_texts_or_survive(job).await;
    }
    while let Some(jobs) = queue.next().await {
        queue.set_aside(worker.serve_or_survive(jobs).await);
    }
    // Nobody will end their calls.
    worker.close_due_or_survive(Instant::now() + PATIENCE).await;
    worker.held.refuse();
    worker.aftermath.finished().await;
    // It ends by itself, since nobody takes anything from it any more.
    sweeping.close();
    sweeping.wait().await;
}

/// Waits until this time; for ever if there is none.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

struct Worker {
    parts: Parts,
    versions: Versions,
    aftermath: Aftermath,
    flood: Flood,
    lately: Lately,
    writer: Option<Writer>,
    /// The time until which other processes' locks are looked for.
    careful_until: Option<Instant>,
    health: Health,
    outages: Outages,
    /// When a person who could not be woken was last logged.
    complained_at: Option<Instant>,
    /// Tells that texts were said that answer no message.
    said: Arc<Notify>,
    /// When texts that wait for one of our addresses come back.
    plan: Plan,
    /// The requests that wait for open replies.
    held: Held,
}

impl Worker {
    /// Serves a batch; a panic costs its messages and no more. Without this a
    /// defect would end the worker, and the service would live on and refuse
    /// everything.
    async fn serve_or_survive(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let served = survived(pin!(self.serve(jobs))).await;
        served.unwrap_or_else(|| {
            tracing::error!("a batch panicked: this is a defect of Ringback");
            // The state of the connection is unknown.
            self.writer = None;
            Vec::new()
        })
    }

    /// Answers every message of the batch except those whose sender is locked
    /// at present, which it returns.
    async fn serve(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let begun = Instant::now();
        let mut aside = Vec::new();
        let jobs = self.with_own_signatures(begun, jobs).await;
        let mut batch = Batch::new(self.with_known_senders(begun, jobs, &mut aside).await);
        telemetry::batch_begun(batch.len());
        self.versions.refresh();
        let by = begun + LOADED_WITHIN;
        aside.extend(batch.aside(self.versions.waiting(), by, Refusal::Outdated));
        let (mut in_hand, number_hash) = (HashMap::new(), &self.parts.number_hash);
        let flooding =
            batch.split_off(|message| self.flood.meets(message, &mut in_hand, begun, number_hash));
        Box::pin(self.serve_sound(begun, batch, &mut aside)).await;
        if !flooding.is_empty() {
            self.serve_flooding(begun, flooding).await;
        }
        self.health.batch_done(Instant::now());
        telemetry::batch_done(begun.elapsed());
        aside
    }

    /// Returns the jobs whose signature is theirs alone; the others are refused.
    async fn with_own_signatures(&mut self, begun: Instant, jobs: Vec<Job>) -> Vec<Job> {
        let (now, deadline) = ((self.parts.clock)(), begun + BATCH_WITHIN);
        let settled =
            claims::settle(&mut self.writer, &self.parts.store, jobs, now, deadline).await;
        if let Some((error, jobs)) = settled.failed {
            self.give_up(&error, jobs).await;
        }
        settled.own
    }

    /// Returns the jobs whose sender's key is known; of the others, those whose
    /// sender is locked go aside.
    async fn with_known_senders(
        &mut self,
        begun: Instant,
        jobs: Vec<Job>,
        aside: &mut Vec<Job>,
    ) -> Vec<Job> {
        let (now, deadline) = ((self.parts.clock)(), begun + BATCH_WITHIN);
        let settled = naming::settle(&mut self.writer, &self.parts, jobs, now, deadline).await;
        for (error, jobs) in settled.failed {
            self.give_up(&error, jobs).await;
        }
        aside.extend(settled.locked);
        settled.known
    }

    /// Refuses jobs that did not become part of a batch.
    async fn give_up(&mut self, error: &StoreError, jobs: Vec<Job>) {
        self.failed(error).await;
        let mut unsettled = Batch::new(jobs);
        self.tell(error, &unsettled);
        unsettled.refuse(refusal(error));
    }

    /// Halves a batch that fails, again and again, until a single message
    /// fails: then it has failed alone.
    async fn serve_sound(&mut self, begun: Instant, batch: Batch, aside: &mut Vec<Job>) {
        let deadline = begun + BATCH_WITHIN;
        let mut parts = vec![batch];
        while let Some(mut part) = parts.pop() {
            // A sender who was set aside may be free by now, and must not be overtaken.
            let locked = aside.iter().map(|job| job.message.sender.clone()).collect();
            aside.extend(part.without(&locked));
            if part.is_empty() {
                continue;
            }
            let was_careful = self.is_careful();
            let Err(error) = self.serve_until(deadline, &mut part, aside).await else { continue };
            if matches!(error, StoreError::Locked(_)) && !was_careful {
                // Most likely another process is just making the row of a new
                // sender, whom looking first finds and sets aside.
                self.careful_until = Some(Instant::now() + CAREFUL_FOR);
                parts.push(part);
                continue;
            }
            if is_about_one(&error) && part.len() > 1 {
                tracing::debug!(%error, messages = part.len(), "a batch failed and is halved");
                let second = part.second_half();
                parts.extend([second, part]);
            } else {
                self.tell(&error, &part);
                part.refuse(refusal(&error));
            }
        }
    }

    fn is_careful(&self) -> bool {
        self.careful_until.is_some_and(|until| Instant::now() < until)
    }

    /// A repeat of a message that was taken gets its reply; every other message
    /// gets silence and leaves no trace.
    async fn serve_flooding(&mut self, begun: Instant, mut batch: Batch) {
        let ids = batch.messages();
        let ids: Vec<&str> = ids.iter().map(|message| message.id.as_str()).collect();
        let recorded =
            async { connected(&mut self.writer, &self.parts.store).await?.recorded(&ids).await };
        let tried = timeout_at(begun + BATCH_WITHIN, recorded).await;
        match tried.unwrap_or_else(|_| Err(StoreError::late())) {
            Ok(mut recorded) => {
                self.is_up();
                let is_open =
                    |message: &Message| recorded.get(&message.id).is_some_and(Vec::is_empty);
                let open = batch.jobs_of(is_open);
                Box::pin(self.answer_repeats(open)).await;
                recorded.retain(|_, reply| !reply.is_empty());
                batch.answer(recorded, Outcome::Repeated);
                batch.silence(Outcome::Flooding);
            }
            Err(error) => {
                self.failed(&error).await;
                self.tell(&error, &batch);
                batch.refuse(refusal(&error));
            }
        }
    }
}
