//! Deletes old messages, in the background or for `ringback prune`.
//!
//! The setting says what is old, `belief` whether the clock can be believed,
//! and the store how messages are deleted. This module sets the pace: a rest
//! after each bite, and a round every few minutes. It never stops the service,
//! and several processes may do it at once.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::belief::{self, Belief};
use crate::config::Retention;
use crate::store::{Store, StoreError, Times};
use crate::telemetry;

pub use super::belief::{Doubt, Look};

/// The time between a round and the next one.
const EVERY: Duration = Duration::from_mins(10);

/// The rest after a bite is this many times as long as the bite, so that
/// arriving messages have the database for most of the time.
const REST: u32 = 4;

/// Looks at this machine's clocks.
pub type Clocks = Box<dyn Fn() -> Look + Send>;

/// Returns the real clocks.
pub(super) fn clocks() -> Clocks {
    let began = Instant::now();
    Box::new(move || Look { time: Timestamp::now(), running: began.elapsed() })
}

/// The result of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// This many messages were deleted.
    Deleted(u64),
    /// No message was deleted: the clock is not believed.
    Doubts(Doubt),
}

/// Enforces the retention.
pub struct Keeper {
    store: Store,
    retention: Retention,
    clocks: Clocks,
    belief: Belief,
    /// The last message that may support the clock: a message that arrives
    /// while the clock is doubted is dated by it.
    last_id: i64,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("belief", &self.belief).finish_non_exhaustive()
    }
}

impl Keeper {
    /// Returns a keeper; call this before the first message is taken.
    pub async fn begin(
        store: Store,
        retention: Retention,
        clocks: Clocks,
    ) -> Result<Self, StoreError> {
        let last_id = store.times(i64::MAX).await?.last_id;
        let belief = Belief::since(clocks());
        Ok(Self { store, retention, clocks, belief, last_id })
    }

    /// Deletes old messages, if the clock can be believed.
    pub async fn round(&mut self) -> Result<Round, StoreError> {
        let times = self.store.times(self.last_id).await?;
        match self.belief.judge((self.clocks)(), &times, self.retention) {
            Ok(now) => {
                let deleted = prune(&self.store, self.retention.before(now)).await?;
                self.store.keep_retention_time(now).await?;
                self.last_id = self.store.times(i64::MAX).await?.last_id;
                Ok(Round::Deleted(deleted))
            }
            Err(doubt) => {
                remember_newest(&self.store, &times).await?;
                Ok(Round::Doubts(doubt))
            }
        }
    }

    /// Repeats this until `stopping`. It can be stopped at any point, since
    /// each bite is one statement.
    pub(super) async fn keep(mut self, stopping: CancellationToken) {
        stopping.run_until_cancelled(self.rounds()).await;
    }

    async fn rounds(&mut self) -> Infallible {
        let mut diary = Diary::default();
        loop {
            diary.log(self.round().await);
            sleep(EVERY).await;
        }
    }
}

/// If only the newest message supports the clock, the next start must not rely
/// on a message that arrived meanwhile.
async fn remember_newest(store: &Store, times: &Times) -> Result<(), StoreError> {
    match (times.retention_kept, times.last_message) {
        (None, Some(newest)) => store.keep_retention_time(newest).await,
        _ => Ok(()),
    }
}

/// Why nothing is deleted by hand.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// The doubt about the clock.
    pub doubt: Doubt,
    /// The time of the database server's clock, if it has one.
    pub server_clock: Option<Timestamp>,
}

/// Deletes old messages by hand: by this machine's clock, if it is not in doubt
/// or is to be trusted, and by the server's. Returns how many messages, and
/// before which time.
pub async fn prune_by_hand(
    store: &Store,
    retention: Retention,
    ours: Timestamp,
    trusts_clock: bool,
) -> Result<Result<(u64, Timestamp), Refused>, StoreError> {
    let times = store.times(i64::MAX).await?;
    let now = belief::time(ours, &times);
    // Nobody does this every ten minutes.
    let ahead = now.duration_since(retention.before(now)).max(SignedDuration::ZERO);
    if let Some(doubt) = belief::doubt(now, &times, retention, ahead).filter(|_| !trusts_clock) {
        remember_newest(store, &times).await?;
        return Ok(Err(Refused { doubt, server_clock: times.clock }));
    }
    let before = retention.before(now);
    let deleted = prune(store, before).await?;
    store.keep_retention_time(now).await?;
    Ok(Ok((deleted, before)))
}

