//! The one connection of a process that writes: load a batch's people, save
//! what their messages made of them, commit.
//!
//! A batch is one transaction. Whoever holds a [`Writer`] runs one batch at a
//! time, and drops it after an error that leaves the connection in doubt.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::connect::Connected;
use super::error::is_duplicate;
use super::person::{Person, SessionRow};
use super::sql::{self, Dialect, MAX_BATCH};
use super::{Store, StoreError, on_either};
use crate::conversation::Ended;
use crate::message::{Channel, Message, Sender};

/// A connection that writes.
#[derive(Debug)]
pub struct Writer {
    pub(super) connection: Connected,
    pub(super) dialect: Dialect,
    texts: HashMap<(Statement, usize), Arc<str>>,
    looks_first: bool,
}

/// The people of a batch, their rows locked until it is saved or rolled back.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Whoever was asked for and is free; someone new is empty.
    pub people: HashMap<Sender, Person>,
    /// Whoever is locked by another transaction at this moment.
    pub locked: HashSet<Sender>,
}

/// One message that was taken, with all that is kept of it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The message.
    pub message: Arc<Message>,
    /// The sender's own counter.
    pub turn: i64,
    /// When it was taken.
    pub received_at: Timestamp,
    /// The state before it.
    pub state_before: String,
    /// The state after it.
    pub state_after: String,
    /// The `TwiML` that answers it.
    pub reply: Vec<u8>,
}

/// What a batch changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// The messages, in the order in which they were taken.
    pub messages: Vec<Recorded>,
    /// The people, each once, as they are now.
    pub people: Vec<(Sender, Person)>,
    /// The conversations that ended, and on which channel.
    pub ended: Vec<(Sender, Channel, Ended)>,
    /// When the batch was run.
    pub now: Timestamp,
}

/// What came of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Committed.
    Done,
    /// Nothing was saved, since one of the messages was taken before.
    Duplicate,
}

/// The statements that a writer runs with a varying number of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Statement {
    LoadSessions,
    VisibleSessions,
    ClaimNewSessions,
    InsertEmptySessions,
    SaveSessions,
    InsertMessages,
    InsertConversations,
    RecordedReplies,
    LastTurns,
}

impl Store {
    /// Connects a writer.
    pub async fn writer(&self) -> Result<Writer, StoreError> {
        Ok(Writer {
            connection: self.connect().await?,
            dialect: self.dialect(),
            texts: HashMap::new(),
            looks_first: false,
        })
    }
}

impl Writer {
    /// The text of a statement for this many rows, which must be a step of the ladder.
    pub(super) fn text(&mut self, statement: Statement, rows: usize) -> AssertSqlSafe<Arc<str>> {
        let dialect = self.dialect;
        let text = self.texts.entry((statement, rows)).or_insert_with(|| {
            match statement {
                Statement::LoadSessions => sql::load_sessions(dialect, rows),
                Statement::VisibleSessions => sql::visible_sessions(rows),
                Statement::ClaimNewSessions => sql::claim_new_sessions(rows),
                Statement::InsertEmptySessions => sql::insert_empty_sessions(rows),
                Statement::SaveSessions => sql::save_sessions(dialect, rows),
                Statement::InsertMessages => sql::insert_messages(rows),
                Statement::InsertConversations => sql::insert_conversations(rows),
                Statement::RecordedReplies => sql::recorded_replies(rows),
                Statement::LastTurns => sql::last_turns(rows),
            }
            .into()
        });
        // The texts are built in `sql`, of constants and placeholders only.
        AssertSqlSafe(Arc::clone(text))
    }

    /// Whether [`load`](Self::load) looks first if somebody new is just being
    /// inserted by a stranger. Such a row cannot be passed over: without
    /// looking, the whole batch waits for it. Looking costs a round trip.
    pub fn look_first(&mut self, looks_first: bool) {
        self.looks_first = looks_first;
    }

