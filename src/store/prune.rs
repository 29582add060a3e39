//! Deletes old messages in small bites, while other processes work.
//!
//! Only `messages` grows with every message, and `signatures`, `outgoing` and `callbacks` with some
//! of them. Sessions, opt-outs
//! and ended conversations are never deleted here. A bite walks up the primary key and reads a
//! bounded number of rows, however large the table is: times have no index, but ids follow them.
//! The caller decides how often and how fast this happens.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::time::timeout;

use super::callbacks::REMEMBERED_FOR;
use super::connect::Connected;
use super::sql::Statement;
use super::time::time_text;
use super::{Store, StoreError, on_either};

/// The most rows that one bite reads, and so the most that it deletes. A bite
/// holds their locks, or `SQLite`'s single one, for some milliseconds.
const BITE: u32 = 500;

/// How long one bite may take; after that the database counts as away.
const BITE_WITHIN: Duration = Duration::from_secs(10);

/// How often a bite is retried if another transaction is in the way.
const RETRIES: u32 = 4;

/// How much longer a signature is kept than a message. It is claimed a moment
/// before its message is taken, and must not be forgotten earlier.
const SIGNATURES_LONGER: SignedDuration = SignedDuration::from_hours(1);

/// Deletes messages that are older than a time, and then signatures. It has a
/// connection of its own; drop it after an error.
#[derive(Debug)]
pub struct Pruner {
    connection: Connected,
    /// The tables, the next one last.
    passes: Vec<Pass>,
    /// The callbacks, until none is old.
    callbacks: Option<Callbacks>,
}

/// The pass through one table.
#[derive(Debug)]
struct Pass {
    look: Arc<str>,
    delete: Arc<str>,
    before: String,
    /// The last row that was read.
    after: i64,
    /// Whether it deletes messages.
    is_of_messages: bool,
}

/// The pass through the callbacks, which have no ids that follow from times.
#[derive(Debug)]
struct Callbacks {
    look: Arc<str>,
    delete: Arc<str>,
    before: String,
}

impl Store {
    /// Begins to delete the messages that were received before this time, and
    /// callbacks that were over a day before it.
    pub async fn pruner(&self, before: Timestamp) -> Result<Pruner, StoreError> {
        let connection = within(Box::pin(async {
            let mut connection = self.connect().await?;
            if let Connected::MySql(connection) = &mut connection {
                // Each bite is a statement, and a transaction of its own.
                sqlx::raw_sql("SET SESSION autocommit = 1").execute(connection).await?;
            }
            Ok(connection)
        }));
        let text = |statement: Statement| statement.text(self.dialect(), 1).into();
        let messages = Pass {
            look: text(Statement::OldMessages),
            delete: text(Statement::DeleteMessages),
            before: time_text(before),
            after: 0,
            is_of_messages: true,
        };
        let signatures = Pass {
            look: text(Statement::OldSignatures),
            delete: text(Statement::DeleteSignatures),
            before: time_text(before.saturating_sub(SIGNATURES_LONGER).unwrap_or(Timestamp::MIN)),
            after: 0,
            is_of_messages: false,
        };
        let texts = Pass {
            look: text(Statement::OldTexts),
            delete: text(Statement::DeleteTexts),
            before: time_text(before),
            after: 0,
            is_of_messages: false,
        };
        let over = before.saturating_sub(REMEMBERED_FOR).unwrap_or(Timestamp::MIN);
        Ok(Pruner {
            connection: connection.await?,
            passes: vec![texts, signatures, messages],
            callbacks: Some(Callbacks {
                look: text(Statement::OldCallbacks),
                delete: text(Statement::DeleteCallbacks),
                before: time_text(over),
            }),
        })
    }
}

impl Pruner {
    /// Deletes the old ones among the next rows, and returns how many messages
    /// that were; `None` if nothing is old any more.
    ///
    /// The clocks of several processes agree only roughly, so a younger row may
    /// have a smaller id. Such a row among older ones is skipped, and ends
    /// nothing.
    pub async fn bite(&mut self) -> Result<Option<u64>, StoreError> {
        let mut tries = 0;
        loop {
            match within(Box::pin(self.once())).await {
                // Another process that prunes, or writes at the same place.
                Err(StoreError::Conflict(_) | StoreError::Locked(_)) if tries < RETRIES => {
                    tries += 1;
                }
                bitten => return bitten,
            }
        }
    }

    /// Closes the connection; it does no harm to omit this.
    pub async fn close(self) {
        let closed = on_either!(Connected, self.connection, connection => {
            timeout(BITE_WITHIN, connection.close()).await.map(drop)
        });
        drop(closed);
    }

    async fn once(&mut self) -> Result<Option<u64>, StoreError> {
        while let Some(pass) = self.passes.last_mut() {
            if let Some(deleted) = pass.bite(&mut self.connection).await? {
                return Ok(Some(if pass.is_of_messages { deleted } else { 0 }));
            }
            self.passes.pop();
        }
        if let Some(callbacks) = &self.callbacks {
            if let Some(deleted) = callbacks.bite(&mut self.connection).await? {
                return Ok(Some(deleted));
            }
            self.callbacks = None;
        }
        Ok(None)
    }
}

impl Pass {
    async fn bite(&mut self, connection: &mut Connected) -> Result<Option<u64>, StoreError> {
        // The texts are constants.
        let look = AssertSqlSafe(Arc::clone(&self.look));
        let delete = AssertSqlSafe(Arc::clone(&self.delete));
        on_either!(Connected, connection, connection => {
            let (last, old): (Option<i64>, Option<i64>) = sqlx::query_as(look)
                .bind(self.before.clone())
                .bind(self.after)
                .bind(BITE)
                .fetch_one(&mut *connection)
                .await?;
            let (Some(last), Some(old)) = (last, old) else { return Ok(None) };
            let deleted = sqlx::query(delete)
                .bind(self.after)
                .bind(old)
                .bind(self.before.clone())
                .execute(&mut *connection)
                .await?
                .rows_affected();
            self.after = last;
            Ok(Some(deleted))
        })
    }
}

impl Callbacks {
    async fn bite(&self, connection: &mut Connected) -> Result<Option<u64>, StoreError> {
        // The texts are constants.
        let look = AssertSqlSafe(Arc::clone(&self.look));
        let delete = AssertSqlSafe(Arc::clone(&self.delete));
        on_either!(Connected, connection, connection => {
            let (last,): (Option<String>,) = sqlx::query_as(look)
                .bind(self.before.clone())
                .bind(BITE)
                .fetch_one(&mut *connection)
                .await?;
            let Some(last) = last else { return Ok(None) };
            sqlx::query(delete).bind(last).execute(&mut *connection).await?;
            // They are no messages.
            Ok(Some(0))
        })
    }
}

async fn within<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(BITE_WITHIN, work).await.unwrap_or_else(|_| Err(StoreError::late()))
}
