//! Deletes old messages, in the background or for `ringback prune`.
//!
//! What is old is the setting's matter, how it is deleted the store's; here is
//! the pace: a rest after each bite, and a round every few minutes. It never
//! stops the service, and several processes may do it at once.

use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::config::Retention;
use crate::store::{Store, StoreError};
use crate::telemetry;

/// How long after a round the next one begins.
const EVERY: Duration = Duration::from_mins(10);

/// After a bite comes a rest, so many times as long: messages that come in
/// have the database for most of the time.
const REST: u32 = 4;

/// Keeps to the retention until `stopping`. Wherever that breaks it off,
/// nothing is half done: each bite is one statement.
pub(super) async fn keep(store: Store, retention: Retention, stopping: CancellationToken) {
    let round = || prune(&store, retention.before(Timestamp::now()));
    stopping.run_until_cancelled(repeat(EVERY, round)).await;
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

/// Does a round, and another one `every` so often. A failure is told once,
/// however many rounds it lasts.
async fn repeat<R>(every: Duration, mut round: impl FnMut() -> R) -> Infallible
where
    R: Future<Output = Result<u64, StoreError>>,
{
    let mut is_failing = false;
    loop {
        match round().await {
            Ok(deleted) => {
                if deleted > 0 {
                    tracing::info!(deleted, "messages older than the retention were deleted");
                } else if is_failing {
                    tracing::info!("old messages can be deleted again");
                }
                is_failing = false;
            }
            Err(error) if is_failing => tracing::debug!(%error, "old messages are still kept"),
            Err(error) => {
                tracing::warn!(%error, "old messages could not be deleted; this is tried again");
                is_failing = true;
            }
        }
        sleep(every).await;
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

    #[tokio::test]
    async fn a_failure_is_told_once_and_ends_with_a_round_that_passes() {
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
        let mut rounds =
            vec![Ok(3), failure(), failure(), failure(), Ok(0), Ok(0), failure(), Ok(5)]
                .into_iter();
        let (done, until_done) = tokio::sync::oneshot::channel::<()>();
        let mut done = Some(done);
        let repeated = repeat(Duration::ZERO, || {
            let round = rounds.next();
            if round.is_none() {
                drop(done.take());
            }
            async { round.unwrap_or(Ok(0)) }
        });
        tokio::select! {
            never = repeated => match never {},
            _ = until_done => {}
        }
        let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        insta::assert_snapshot!(told, @r"
        INFO messages older than the retention were deleted deleted=3
        WARN old messages could not be deleted; this is tried again error=the database is not available: gone
        INFO old messages can be deleted again
        WARN old messages could not be deleted; this is tried again error=the database is not available: gone
        INFO messages older than the retention were deleted deleted=5
        ");
    }
}
