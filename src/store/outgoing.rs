//! Reads the outbox. Texts are written with the changes of a batch.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use sqlx::AssertSqlSafe;

use super::ascii::Ascii;
use super::connect::{Connected, Database};
use super::ladder::{MAX_BATCH, padded, padding};
use super::reading::read;
use super::sql::Statement;
use super::time::{parse_time, time_text};
use super::{Store, StoreError, Writer, on_either};
use crate::conversation::TextKind;
use crate::message::{Channel, Reply, Route, Sender};
use crate::outbox::state::State;
use crate::outbox::text::Text;

/// How long a report is waited for before a text counts as over.
const REPORTED_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// A row of `outgoing` as it is read.
#[derive(sqlx::FromRow)]
struct TextRow {
    id: i64,
    phone_number: String,
    channel: String,
    from_address: String,
    to_address: String,
    service: Option<String>,
    body: String,
    media: Option<String>,
    kind: String,
    turns: i64,
    asked_at: Option<String>,
    state: String,
    reason: Option<String>,
    code: Option<i64>,
    sid: Option<String>,
    tries: i64,
    again_of: Option<i64>,
    created_at: String,
    good_until: String,
    not_before: String,
    slot_at: Option<String>,
    due_at: Option<String>,
    claimed_at: Option<String>,
    accepted_at: Option<String>,
    changed_at: String,
}

/// How many texts are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The state.
    pub state: State,
    /// The number of texts.
    pub texts: i64,
    /// When the oldest was said.
    pub oldest: Timestamp,
}

impl TextRow {
    fn into_text(self) -> Result<Text, StoreError> {
        let odd = |what: &str| StoreError::Unexpected(format!("`outgoing.{what}` cannot be read"));
        let time = |text: Option<String>| text.as_deref().map(parse_time).transpose();
        let media = self.media.as_deref().map(serde_json::from_str).transpose();
        let kind = TextKind::ALL.into_iter().find(|kind| kind.as_str() == self.kind);
        Ok(Text {
            id: Some(self.id),
            sender: Sender::from_key(self.phone_number),
            route: Route {
                channel: self.channel.parse().unwrap_or(Channel::Other),
                us: self.from_address,
                them: self.to_address,
                service: self.service,
            },
            reply: Reply {
                text: self.body,
                media: media.map_err(|_| odd("media"))?.unwrap_or_default(),
            },
            kind: kind.unwrap_or(TextKind::Statement),
            turns: self.turns,
            asked_at: time(self.asked_at)?,
            state: self.state.parse().map_err(|()| odd("state"))?,
            reason: self.reason,
            code: self.code.and_then(|code| u32::try_from(code).ok()),
            sid: self.sid,
            tries: u32::try_from(self.tries).unwrap_or(u32::MAX),
            again_of: self.again_of,
            created_at: parse_time(&self.created_at)?,
            good_until: parse_time(&self.good_until)?,
            not_before: parse_time(&self.not_before)?,
            slot_at: time(self.slot_at)?,
            due_at: time(self.due_at)?,
            claimed_at: time(self.claimed_at)?,
            accepted_at: time(self.accepted_at)?,
            changed_at: parse_time(&self.changed_at)?,
        })
    }
}

impl Writer {
    /// Returns the texts of these senders that are not over, oldest first, and
    /// locks their rows. One whose report did not come for an hour is over.
    pub async fn open_texts(
        &mut self,
        senders: &[Sender],
        now: Timestamp,
    ) -> Result<HashMap<Sender, Vec<Text>>, StoreError> {
        let since = time_text(now.saturating_sub(REPORTED_WITHIN).unwrap_or(Timestamp::MIN));
        let mut texts: HashMap<Sender, Vec<Text>> = HashMap::new();
        for piece in senders.chunks(MAX_BATCH) {
            let rows = padded(piece.len());
            let text = self.text(Statement::OpenTexts, rows);
            let rows: Vec<TextRow> = on_either!(Connected, &mut self.connection, connection => {
                let query = padding(piece, rows)
                    .fold(sqlx::query_as(text), |query, key| query.bind(Ascii(key.as_str())));
                query.bind(Ascii(since.as_str())).fetch_all(connection).await?
            });
            for row in rows {
                let text = row.into_text()?;
                texts.entry(text.sender.clone()).or_default().push(text);
            }
        }
        for texts in texts.values_mut() {
            texts.sort_unstable_by_key(|text| text.id);
        }
        Ok(texts)
    }

