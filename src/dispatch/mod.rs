//! Sends the texts of the outbox: looks for those that are due, has them claimed
//! by the bot, makes one request for each, and brings the news back.
//!
//! Any number of processes may do this, since a text is claimed in a
//! transaction. These are the parts, lowest first:
//!
//! - [`news`]: what an answer or a report means for a text
//! - `post`: one text as a request
//! - `throttle`: how many requests may be under way
//! - this file: the loop

pub mod news;
mod post;
mod throttle;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

pub use self::post::Poster;
use self::throttle::Throttle;
use crate::bot::outgoing::{TextWork, TextsDone};
use crate::bot::{Bot, Clock};
use crate::message::Sender;
use crate::outbox::news::News;
use crate::store::Store;
use crate::twilio::rest::outcome::{NotSent, Outcome};

/// How often the database is asked while nothing is due.
const EVERY: Duration = Duration::from_secs(1);

/// The longest pause between two rounds, however many texts cannot be sent.
const AT_MOST: Duration = Duration::from_mins(1);

/// How many texts one transaction looks at.
const AT_ONCE: u32 = 64;

/// How many such transactions follow each other. After them answers that came
/// meanwhile have their turn.
const ROUND: u32 = 16;

/// The pause before news that the database did not take is brought again.
const AGAIN: Duration = Duration::from_millis(200);

/// How long requests that are under way may take once the service stops.
const LAST_REQUESTS: Duration = Duration::from_secs(4);

/// How long it may take after that until the database has their answers.
const LAST_NEWS: Duration = Duration::from_secs(1);

/// How long after its claim a text is still sent. A process that was frozen for
/// longer does not know what became of the person.
const CLAIM_IS_GOOD_FOR: SignedDuration = SignedDuration::from_secs(10);

/// Sends the texts of the outbox.
#[derive(Debug)]
pub struct Dispatcher {
    bot: Bot,
    store: Store,
    clock: Clock,
    /// `None` if nothing is sent by this process.
    poster: Option<Poster>,
    throttle: Throttle,
    requests: JoinSet<(i64, u32, Outcome)>,
    /// What the database has not taken yet.
    news: Vec<(i64, News)>,
}

impl Dispatcher {
    /// Returns a dispatcher that sends by `poster`. Without one it only gives up
    /// what is too late or no longer wanted.
    #[must_use]
    pub fn new(bot: Bot, store: Store, clock: Clock, poster: Option<Poster>) -> Self {
        Self {
            bot,
            store,
            clock,
            poster,
            throttle: Throttle::default(),
            requests: JoinSet::new(),
            news: Vec::new(),
        }
    }

    /// Sends until `stopping`, and then waits a moment for the requests that are
    /// under way.
    pub async fn run(mut self, stopping: CancellationToken) {
        let mut next_look = Instant::now();
        while !stopping.is_cancelled() {
            let next = if self.news.is_empty() { next_look } else { Instant::now() + AGAIN };
            tokio::select! {
                () = stopping.cancelled() => break,
                Some(request) = self.requests.join_next() => {
                    self.answered(request);
                    while let Some(request) = self.requests.try_join_next() {
                        self.answered(request);
                    }
                    self.bring().await;
                    // There is room for another request.
                    next_look = next_look.min(Instant::now());
                }
                () = self.bot.texts_were_said() => next_look = Instant::now(),
                () = sleep_until(next.min(next_look)) => {}
            }
            if !self.news.is_empty() {
                self.bring().await;
            }
            if next_look <= Instant::now() {
                let pause = self.look(&stopping).await;
                next_look = Instant::now() + pause;
            }
        }
        self.finish().await;
    }

