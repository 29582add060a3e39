//! The times that the database knows: its own clock, the last message, and the last deletion of old
//! messages. The caller draws the conclusions.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::Database;
use super::reader::Reader;
use super::reading::read;
use super::sql::Statement;
use super::time::{parse_time, time_text};
use super::{Store, StoreError};

/// The name under which the last time is kept.
const RETENTION_KEPT_AT: &str = "retention_kept_at";

/// Asks a server for its time.
pub(super) const SERVER_CLOCK: &str = "SELECT CAST(UTC_TIMESTAMP(3) AS CHAR)";

/// The times that the database knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The server's clock; a file has no clock of its own.
    pub clock: Option<Timestamp>,
    /// The time at which the last message was received.
    pub last_message: Option<Timestamp>,
    /// The id of that message.
    pub last_id: i64,
    /// The time at which old messages were deleted last.
    pub retention_kept: Option<Timestamp>,
}

impl Store {
    /// Returns the times; only messages up to this id count.
    pub async fn times(&self, up_to: i64) -> Result<Times, StoreError> {
        let text = Statement::LastMessage.text(self.dialect(), 1);
        let last: Option<(i64, String)> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone())).bind(up_to).fetch_optional(&mut *reader).await?
        });
        let clock: Option<String> = match &self.database {
            Database::Sqlite(_) => None,
            Database::MySql(source) => {
                let mut reader = Reader::of(&source.readers()).await?;
                let clock =
                    sqlx::query_scalar(SERVER_CLOCK).fetch_one(reader.connection()?).await?;
                reader.done();
                Some(clock)
            }
        };
        // A value that somebody wrote there by hand must not block anything.
        let kept = self.existing_key(RETENTION_KEPT_AT).await?;
        Ok(Times {
            clock: clock.as_deref().map(parse_time).transpose()?,
            last_message: last.as_ref().map(|(_, at)| parse_time(at)).transpose()?,
            last_id: last.map_or(0, |(id, _)| id),
            retention_kept: kept.and_then(|kept| parse_time(&kept).ok()),
        })
    }

    /// Keeps the time at which old messages were deleted last.
    pub async fn keep_retention_time(&self, at: Timestamp) -> Result<(), StoreError> {
        self.set_key(RETENTION_KEPT_AT, time_text(at)).await
    }
}