/// Deletes the messages from before this time; returns how many there were.
pub async fn prune(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    prune_and_tell(store, before, |_| ()).await
}

/// Does the same, and reports how long each bite took.
pub async fn prune_and_tell(
    store: &Store,
    before: Timestamp,
    mut tell: impl FnMut(Duration),
) -> Result<u64, StoreError> {
    let mut pruner = store.pruner(before).await?;
    let mut deleted = 0;
    loop {
        let begun = Instant::now();
        let Some(bitten) = pruner.bite().await? else { break };
        telemetry::messages_pruned(bitten);
        deleted += bitten;
        let took = begun.elapsed();
        tell(took);
        sleep(REST * took).await;
    }
    pruner.close().await;
    Ok(deleted)
}

/// What was logged about the rounds: a failure is logged once, however many
/// rounds it lasts, and so is a doubt.
#[derive(Debug, Default)]
struct Diary {
    is_failing: bool,
    is_doubting: bool,
}

impl Diary {
    fn log(&mut self, round: Result<Round, StoreError>) {
        match round {
            Ok(Round::Deleted(deleted)) => {
                if self.is_doubting {
                    tracing::info!("the clock is no longer in doubt: old messages are deleted");
                }
                if deleted > 0 {
                    tracing::info!(deleted, "messages older than the retention were deleted");
                } else if self.is_failing {
                    tracing::info!("old messages can be deleted again");
                }
                (self.is_failing, self.is_doubting) = (false, false);
            }
            Ok(Round::Doubts(doubt)) => {
                if !self.is_doubting {
                    tracing::warn!(
                        %doubt,
                        "no message is deleted while the clock is in doubt: correct it if it is \
                         ahead; if it is right, they are deleted after 12 hours"
                    );
                }
                (self.is_failing, self.is_doubting) = (false, true);
            }
            Err(error) if self.is_failing => {
                tracing::debug!(%error, "old messages are still kept");
            }
            Err(error) => {
                tracing::warn!(%error, "old messages could not be deleted; this is tried again");
                self.is_failing = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// The lines that this thread logs.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_failure_and_a_doubt_are_logged_once_and_end_with_a_round_that_passes() {
        let log = Log::default();
        let lines = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || lines.clone())
            .with_ansi(false)
            .without_time()
            .with_target(false)
            .finish();
        let _logging = tracing::subscriber::set_default(subscriber);

        let failure = || Err(StoreError::Unavailable("gone".to_owned()));
        let deleted = |count| Ok(Round::Deleted(count));
        let doubts = || {
            let now = Timestamp::UNIX_EPOCH;
            let newest = now - SignedDuration::from_hours(24);
            Ok(Round::Doubts(Doubt::AllOld { now, newest }))
        };
        let mut diary = Diary::default();
        for round in [
            deleted(3),
            failure(),
            failure(),
            failure(),
            deleted(0),
            deleted(0),
            failure(),
            deleted(5),
            doubts(),
            doubts(),
            failure(),
            doubts(),
            deleted(0),
            doubts(),
            deleted(7),
        ] {
            diary.log(round);
        }
        let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        insta::assert_snapshot!(told, @r"
        INFO messages older than the retention were deleted deleted=3
        WARN old messages could not be deleted; this is tried again error=the database is not available: gone
        INFO old messages can be deleted again
        WARN old messages could not be deleted; this is tried again error=the database is not available: gone
        INFO messages older than the retention were deleted deleted=5
        WARN no message is deleted while the clock is in doubt: correct it if it is ahead; if it is right, they are deleted after 12 hours doubt=the clock says 1970-01-01 00:00:00 UTC, by which even the newest message is old, which was received at 1969-12-31 00:00:00 UTC
        WARN old messages could not be deleted; this is tried again error=the database is not available: gone
        INFO the clock is no longer in doubt: old messages are deleted
        WARN no message is deleted while the clock is in doubt: correct it if it is ahead; if it is right, they are deleted after 12 hours doubt=the clock says 1970-01-01 00:00:00 UTC, by which even the newest message is old, which was received at 1969-12-31 00:00:00 UTC
        INFO the clock is no longer in doubt: old messages are deleted
        INFO messages older than the retention were deleted deleted=7
        ");
    }
}
