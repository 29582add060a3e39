//! The sequence of work on a message: claim, load, step, save, answer.
//!
//! Every message goes through one bounded queue to one worker, which takes all
//! waiting messages as one batch and one transaction. A reply is sent only
//! after the turn that produced it is committed. The bot knows no HTTP and no
//! SQL.

mod aftermath;
mod around;
mod batch;
pub mod callbacks;
pub mod calls;
mod cause;
mod claims;
mod closing_reply;
mod connection;
mod explanations;
pub mod feed;
mod flood;
mod health;
mod held;
mod lately;
mod moved;
mod naming;
pub mod number_hash;
mod outage;
mod outdated;
pub mod outgoing;
mod parts;
mod queue;
mod refusal;
mod spin_wait;
mod store_errors;
mod survived;
mod sweep;
mod text_log;
mod turn;
mod versions;
mod waking;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use self::callbacks::{CallbackJob, CalledBack, Verdict};
use self::calls::{Called, CalledJob};
pub use self::explanations::Explanations;
use self::feed::Feed;
use self::health::{Health, Troubles};
pub use self::outgoing::Shift;
use self::outgoing::{TextJob, TextWork, TextsDone};
pub use self::parts::{Clock, Parts, Sending, Served};
use self::queue::Job;
pub use self::refusal::Refusal;
use self::versions::Versions;
use self::worker::Queues;
use crate::conversation::{
    Awaited, Explained, Flow, Offer, Session, Upcoming, awaited, offered, upcoming,
};
use crate::message::{Message, Sender};
use crate::telemetry::{self, Outcome};

/// How long a message may take from the queue to its reply. Twilio gives up
/// after 15 s, and repeats a message that is refused quickly.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_800);

/// The most messages that wait. At a thousandth of a second each, which is
/// slow, nearly all of them are answered in time.
const QUEUE: usize = 2_048;

/// How much work on texts waits at most.
const TEXT_QUEUE: usize = 256;

/// How many lists of answers of calls wait at most.
const ANSWER_QUEUE: usize = 4;

/// How many results of callbacks wait at most.
const CALLBACK_QUEUE: usize = 256;

/// The entrance to the bot. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Bot {
    queue: mpsc::Sender<Job>,
    feed: Feed,
    closing: CancellationToken,
    served: Arc<watch::Sender<Served>>,
    texts: mpsc::Sender<TextJob>,
    answers: mpsc::Sender<CalledJob>,
    callbacks: mpsc::Sender<CallbackJob>,
    /// Tells that texts were said that answer no message.
    said: Arc<Notify>,
    /// The database's last failure, if it failed.
    troubles: watch::Receiver<Troubles>,
    /// The newest turns, if they are explained.
    explanations: Option<Explanations>,
}

impl Bot {
    /// Returns a bot, and the worker that serves it. The worker must run; it
    /// ends when the bot is closed and every message that was taken is
    /// answered.
    pub fn new(parts: Parts) -> (Self, impl Future<Output = ()> + Send) {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (health, troubles) = Health::new();
        let served = Arc::new(watch::Sender::new(parts.served.clone()));
        let versions = Versions::new(served.subscribe());
        let (texts, text_jobs) = mpsc::channel(TEXT_QUEUE);
        let (closing, said) = (CancellationToken::new(), Arc::new(Notify::new()));
        let (answers, call_answers) = mpsc::channel(ANSWER_QUEUE);
        let (callbacks, callback_jobs) = mpsc::channel(CALLBACK_QUEUE);
        let feed = Feed::new();
        let explanations = parts.explanations.clone();
        let bot = Self {
            queue,
            feed,
            closing,
            served,
            texts,
            answers,
            callbacks,
            said,
            troubles,
            explanations,
        };
        let (feed, closing) = (bot.feed.clone(), bot.closing.clone());
        let said = Arc::clone(&bot.said);
        let (answers, callbacks) = (call_answers, callback_jobs);
        let queues = Queues { jobs, text_jobs, answers, callbacks, said };
        let worker = worker::run(parts, versions, queues, feed, closing, health);
        (bot, worker)
    }

    /// Takes a message. Returns the `TwiML` that answers it, once that is
    /// committed, and what became of the message. The same message id gets the
    /// same bytes, however often and however close together it arrives.
    pub async fn answer(&self, message: Message) -> Result<(Vec<u8>, Outcome), Refusal> {
        let message = Arc::new(message);
        let answer = self.queued_answer(Arc::clone(&message)).await;
        let outcome = match &answer {
            // This is not a message: its id may be anything.
            Err(Refusal::Recut) => return Err(Refusal::Recut),
            Ok((_, outcome)) => *outcome,
            Err(Refusal::Busy) => Outcome::Busy,
            Err(Refusal::Unavailable) => Outcome::Unavailable,
            Err(Refusal::Rejected) => Outcome::Rejected,
            Err(Refusal::Closed) => Outcome::Closed,
            Err(Refusal::Outdated) => Outcome::Outdated,
            Err(Refusal::Defect) => Outcome::Defect,
        };
        if let Err(refusal) = &answer {
            tracing::debug!(message.id = message.id, %refusal, "a message was refused");
        }
        telemetry::message(outcome);
        answer
    }

