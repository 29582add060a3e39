//! Deletes old messages, in the background or for `ringback prune`.
//!
//! What is old is the setting's matter, whether the clock can be believed that
//! of `belief`, how messages are deleted the store's; here is the pace: a rest
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

/// How long after a round the next one begins.
const EVERY: Duration = Duration::from_mins(10);

/// After a bite comes a rest, so many times as long: messages that come in
/// have the database for most of the time.
const REST: u32 = 4;

/// Looks at this machine's clocks.
pub type Clocks = Box<dyn Fn() -> Look + Send>;

/// The clocks as they are.
pub(super) fn clocks() -> Clocks {
    let began = Instant::now();
    Box::new(move || Look { time: Timestamp::now(), running: began.elapsed() })
}

/// What came of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// So many messages were deleted.
    Deleted(u64),
    /// None was: the clock is not believed.
    Doubts(Doubt),
}

/// Keeps to the retention.
pub struct Keeper {
    store: Store,
    retention: Retention,
    clocks: Clocks,
    belief: Belief,
    /// The last message that may speak for the clock: one that comes while the
    /// clock is doubted is dated by it.
    last_id: i64,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("belief", &self.belief).finish_non_exhaustive()
    }
}

impl Keeper {
    /// To be called before the first message is taken.
    pub async fn begin(
        store: Store,
        retention: Retention,
        clocks: Clocks,
    ) -> Result<Self, StoreError> {
        let last_id = store.times(i64::MAX).await?.last_id;
        let belief = Belief::since(clocks());
        Ok(Self { store, retention, clocks, belief, last_id })
    }

    /// Deletes what is old, if the clock can be believed.
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

    /// Does so until `stopping`. Wherever that breaks it off, nothing is half
    /// done: each bite is one statement.
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

/// Where nothing speaks for the clock but the newest message, the next start
/// must not take one for that which came meanwhile.
async fn remember_newest(store: &Store, times: &Times) -> Result<(), StoreError> {
    match (times.retention_kept, times.last_message) {
        (None, Some(newest)) => store.keep_retention_time(newest).await,
        _ => Ok(()),
    }
}

/// Why nothing is deleted by hand.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    /// What speaks against it.
    pub doubt: Doubt,
    /// What the database server's clock says, if it has one.
    pub server_clock: Option<Timestamp>,
}

/// Deletes by hand what is old: by this machine's clock, if that is not in
/// doubt or is to be trusted, and by the server's. How many messages, and from
/// before when.
pub async fn prune_by_hand(
    store: &Store,
    retention: Retention,
    ours: Timestamp,
    trusts_clock: bool,
) -> Result<Result<(u64, Timestamp), Refused>, StoreError> {
    let times = store.times(i64::MAX).await?;
    let now = belief::time(ours, &times);
    // Nobody does so every ten minutes.
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

/// Deletes the messages from before this time; how many that were.
pub async fn prune(store: &Store, before: Timestamp) -> Result<u64, StoreError> {
    prune_and_tell(store, before, |_| ()).await
}

/// The same, and tells how long each bite took.
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

/// What was logged of the rounds: a failure is logged once, however many rounds
/// it lasts, and so is a doubt.
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

    /// What is logged by this thread.
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
    fn a_failure_and_a_doubt_are_told_once_and_end_with_a_round_that_passes() {
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