    /// Looks at texts that are due. Returns when to look again. What is claimed is
    /// sent, so nothing here is cut off when the service stops.
    async fn look(&mut self, stopping: &CancellationToken) -> Duration {
        let mut behind = 0;
        for _ in 0..ROUND {
            let now = (self.clock)();
            let by = now.saturating_add(EVERY).unwrap_or(Timestamp::MAX);
            // Stopping must not wait for a database that does not answer. An error
            // is that of the database, which messages report.
            let finding = self.store.due_texts(by, behind, AT_ONCE);
            let Some(Ok(found)) = stopping.run_until_cancelled(finding).await else {
                return EVERY;
            };
            let next = found.iter().map(|(_, at)| *at).find(|at| *at > now);
            let mut due: Vec<Sender> = Vec::new();
            for (sender, _) in found.iter().filter(|(_, at)| *at <= now) {
                if !due.contains(sender) {
                    due.push(sender.clone());
                }
            }
            let soon = next.and_then(|at| at.duration_since(now).try_into().ok());
            let pause = pause(behind).min(soon.unwrap_or(EVERY.max(pause(behind))));
            if due.is_empty() {
                return pause;
            }
            let room = self.room();
            let count = u32::try_from(due.len()).unwrap_or(AT_ONCE);
            let work = TextWork { senders: due, room, ..TextWork::default() };
            let Some(done) = self.work(work).await else { return EVERY };
            let left = u32::try_from(done.left_due).unwrap_or(count);
            behind += left;
            if room == 0 || left >= count && found.len() < AT_ONCE as usize {
                return pause;
            }
        }
        Duration::ZERO
    }

    /// Has the bot do work, and sends what it claims.
    async fn work(&mut self, work: TextWork) -> Option<TextsDone> {
        let done = self.bot.texts(work).await?;
        let Some(poster) = &self.poster else { return Some(done) };
        let now = (self.clock)();
        for text in &done.claimed {
            let Some(id) = text.id else { continue };
            let slot = text.slot_at.unwrap_or(now).duration_since(now);
            let (poster, text, attempt) = (poster.clone(), text.clone(), text.tries);
            let clock = self.clock;
            self.requests.spawn(async move {
                tokio::time::sleep(slot.try_into().unwrap_or_default()).await;
                let is_good = clock().duration_since(now) < CLAIM_IS_GOOD_FOR;
                let outcome = if is_good {
                    poster.post(id, &text, now).await
                } else {
                    Outcome::NotSent(NotSent::NoConnection)
                };
                (id, attempt, outcome)
            });
        }
        Some(done)
    }

    /// Returns how many texts may be claimed now.
    fn room(&self) -> usize {
        match self.poster {
            Some(_) => self.throttle.room(self.requests.len(), Instant::now()),
            None => 0,
        }
    }

    fn answered(&mut self, request: Result<(i64, u32, Outcome), JoinError>) {
        // A request that panicked is a defect; its text becomes unknown in time.
        let Ok((id, attempt, outcome)) = request else { return };
        self.throttle.learn(&outcome, Instant::now());
        self.news.push((id, news::of_outcome(outcome, attempt)));
    }

    /// Brings the news to the bot. What it does not take now is kept.
    async fn bring(&mut self) {
        let news = std::mem::take(&mut self.news);
        let work = TextWork { news: news.clone(), ..TextWork::default() };
        self.news = match self.bot.texts(work).await {
            Some(done) => done.later,
            None => news,
        };
    }

    /// Waits for the requests that are under way, and brings each answer as it
    /// comes. What is still open then is unknown.
    async fn finish(mut self) {
        let until = Instant::now() + LAST_REQUESTS;
        let last = until + LAST_NEWS;
        while let Ok(Some(request)) = timeout_at(until, self.requests.join_next()).await {
            self.answered(request);
            if timeout_at(last, self.bring()).await.is_err() {
                return;
            }
        }
        while !self.news.is_empty() && Instant::now() < last {
            sleep_until(last.min(Instant::now() + AGAIN)).await;
            if timeout_at(last, self.bring()).await.is_err() {
                return;
            }
        }
    }
}

/// Returns the pause after a round that left so many texts behind. The next
/// round reads all of them again, which must not keep the database busy.
fn pause(behind: u32) -> Duration {
    (EVERY * (1 + behind / AT_ONCE)).min(AT_MOST)
}
