//! An outage of the database, which is logged once even if it comes and goes.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::store::StoreError;

/// How long nothing may fail before an outage counts as over. An outage that
/// comes and goes, as with a disk that is nearly full, is one outage.
const ENDS_AFTER: Duration = Duration::from_secs(3);

/// What the log knows about the database.
#[derive(Debug, Default)]
pub(super) struct Outages {
    current: Option<Outage>,
}

/// Batches that found no database, until none failed for a while.
#[derive(Debug)]
struct Outage {
    last_failure: Instant,
    /// Whether a batch was served since.
    seems_over: bool,
}

impl Outages {
    /// Records that a batch found no database.
    pub(super) fn failed(&mut self, error: &StoreError, now: Instant) {
        let outage = Outage { last_failure: now, seems_over: false };
        if self.current.replace(outage).is_none() {
            tracing::error!(%error, "messages are refused until the database is back");
        }
    }

    /// Records that a batch was served.
    pub(super) fn served(&mut self) {
        if let Some(outage) = &mut self.current {
            outage.seems_over = true;
            if outage.last_failure.elapsed() >= ENDS_AFTER {
                self.end();
            }
        }
    }

    /// Returns whether the last batch found no database.
    pub(super) fn is_on(&self) -> bool {
        self.current.as_ref().is_some_and(|outage| !outage.seems_over)
    }

    /// Waits for the end of an outage if nobody writes any more; waits forever
    /// if no outage seems to be over. May be dropped at any time.
    pub(super) async fn ended(&mut self) {
        match &self.current {
            Some(outage) if outage.seems_over => {
                sleep_until(outage.last_failure + ENDS_AFTER).await;
                self.end();
            }
            _ => pending().await,
        }
    }

    fn end(&mut self) {
        self.current = None;
        tracing::info!("the database is available again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_outage_that_comes_and_goes_is_one() {
        let mut outages = Outages::default();
        for _ in 0..20 {
            outages.failed(&StoreError::late(), Instant::now());
            assert!(outages.is_on());
            outages.served();
            assert!(outages.current.is_some() && !outages.is_on());
        }
        outages.failed(&StoreError::late(), Instant::now() - ENDS_AFTER);
        outages.served();
        assert!(outages.current.is_none());
    }

    #[tokio::test]
    async fn an_outage_ends_even_if_nobody_writes() {
        let mut outages = Outages::default();
        let lately = Instant::now() - ENDS_AFTER + Duration::from_millis(20);
        outages.failed(&StoreError::late(), lately);
        outages.served();
        tokio::time::timeout(ENDS_AFTER, outages.ended()).await.unwrap();
        assert!(outages.current.is_none());
    }
}
