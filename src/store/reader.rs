//! A connection of the pool for one read.
//!
//! A read that is given up leaves its connection waiting for an answer. In the
//! pool it would take up a place until the answer comes, which may be never, so
//! such a connection is dropped instead.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use tokio::time::timeout;

/// How long a connection may take to show that it can be read from again.
const USABLE_WITHIN: Duration = Duration::from_secs(1);

/// A connection that is read from. It goes back to the pool after [`done`](Self::done)
/// only.
pub(super) struct Reader<D: Database>(Option<PoolConnection<D>>);

impl<D: Database> Reader<D> {
    /// Takes a connection from the pool.
    pub(super) async fn of(pool: &Pool<D>) -> Result<Self, sqlx::Error> {
        Ok(Self(Some(pool.acquire().await?)))
    }

    /// Returns the connection.
    pub(super) fn connection(&mut self) -> Result<&mut D::Connection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::WorkerCrashed)
    }

    /// Gives the connection back. The pool then pings it, without a limit. It is
    /// therefore pinged here first, within a limit.
    #[expect(
        clippy::disallowed_methods,
        reason = "if the task is cut off at the end, only a connection is lost"
    )]
    pub(super) fn done(mut self) {
        let Some(mut connection) = self.0.take() else { return };
        tokio::spawn(async move {
            if !matches!(timeout(USABLE_WITHIN, connection.ping()).await, Ok(Ok(()))) {
                drop(connection.detach());
            }
        });
    }
}

impl<D: Database> Drop for Reader<D> {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}
