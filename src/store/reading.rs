//! Reads that go on at another host if the present one fails.

use std::sync::Arc;

use super::connect::Database;
use super::hosts::Hosts;
use super::{Store, StoreError};

/// Runs the same read on either database; `$reader` is the connection. With several
/// hosts, one that fails or stops answering is left, and the read runs once
/// more on the host that is used then.
macro_rules! read {
    ($store:expr, $reader:ident => $body:expr) => {{
        let mut attempts = $store.attempts().await?;
        loop {
            let attempt = async {
                Ok::<_, $crate::store::StoreError>($crate::store::on_either!(
                    Database,
                    &$store.database,
                    source => {
                        let mut taken = $crate::store::reader::Reader::of(&source.readers()).await?;
                        let $reader = taken.connection()?;
                        let found = $body;
                        taken.done();
                        found
                    }
                ))
            };
            // Boxed, because the futures of both databases would be part of every caller.
            if let Some(result) = attempts.result_of(Box::pin(attempt)).await {
                break result?;
            }
        }
    }};
}
pub(super) use read;

/// The attempts of one read.
pub(super) struct Attempts {
    /// The hosts, if there is a choice.
    hosts: Option<Arc<Hosts>>,
}

impl Store {
    /// Returns the attempts of a read.
    pub(super) async fn attempts(&self) -> Result<Attempts, StoreError> {
        let hosts = match &self.database {
            Database::MySql(hosts) if hosts.are_several() => Some(Arc::clone(hosts)),
            _ => None,
        };
        if let Some(hosts) = &hosts {
            hosts.choose_first().await?;
        }
        Ok(Attempts { hosts })
    }
}

impl Attempts {
    /// Returns the result of an attempt; `None` if it has to be made again.
    pub(super) async fn result_of<T>(
        &mut self,
        attempt: impl Future<Output = Result<T, StoreError>>,
    ) -> Option<Result<T, StoreError>> {
        let Some(hosts) = self.hosts.take() else { return Some(attempt.await) };
        let host = hosts.present();
        let result = tokio::select! {
            result = attempt => result,
            () = hosts.left(host) => Err(StoreError::late()),
        };
        match result {
            // The host may be there again, and only the connection was lost.
            Err(StoreError::Unavailable(_))
                if hosts.look_at(host).await || !hosts.is_avoided(host) =>
            {
                None
            }
            result => Some(result),
        }
    }
}
