//! What the database knows of the time: its own clock, the last message, and
//! when old messages were deleted last. What follows from it is the caller's matter.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::Database;
use super::sql::Statement;
use super::time::{parse_time, time_text};
use super::{Store, StoreError, on_either};

/// Under which name the last time is kept.
const RETENTION_KEPT_AT: &str = "retention_kept_at";

/// What the database knows of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The server's clock; a file has none of its own.
    pub clock: Option<Timestamp>,
    /// When the last message was received.
    pub last_message: Option<Timestamp>,
    /// The id of that.
    pub last_id: i64,
    /// When old messages were deleted last.
    pub retention_kept: Option<Timestamp>,
}

impl Store {
    /// What it knows; of messages only those up to this id count.
    pub async fn times(&self, up_to: i64) -> Result<Times, StoreError> {
        let text = AssertSqlSafe(Statement::LastMessage.text(self.dialect(), 1));
        let last: Option<(i64, String)> = on_either!(Database, &self.database, source => {
            sqlx::query_as(text).bind(up_to).fetch_optional(&source.readers).await?
        });
        let clock: Option<String> = match &self.database {
            Database::Sqlite(_) => None,
            Database::MySql(source) => {
                let clock = "SELECT CAST(UTC_TIMESTAMP(3) AS CHAR)";
                Some(sqlx::query_scalar(clock).fetch_one(&source.readers).await?)
            }
        };
        // What somebody wrote there by hand must not hold anything up.
        let kept = self.existing_key(RETENTION_KEPT_AT).await?;
        Ok(Times {
            clock: clock.as_deref().map(parse_time).transpose()?,
            last_message: last.as_ref().map(|(_, at)| parse_time(at)).transpose()?,
            last_id: last.map_or(0, |(id, _)| id),
            retention_kept: kept.and_then(|kept| parse_time(&kept).ok()),
        })
    }

    /// Keeps when old messages were deleted last.
    pub async fn keep_retention_time(&self, at: Timestamp) -> Result<(), StoreError> {
        self.set_key(RETENTION_KEPT_AT, time_text(at)).await
    }
}