    /// Returns these texts, and locks their rows.
    pub async fn texts(&mut self, ids: &[i64]) -> Result<Vec<Text>, StoreError> {
        let rows: Vec<TextRow> = self.fetch_by_keys(Statement::TextsById, ids, |id| *id).await?;
        rows.into_iter().map(TextRow::into_text).collect()
    }

    /// Returns whose these texts are, before anything is locked.
    pub async fn text_senders(&mut self, ids: &[i64]) -> Result<HashMap<i64, Sender>, StoreError> {
        let rows: Vec<(i64, String)> =
            self.fetch_by_keys(Statement::TextSenders, ids, |id| *id).await?;
        Ok(rows.into_iter().map(|(id, key)| (id, Sender::from_key(key))).collect())
    }

    /// Returns when these addresses of ours may send, and locks their rows.
    pub async fn paces(
        &mut self,
        addresses: &[String],
    ) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let rows: Vec<(String, String)> = self
            .fetch_by_keys(Statement::Paces, addresses, |address| Ascii(address.as_str()))
            .await?;
        rows.into_iter().map(|(address, at)| Ok((address, parse_time(&at)?))).collect()
    }
}

impl Store {
    /// Returns senders of whom a text has to be looked at by this time, with the
    /// time, in its order: those after the first `skip`, at most `limit`. One
    /// sender may be there several times.
    pub async fn due_texts(
        &self,
        by: Timestamp,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<(Sender, Timestamp)>, StoreError> {
        let text = Statement::DueTexts.text(self.dialect(), 1);
        let rows: Vec<(String, String)> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(time_text(by))
                .bind(limit)
                .bind(skip)
                .fetch_all(&mut *reader)
                .await?
        });
        rows.into_iter().map(|(key, at)| Ok((Sender::from_key(key), parse_time(&at)?))).collect()
    }

    /// Returns the texts of a sender, oldest first.
    pub async fn texts_of(&self, sender: &Sender) -> Result<Vec<Text>, StoreError> {
        let text = Statement::TextsOf.text(self.dialect(), 1);
        let rows: Vec<TextRow> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(sender.as_str().to_owned())
                .fetch_all(&mut *reader)
                .await?
        });
        let texts = rows.into_iter().map(TextRow::into_text);
        let mut texts = texts.collect::<Result<Vec<_>, _>>()?;
        texts.sort_unstable_by_key(|text| text.id);
        Ok(texts)
    }

    /// Returns how many texts are in each state in which there are any.
    pub async fn count_texts(&self) -> Result<Vec<Count>, StoreError> {
        let mut counts = Vec::new();
        for state in State::ALL {
            let text = Statement::CountTexts.text(self.dialect(), 1);
            let (texts, oldest): (i64, Option<String>) = read!(self, reader => {
                sqlx::query_as(AssertSqlSafe(text.clone())).bind(state.as_str()).fetch_one(&mut *reader).await?
            });
            if let Some(oldest) = oldest {
                counts.push(Count { state, texts, oldest: parse_time(&oldest)? });
            }
        }
        Ok(counts)
    }

    /// Returns the numbers of texts that wait and were said before this time, the
    /// oldest first: those after the first `skip`, at most `limit`.
    pub async fn stale_texts(
        &self,
        before: Timestamp,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<i64>, StoreError> {
        let text = Statement::StaleTexts.text(self.dialect(), 1);
        let rows: Vec<(i64,)> = read!(self, reader => {
            sqlx::query_as(AssertSqlSafe(text.clone()))
                .bind(time_text(before))
                .bind(limit)
                .bind(skip)
                .fetch_all(&mut *reader)
                .await?
        });
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }
}