    async fn queued_answer(&self, message: Arc<Message>) -> queue::Answer {
        if self.closing.is_cancelled() {
            return Err(Refusal::Closed);
        }
        let arrived = Instant::now();
        let deadline = arrived + ANSWER_WITHIN;
        let (answer, mut answered) = oneshot::channel();
        let held = Arc::new(AtomicBool::new(false));
        let is_held = Arc::clone(&held);
        let job = Job { message, arrived, deadline, answer, owns_its_signature: false, held };
        self.queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Closed,
        })?;
        let mut waited = timeout_at(deadline, &mut answered).await;
        if waited.is_err() && is_held.load(Ordering::Acquire) {
            waited = timeout_at(arrived + held::ANSWER_WITHIN, &mut answered).await;
        }
        match waited {
            Ok(Ok(answer)) => answer,
            Err(_) => Err(Refusal::Unavailable),
            // Dropped unanswered: too late, at the end, or by a panic.
            Ok(Err(_)) if deadline <= Instant::now() => Err(Refusal::Unavailable),
            Ok(Err(_)) if self.closing.is_cancelled() => Err(Refusal::Closed),
            Ok(Err(_)) => Err(Refusal::Defect),
        }
    }

    /// Does work on texts that answer no message; `None` if the database did not
    /// do it now.
    pub async fn texts(&self, work: TextWork) -> Option<TextsDone> {
        let (done, answer) = oneshot::channel();
        self.texts.send(TextJob { work, done }).await.ok()?;
        answer.await.ok().flatten()
    }

    /// Takes answers of calls, and returns those that have to be brought again:
    /// their people are locked at present, or the database did not take them.
    pub async fn called(&self, answers: Vec<Called>) -> Vec<Called> {
        let (later, left) = oneshot::channel();
        let job = CalledJob { answers: answers.clone(), later };
        if self.answers.send(job).await.is_err() {
            return answers;
        }
        left.await.ok().flatten().unwrap_or(answers)
    }

    /// Takes the result of a callback, and returns what becomes of it.
    pub async fn called_back(&self, called: CalledBack) -> Verdict {
        let (verdict, said) = oneshot::channel();
        match self.callbacks.try_send(CallbackJob { called, verdict }) {
            Ok(()) => said.await.unwrap_or(Verdict::Later),
            Err(_) => Verdict::Later,
        }
    }

    /// Shifts the conversation of a person, for tests by hand. Returns whether the
    /// person could be served.
    pub async fn shift(&self, sender: Sender, shift: Shift) -> bool {
        let work = TextWork { shifted: Some((sender, shift)), ..TextWork::default() };
        self.texts(work).await.is_some_and(|done| done.shifted)
    }

    /// Returns what silence will do to a person in the current flows.
    pub fn upcoming(&self, session: &Session) -> Vec<Upcoming> {
        upcoming(&self.served.borrow().flows, session)
    }

    /// Returns the callback that a conversation waits for in the current flows.
    pub fn awaited(&self, session: &Session) -> Option<Awaited> {
        awaited(&self.served.borrow().flows, session)
    }

    /// Returns the options of the question that a conversation asks in the current flows.
    pub fn options(&self, session: &Session) -> Vec<Offer> {
        offered(&self.served.borrow().flows, session)
    }

    /// Returns what explains the newest turns of a sender, oldest first.
    #[must_use]
    pub fn explained(&self, sender: &Sender) -> Vec<Arc<Explained>> {
        self.explanations.as_ref().map(|all| all.of(sender)).unwrap_or_default()
    }

    /// Waits until texts were said that answer no message.
    pub async fn texts_were_said(&self) {
        self.said.notified().await;
    }

    /// Serves other flows, from the next batch on.
    pub fn serve(&self, served: Served) {
        self.served.send_replace(served);
    }

    /// Returns the flows that are served now.
    pub fn served(&self) -> Served {
        self.served.borrow().clone()
    }

    /// Returns the words that begin a conversation in the current flows; none
    /// if any text does.
    pub fn start_words(&self) -> Vec<String> {
        self.served.borrow().flows.iter().flat_map(Flow::start_words).cloned().collect()
    }

    /// Returns the source of notices about transcripts that have grown.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Returns whether the database did not take the last messages, a moment
    /// ago. Such a database may answer, but be full, read-only, or have
    /// unexpected columns.
    pub fn failed_lately(&self) -> bool {
        self.troubles.borrow().are_recent(Instant::now())
    }

    /// Takes no more messages; those that were taken are still answered.
    pub fn close(&self) {
        self.closing.cancel();
    }
}