    /// Begins a batch: loads its people and locks their rows, in key order.
    pub async fn load(&mut self, senders: &BTreeSet<Sender>) -> Result<Loaded, StoreError> {
        self.begin().await?;
        let mut loaded = Loaded::default();
        self.load_rows(&senders.iter().collect::<Vec<_>>(), &mut loaded).await?;
        let absent = absent(senders, &loaded);
        if absent.is_empty() {
            return Ok(loaded);
        }
        if self.dialect == Dialect::Sqlite {
            // Nobody else writes before this transaction ends, so absent means new.
            for sender in absent {
                loaded.people.insert(sender.clone(), Person::default());
            }
            return Ok(loaded);
        }
        // Absent means new or locked. Someone new needs a row that can be
        // locked, or two processes that both saw none would overwrite each other.
        loaded.locked = self.visible(&absent).await?;
        let mut new: Vec<&Sender> =
            absent.into_iter().filter(|sender| !loaded.locked.contains(*sender)).collect();
        if self.looks_first {
            let held = self.held(&new).await?;
            new.retain(|sender| !held.contains(*sender));
            loaded.locked.extend(held);
        }
        if new.is_empty() {
            return Ok(loaded);
        }
        if self.insert_empty(&new).await? == new.len() {
            loaded.people.extend(new.into_iter().map(|sender| (sender.clone(), Person::default())));
            return Ok(loaded);
        }
        // Another process was faster for some of them.
        self.load_rows(&new, &mut loaded).await?;
        let locked = new.into_iter().filter(|sender| !loaded.people.contains_key(*sender));
        loaded.locked.extend(locked.cloned().collect::<Vec<_>>());
        Ok(loaded)
    }

