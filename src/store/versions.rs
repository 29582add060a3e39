//! The versions of the flows that were served, in the order in which they
//! appeared. The bot decides what a newer version means for a person.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::time::timeout;

use super::connect::{Connected, Database};
use super::reading::read;
use super::sql::Statement;
use super::time::{parse_time, time_text};
use super::writer::Writer;
use super::{Store, StoreError, on_either};
use crate::conversation::{Source, Version};

/// How long storing a version may take; after that the database counts as away.
const KEPT_WITHIN: Duration = Duration::from_secs(10);

/// A version that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedVersion {
    /// Its place in the order of appearance.
    pub id: i64,
    /// Its [hash](Version::hash).
    pub hash: String,
    /// The time of its first appearance; `None` if the stored value cannot be read.
    pub first_served_at: Option<Timestamp>,
    /// Its files; `None` if the stored value cannot be read.
    pub sources: Option<Vec<Source>>,
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: i64,
    hash: String,
    sources: String,
    first_served_at: String,
}

/// A file as it is kept.
#[derive(Deserialize)]
struct File {
    name: String,
    text: String,
}

impl Store {
    /// Stores a version that is served from now on, and returns its place: a
    /// new one, unless it is the newest already. If two processes do this at
    /// once, it may appear twice, which has the same meaning as once.
    pub async fn serve_version(
        &self,
        version: &Version,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let keeping = async {
            loop {
                // On SQLite a busy writer leaves a second one little room.
                match self.keep_version(version, now).await {
                    Err(StoreError::Locked(_) | StoreError::Conflict(_)) => {}
                    kept => return kept,
                }
            }
        };
        timeout(KEPT_WITHIN, Box::pin(keeping)).await.unwrap_or_else(|_| Err(StoreError::late()))
    }

    async fn keep_version(&self, version: &Version, now: Timestamp) -> Result<i64, StoreError> {
        let mut connection = self.connect().await?;
        // The texts are constants.
        let text = |statement: Statement| AssertSqlSafe(statement.text(self.dialect(), 1));
        let newest: Option<(i64, String)> = on_either!(Connected, &mut connection, connection => {
            sqlx::query_as(text(Statement::NewestVersion)).fetch_optional(connection).await?
        });
        if let Some((id, _)) = newest.filter(|(_, hash)| *hash == version.hash) {
            return Ok(id);
        }
        on_either!(Connected, connection, connection => {
            let mut connection = connection;
            sqlx::query(text(Statement::InsertVersion))
                .bind(version.hash.clone())
                .bind(sources_text(&version.sources))
                .bind(time_text(now))
                .execute(&mut connection)
                .await?;
            let id = sqlx::query_scalar(text(Statement::VersionOfHash))
                .bind(version.hash.clone())
                .fetch_one(&mut connection)
                .await?;
            if self.dialect() == super::Dialect::MySql {
                sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
            }
            connection.close().await?;
            Ok(id)
        })
    }

    /// Returns the version in this place, if it is stored.
    pub async fn version(&self, id: i64) -> Result<Option<ServedVersion>, StoreError> {
        let text = Statement::ReadVersion.text(self.dialect(), 1);
        let row: Option<VersionRow> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone())).bind(id).fetch_optional(&mut *reader).await?
        });
        Ok(row.map(VersionRow::into_version))
    }
}

impl Writer {
    /// Returns the version in this place, if it is stored.
    pub async fn version(&mut self, id: i64) -> Result<Option<ServedVersion>, StoreError> {
        let text = self.text(Statement::ReadVersion, 1);
        let row: Option<VersionRow> = on_either!(Connected, &mut self.connection, connection => {
            sqlx::query_as(text).bind(id).fetch_optional(connection).await?
        });
        Ok(row.map(VersionRow::into_version))
    }

    /// Returns the newest place of a version.
    pub async fn place_of_version(&mut self, hash: &str) -> Result<Option<i64>, StoreError> {
        let text = self.text(Statement::VersionOfHash, 1);
        Ok(on_either!(Connected, &mut self.connection, connection => {
            sqlx::query_scalar(text).bind(hash).fetch_optional(connection).await?
        }))
    }
}

impl VersionRow {
    /// Returns the version; a value that was made unreadable by hand must not block anybody.
    fn into_version(self) -> ServedVersion {
        ServedVersion {
            id: self.id,
            hash: self.hash,
            first_served_at: parse_time(&self.first_served_at).ok(),
            sources: parse_sources(&self.sources),
        }
    }
}

fn sources_text(sources: &[Source]) -> String {
    let file = |source: &Source| json!({ "name": source.name, "text": source.text });
    Json::Array(sources.iter().map(file).collect()).to_string()
}

fn parse_sources(text: &str) -> Option<Vec<Source>> {
    let files: Vec<File> = serde_json::from_str(text).ok()?;
    Some(files.into_iter().map(|File { name, text }| Source { name, text }).collect())
}
