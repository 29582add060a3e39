//! Reads outside any batch: one person or many, one transcript.

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::{Connected, Database};
use super::person::{Person, SessionRow};
use super::reading::read;
use super::sql::Statement;
use super::time::{parse_time, time_text};
use super::transcript::Entry;
use super::{Store, StoreError, Writer, on_either};
use crate::message::{Channel, Media, Sender};

/// The most turns that one call returns.
const MAX_TURNS: u32 = 500;

/// The most people that one call returns.
const MAX_PEOPLE: u32 = 1_000;

#[derive(sqlx::FromRow)]
struct EntryRow {
    message_id: String,
    turn: i64,
    channel: String,
    body: String,
    media: Option<String>,
    parameters: Option<String>,
    received_at: String,
    state_before: String,
    state_after: String,
    reply: Vec<u8>,
}

impl Store {
    /// Checks that the database answers, is migrated, and is still where it was opened.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.is_in_place()?;
        // These keys do not exist; the statements name every column that a
        // migration added last.
        let texts = [
            Statement::ReadSession,
            Statement::SignatureOwners,
            Statement::SenderKeys,
            Statement::TextsOf,
            Statement::FindCallbacks,
        ]
        .map(|statement| statement.text(self.dialect(), 1));
        // On one connection: a distant server is asked no more often than necessary.
        read!(self, reader => {
            for text in &texts {
                sqlx::query(AssertSqlSafe(text.clone()))
                    .bind("")
                    .fetch_optional(&mut *reader)
                    .await?;
            }
        });
        Ok(())
    }

    /// Returns one person, in the state of the last commit; `None` if the sender is unknown.
    pub async fn person(&self, sender: &Sender) -> Result<Option<Person>, StoreError> {
        let text = Statement::ReadSession.text(self.dialect(), 1);
        let row: Option<SessionRow> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(sender.as_str().to_owned())
                .fetch_optional(&mut *reader)
                .await?
        });
        row.map(SessionRow::into_person).transpose()
    }

    /// Returns the people after one, in the order of their keys, at most
    /// `limit` and never more than 1,000; the first ones if `after` is `None`.
    /// A row that cannot be read does not affect the others.
    pub async fn people_after(
        &self,
        after: Option<&Sender>,
        limit: u32,
    ) -> Result<Vec<(Sender, Result<Person, StoreError>)>, StoreError> {
        let text = Statement::ReadSessions.text(self.dialect(), 1);
        let rows: Vec<SessionRow> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(after.map_or("", Sender::as_str).to_owned())
                .bind(limit.min(MAX_PEOPLE))
                .fetch_all(&mut *reader)
                .await?
        });
        let person = |mut row: SessionRow| {
            let sender = Sender::from_key(std::mem::take(&mut row.phone_number));
            (sender, row.into_person())
        };
        Ok(rows.into_iter().map(person).collect())
    }

    /// Returns senders in whose sessions silence is over by this time, in the
    /// order of that time: those after the first `skip`, at most `limit` and
    /// never more than 1,000.
    pub async fn due(
        &self,
        by: Timestamp,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Sender>, StoreError> {
        let text = Statement::DueSessions.text(self.dialect(), 1);
        let keys: Vec<(String,)> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(time_text(by))
                .bind(limit.min(MAX_PEOPLE))
                .bind(skip)
                .fetch_all(&mut *reader)
                .await?
        });
        Ok(keys.into_iter().map(|(key,)| Sender::from_key(key)).collect())
    }

    /// Returns the turns after `turn`, oldest first, at most `limit` and never more than 500.
    pub async fn turns_after(
        &self,
        sender: &Sender,
        turn: i64,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        self.entries(Statement::EntriesForward, sender, turn, limit).await
    }

    /// Returns the last `limit` turns (never more than 500), oldest first.
    pub async fn last_turns(&self, sender: &Sender, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.entries(Statement::EntriesBackward, sender, 0, limit).await?;
        entries.reverse();
        Ok(entries)
    }

    async fn entries(
        &self,
        statement: Statement,
        sender: &Sender,
        turn: i64,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let text = statement.text(self.dialect(), 1);
        let rows: Vec<EntryRow> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(sender.as_str().to_owned())
                .bind(turn)
                .bind(limit.min(MAX_TURNS))
                .fetch_all(&mut *reader)
                .await?
        });
        rows.into_iter().map(EntryRow::into_entry).collect()
    }
}

impl Writer {
    /// Returns the last `limit` turns of a sender of the batch, newest first.
    pub async fn last_turns(
        &mut self,
        sender: &Sender,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let text = self.text(Statement::EntriesBackward, 1);
        let rows: Vec<EntryRow> = on_either!(Connected, &mut self.connection, connection => {
            sqlx::query_as(text)
                .bind(sender.as_str())
                .bind(0)
                .bind(limit.min(MAX_TURNS))
                .fetch_all(connection)
                .await?
        });
        rows.into_iter().map(EntryRow::into_entry).collect()
    }
}

impl EntryRow {
    fn into_entry(self) -> Result<Entry, StoreError> {
        Ok(Entry {
            turn: self.turn,
            message_id: self.message_id,
            channel: self.channel.parse().unwrap_or(Channel::Other),
            body: self.body,
            media: self.media.as_deref().map(parse_media).transpose()?.unwrap_or_default(),
            parameters: self.parameters,
            received_at: parse_time(&self.received_at)?,
            state_before: self.state_before,
            state_after: self.state_after,
            reply: self.reply,
        })
    }
}

fn parse_media(text: &str) -> Result<Vec<Media>, StoreError> {
    #[derive(serde::Deserialize)]
    struct Item {
        url: String,
        content_type: String,
    }
    let items: Vec<Item> = serde_json::from_str(text)
        .map_err(|_| StoreError::Unexpected("`messages.media` is not a JSON list".to_owned()))?;
    Ok(items
        .into_iter()
        .map(|item| Media { url: item.url, content_type: item.content_type })
        .collect())
}