    /// Counts the turns of these people anew, for whom the transcript is ahead
    /// of the session: somebody deleted or changed its row by hand.
    pub async fn recount(&mut self, loaded: &mut Loaded) -> Result<(), StoreError> {
        let senders: Vec<Sender> = loaded.people.keys().cloned().collect();
        for piece in senders.chunks(MAX_BATCH) {
            let rows = sql::padded(piece.len());
            let text = self.text(Statement::LastTurns, rows);
            let found: Vec<(String, i64)> = on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query_as(text);
                for sender in padding(piece, rows) {
                    query = query.bind(sender.as_str().to_owned());
                }
                query.fetch_all(connection).await?
            });
            for (key, turn) in found {
                if let Some(person) = loaded.people.get_mut(&Sender::from_key(key)) {
                    person.turns = person.turns.max(turn);
                }
            }
        }
        Ok(())
    }

    /// Saves the batch and commits it, or does neither.
    pub async fn save(&mut self, changes: &Changes) -> Result<Saved, StoreError> {
        match self.save_rows(changes).await {
            Ok(()) => {
                self.end("COMMIT").await?;
                Ok(Saved::Done)
            }
            Err(error) if is_duplicate(&error) => {
                self.roll_back().await?;
                Ok(Saved::Duplicate)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives up the batch, and with it all its locks.
    pub async fn roll_back(&mut self) -> Result<(), StoreError> {
        self.end("ROLLBACK").await
    }

    /// The replies that messages got that were taken before, by message id.
    pub async fn recorded(&mut self, ids: &[&str]) -> Result<HashMap<String, Vec<u8>>, StoreError> {
        let mut replies = HashMap::new();
        for piece in ids.chunks(MAX_BATCH) {
            let rows = sql::padded(piece.len());
            let text = self.text(Statement::RecordedReplies, rows);
            let found: Vec<(String, Vec<u8>)> = on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query_as(text);
                for id in padding(piece, rows) {
                    query = query.bind((*id).to_owned());
                }
                query.fetch_all(connection).await?
            });
            replies.extend(found);
        }
        // A read opens a transaction as well.
        self.roll_back_reading().await?;
        Ok(replies)
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        if let Connected::Sqlite(connection) = &mut self.connection {
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(connection).await?;
        }
        Ok(())
    }

    async fn end(&mut self, statement: &'static str) -> Result<(), StoreError> {
        on_either!(Connected, &mut self.connection, connection => {
            sqlx::raw_sql(statement).execute(connection).await?;
        });
        Ok(())
    }

    async fn roll_back_reading(&mut self) -> Result<(), StoreError> {
        match self.dialect {
            Dialect::Sqlite => Ok(()),
            Dialect::MySql => self.roll_back().await,
        }
    }

    async fn load_rows(
        &mut self,
        senders: &[&Sender],
        loaded: &mut Loaded,
    ) -> Result<(), StoreError> {
        for piece in senders.chunks(MAX_BATCH) {
            let rows = sql::padded(piece.len());
            let text = self.text(Statement::LoadSessions, rows);
            let found: Vec<SessionRow> = on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query_as(text);
                for sender in padding(piece, rows) {
                    query = query.bind(sender.as_str().to_owned());
                }
                query.fetch_all(connection).await?
            });
            for mut row in found {
                let sender = Sender::from_key(std::mem::take(&mut row.phone_number));
                loaded.people.insert(sender, row.into_person()?);
            }
        }
        Ok(())
    }

    async fn visible(&mut self, senders: &[&Sender]) -> Result<HashSet<Sender>, StoreError> {
        let mut visible = HashSet::new();
        for piece in senders.chunks(MAX_BATCH) {
            let rows = sql::padded(piece.len());
            let text = self.text(Statement::VisibleSessions, rows);
            let found: Vec<String> = on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query_scalar(text);
                for sender in padding(piece, rows) {
                    query = query.bind(sender.as_str().to_owned());
                }
                query.fetch_all(connection).await?
            });
            visible.extend(found.into_iter().map(Sender::from_key));
        }
        Ok(visible)
    }

    /// Which of these new senders a stranger is inserting, found by halves.
    async fn held(&mut self, new: &[&Sender]) -> Result<HashSet<Sender>, StoreError> {
        let mut held = HashSet::new();
        let mut parts: Vec<&[&Sender]> = new.chunks(MAX_BATCH).collect();
        while let Some(part) = parts.pop() {
            match self.claim(part).await {
                Ok(()) => {}
                Err(StoreError::Locked(_)) => match part {
                    [sender] => drop(held.insert((*sender).clone())),
                    _ => parts.extend(<[_; 2]>::from(part.split_at(part.len() / 2))),
                },
                Err(error) => return Err(error),
            }
        }
        Ok(held)
    }

    async fn claim(&mut self, senders: &[&Sender]) -> Result<(), StoreError> {
        let rows = sql::padded(senders.len());
        let text = self.text(Statement::ClaimNewSessions, rows);
        on_either!(Connected, &mut self.connection, connection => {
            let mut query = sqlx::query(text);
            for sender in padding(senders, rows) {
                query = query.bind(sender.as_str().to_owned());
            }
            query.fetch_all(connection).await?;
        });
        Ok(())
    }

    /// Says how many of them were not there before.
    async fn insert_empty(&mut self, senders: &[&Sender]) -> Result<usize, StoreError> {
        let mut inserted = 0;
        for piece in sql::pieces(senders) {
            let text = self.text(Statement::InsertEmptySessions, piece.len());
            on_either!(Connected, &mut self.connection, connection => {
                let mut query = sqlx::query(text);
                for sender in piece {
                    query = query.bind(sender.as_str().to_owned());
                }
                inserted += query.execute(connection).await?.rows_affected();
            });
        }
        Ok(usize::try_from(inserted).unwrap_or(usize::MAX))
    }
}

/// The rows, the last one repeated until there are `rows` of them.
fn padding<T>(piece: &[T], rows: usize) -> impl Iterator<Item = &T> {
    piece.iter().chain(piece.last().into_iter().cycle()).take(rows)
}

fn absent<'a>(senders: &'a BTreeSet<Sender>, loaded: &Loaded) -> Vec<&'a Sender> {
    senders.iter().filter(|sender| !loaded.people.contains_key(*sender)).collect()
}
