//! Makes the calls that committed turns ask for, and brings their answers to
//! the bot.
//!
//! A call is made at most once, by the process whose turn asked for it. If that
//! process ends before it has an answer, silence ends the call: nobody repeats
//! it. These are the parts, lowest first:
//!
//! - [`secrets`]: what requests have places for
//! - `making`: one call as a request, and its outcome as an answer
//! - this file: the loop

mod making;
pub mod secrets;

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

pub use self::making::Maker;
use crate::bot::Bot;
use crate::bot::calls::{Called, Wanted};

/// How many calls may be under way, those whose answers nobody has taken yet
/// among them.
const AT_ONCE: usize = 256;

/// How many answers one transaction takes: so many that the pace is good, and so
/// few that a message hardly waits for them.
const TOGETHER: usize = 64;

/// The pause before answers are brought again that were not taken.
const AGAIN: Duration = Duration::from_millis(200);

/// How long an answer is brought again after its call was handed out. Silence has
/// ended the call long before.
const GOOD_FOR: Duration = Duration::from_mins(2);

/// How long calls that are under way may take once the service stops.
const LAST_CALLS: Duration = Duration::from_secs(4);

/// How long it may take after that until the database has their answers.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// A call that waits, and when it was handed out.
#[derive(Debug)]
struct Waiting {
    wanted: Wanted,
    since: Instant,
}

/// Makes calls.
#[derive(Debug)]
pub struct Caller {
    bot: Bot,
    maker: Maker,
    wanted: mpsc::UnboundedReceiver<Wanted>,
    waiting: VecDeque<Waiting>,
    under_way: JoinSet<(Called, Instant)>,
    /// The answers that the bot has not taken yet, with the times at which their
    /// calls were handed out.
    answers: Vec<(Called, Instant)>,
}

impl Caller {
    /// Returns a caller of these calls.
    #[must_use]
    pub fn new(bot: Bot, maker: Maker, wanted: mpsc::UnboundedReceiver<Wanted>) -> Self {
        Self {
            bot,
            maker,
            wanted,
            waiting: VecDeque::new(),
            under_way: JoinSet::new(),
            answers: Vec::new(),
        }
    }

    /// Makes calls until `stopping`, and then waits a moment for those that are
    /// under way.
    pub async fn run(mut self, stopping: CancellationToken) {
        let mut again_at = Instant::now();
        loop {
            let has_answers = !self.answers.is_empty();
            tokio::select! {
                () = stopping.cancelled() => break,
                Some(wanted) = self.wanted.recv() => {
                    self.waiting.push_back(Waiting { wanted, since: Instant::now() });
                }
                Some(ended) = self.under_way.join_next() => {
                    self.ended(ended);
                    again_at = Instant::now();
                }
                () = sleep_until(again_at), if has_answers => {}
            }
            self.make();
            if !self.answers.is_empty() && again_at <= Instant::now() {
                self.bring().await;
                again_at = Instant::now() + AGAIN;
            }
        }
        self.finish().await;
    }

    /// Makes the calls that wait, as many as may be under way.
    fn make(&mut self) {
        while self.under_way.len() + self.answers.len() < AT_ONCE
            && let Some(Waiting { wanted, since }) = self.waiting.pop_front()
        {
            let maker = self.maker.clone();
            self.under_way.spawn(async move { (maker.make(wanted, since).await, since) });
        }
    }

    fn ended(&mut self, ended: Result<(Called, Instant), JoinError>) {
        let mut next = Some(ended);
        while let Some(ended) = next {
            // A call that panicked is a defect; silence ends it.
            self.answers.extend(ended);
            next = self.under_way.try_join_next();
        }
    }

    /// Brings the answers to the bot. What it does not take now is kept for a
    /// while.
    async fn bring(&mut self) {
        let first = self.answers.len().min(TOGETHER);
        let some: Vec<(Called, Instant)> = self.answers.drain(..first).collect();
        let since = |one: &Called| {
            let known =
                some.iter().find(|(known, _)| known.sender == one.sender && known.call == one.call);
            known.map_or_else(Instant::now, |(_, since)| *since)
        };
        let brought = some.iter().map(|(called, _)| called.clone()).collect();
        let left = self.bot.called(brought).await;
        let left = left.into_iter().map(|one| {
            let since = since(&one);
            (one, since)
        });
        self.answers.extend(left.filter(|(_, since)| since.elapsed() < GOOD_FOR));
    }

    /// Waits for the calls that are under way, and brings each answer as it
    /// comes. What is still open then is ended by silence.
    async fn finish(mut self) {
        while let Ok(wanted) = self.wanted.try_recv() {
            self.waiting.push_back(Waiting { wanted, since: Instant::now() });
        }
        self.make();
        let until = Instant::now() + LAST_CALLS;
        let last = until + LAST_ANSWERS;
        while let Ok(Some(ended)) = timeout_at(until, self.under_way.join_next()).await {
            self.ended(ended);
            if timeout_at(last, self.bring()).await.is_err() {
                return;
            }
        }
        while !self.answers.is_empty() && Instant::now() < last {
            if timeout_at(last, self.bring()).await.is_err() {
                return;
            }
            if !self.answers.is_empty() {
                sleep_until(last.min(Instant::now() + AGAIN)).await;
            }
        }
    }
}
