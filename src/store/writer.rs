//! The one connection of a process that writes: loads a batch's people, saves
//! what their messages made of them, and commits.
//!
//! A batch is one transaction. The owner of a [`Writer`] runs one batch at a
//! time, and drops it after an error that leaves the connection in doubt.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sqlx::AssertSqlSafe;

use super::changes::Changes;
use super::connect::{Connected, Database};
use super::error::is_duplicate;
use super::ladder::MAX_BATCH;
use super::person::{Person, SessionRow};
use super::place::{Beside, Place};
use super::sql::{self, Dialect, Statement};
use super::writes::{Rows, Write};
use super::{Store, StoreError, on_either};
use crate::message::Sender;

/// The most bytes that are sent over TLS in one write: a record has 16 KiB at
/// most. The driver does not set `TCP_NODELAY`. The end of a second record
/// would therefore wait until the server acknowledges the first, which it
/// delays for 40 ms.
const ONE_RECORD: usize = 12 * 1024;

/// A connection that writes.
#[derive(Debug)]
pub struct Writer {
    pub(super) connection: Connected,
    /// The number of the host to which it goes.
    pub(super) host: usize,
    /// Whether anything was committed through it.
    pub(super) has_committed: bool,
    pub(super) dialect: Dialect,
    /// The most bytes of values that one statement should have.
    pub(super) most: usize,
    /// Whether the server takes compound statements.
    pub(super) takes_compounds: bool,
    texts: HashMap<(Statement, usize), Arc<str>>,
    compounds: HashMap<Vec<(Statement, usize)>, Arc<str>>,
    is_careful: bool,
    /// The path of the database, if it is a file.
    place: Option<Place>,
    /// The watched files next to it.
    beside: Option<Arc<Beside>>,
}

/// The people of a batch, their rows locked until it is saved or rolled back.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The people who were requested and are free; a new person is empty.
    pub people: HashMap<Sender, Person>,
    /// The people who are locked by another transaction at present.
    pub locked: HashSet<Sender>,
}

/// The result of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Committed.
    Done,
    /// Nothing was saved, since one of the messages was taken before.
    Duplicate,
}

impl Store {
    /// Connects a writer.
    pub async fn writer(&self) -> Result<Writer, StoreError> {
        let (connection, host) = self.connect_to_host().await?;
        let writer = self.writer_on(connection, host);
        match &self.database {
            Database::Sqlite(_) => writer.await,
            Database::MySql(hosts) => hosts.prepared(host, writer).await,
        }
    }

    async fn writer_on(
        &self,
        mut connection: Connected,
        host: usize,
    ) -> Result<Writer, StoreError> {
        let record = if connection.is_encrypted().await { ONE_RECORD } else { usize::MAX };
        let most = connection.largest_statement().await?.min(record);
        let takes_compounds = connection.takes_compounds().await?;
        Ok(Writer {
            connection,
            host,
            has_committed: false,
            most,
            takes_compounds,
            dialect: self.dialect(),
            texts: HashMap::new(),
            compounds: HashMap::new(),
            is_careful: false,
            place: self.place().cloned(),
            beside: None,
        })
    }
}

impl Writer {
    /// Returns whether new connections go to another host than this one.
    #[must_use]
    pub fn is_elsewhere(&self, store: &Store) -> bool {
        self.host != store.present_host()
    }

    /// Gives up a connection that failed. A host that is silent, or fails on a
    /// new connection, is avoided for a while; an older connection may have
    /// ended by itself.
    pub fn give_up(self, store: &Store, error: &StoreError) {
        if let Database::MySql(hosts) = &store.database
            && (error.is_late() || !self.has_committed)
        {
            hosts.lost(self.host, error);
        }
    }

    /// Returns the text of a statement for this many rows, which must be a step of the ladder.
    pub(super) fn text(&mut self, statement: Statement, rows: usize) -> AssertSqlSafe<Arc<str>> {
        let dialect = self.dialect;
        let text = self
            .texts
            .entry((statement, rows))
            .or_insert_with(|| statement.text(dialect, rows).into());
        // The texts are built in `sql`, from constants and placeholders only.
        AssertSqlSafe(Arc::clone(text))
    }

    /// Returns whether a batch's last statements and its commit are sent as one.
    #[must_use]
    pub fn takes_compounds(&self) -> bool {
        self.takes_compounds
    }

    /// Returns the text of one statement of a batch.
    pub(super) fn text_of(&mut self, write: &Write<'_>) -> AssertSqlSafe<Arc<str>> {
        let parts: Vec<_> = write.parts.iter().map(Rows::statement).collect();
        if let ([(statement, rows)], false) = (&parts[..], write.commits) {
            return self.text(*statement, *rows);
        }
        let compound = |parts: &Vec<_>| sql::compound(parts).into();
        let text = self.compounds.entry(parts).or_insert_with_key(compound);
        AssertSqlSafe(Arc::clone(text))
    }

    /// Sets whether [`load`](Self::load) works around locks of other processes
    /// at once. This costs three more round trips. It is needed after a batch
    /// waited for a row that no other transaction can see yet, since only this
    /// finds the sender of that row.
    pub fn be_careful(&mut self, is_careful: bool) {
        self.is_careful = is_careful;
    }

    /// Begins a batch: loads its people and locks their rows, in key order.
    ///
    /// A new person has no row that could be locked. The transcript keeps two
    /// processes that both saw none from overwriting each other: it has each
    /// turn of a sender once, and messages are saved before sessions.
    pub async fn load(&mut self, senders: &BTreeSet<Sender>) -> Result<Loaded, StoreError> {
        self.begin().await?;
        let all: Vec<&Sender> = senders.iter().collect();
        let mut loaded = Loaded::default();
        if self.dialect == Dialect::Sqlite || !self.is_careful {
            match self.load_rows(&all, Statement::LoadSessions, &mut loaded).await {
                Ok(()) => {
                    // Nothing was locked: a person who is absent is new.
                    loaded.greet(&absent(senders, &loaded));
                    return Ok(loaded);
                }
                Err(StoreError::Locked(_)) if self.dialect == Dialect::MySql => {
                    self.roll_back().await?;
                }
                Err(error) => return Err(error),
            }
        }
        self.load_around_locks(senders).await
    }

    /// Finds which of the absent people are new, and which are locked by another process.
    async fn load_around_locks(
        &mut self,
        senders: &BTreeSet<Sender>,
    ) -> Result<Loaded, StoreError> {
        let mut loaded = Loaded::default();
        let all: Vec<&Sender> = senders.iter().collect();
        self.load_rows(&all, Statement::LoadFreeSessions, &mut loaded).await?;
        let mut new = absent(senders, &loaded);
        if new.is_empty() {
            return Ok(loaded);
        }
        loaded.locked = self.visible(&new).await?;
        new.retain(|sender| !loaded.locked.contains(*sender));
        let held = self.held(&new).await?;
        new.retain(|sender| !held.contains(*sender));
        loaded.locked.extend(held);
        loaded.greet(&new);
        Ok(loaded)
    }

    /// Counts the turns of these people again, because their transcript is
    /// ahead of the session: somebody deleted or changed its row by hand.
    pub async fn recount(&mut self, loaded: &mut Loaded) -> Result<(), StoreError> {
        let senders: Vec<Sender> = loaded.people.keys().cloned().collect();
        let turns: Vec<(String, i64)> =
            self.fetch_by_keys(Statement::LastTurns, &senders, Sender::as_str).await?;
        for (key, turn) in turns {
            if let Some(person) = loaded.people.get_mut(&Sender::from_key(key)) {
                person.turns = person.turns.max(turn);
            }
        }
        Ok(())
    }

    /// Saves the batch and commits it, or does neither. After an error that is
    /// not an answer of the database, or if it is dropped, the result is
    /// unknown.
    pub async fn save(&mut self, changes: &Changes) -> Result<Saved, StoreError> {
        match self.save_rows(changes).await {
            Ok(is_committed) => {
                if !is_committed {
                    self.end("COMMIT").await?;
                }
                self.has_committed = true;
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

    /// Returns the replies to messages that were taken before, by message id.
    pub async fn recorded(&mut self, ids: &[&str]) -> Result<HashMap<String, Vec<u8>>, StoreError> {
        let replies: Vec<(String, Vec<u8>)> =
            self.fetch_by_keys(Statement::RecordedReplies, ids, |id| *id).await?;
        // A read opens a transaction as well.
        self.roll_back_reading().await?;
        Ok(replies.into_iter().collect())
    }

    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        let (Connected::Sqlite(connection), Some(place)) = (&mut self.connection, &self.place)
        else {
            return Ok(());
        };
        place.check_now_and_then()?;
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(connection).await?;
        // The files exist by now.
        self.beside.get_or_insert_with(|| place.watch_beside());
        Ok(())
    }

    pub(super) async fn end(&mut self, statement: &'static str) -> Result<(), StoreError> {
        on_either!(Connected, &mut self.connection, connection => {
            sqlx::raw_sql(statement).execute(connection).await?;
        });
        Ok(())
    }

    /// Ends the transaction of a read outside any batch.
    pub async fn roll_back_reading(&mut self) -> Result<(), StoreError> {
        match self.dialect {
            Dialect::Sqlite => Ok(()),
            Dialect::MySql => self.roll_back().await,
        }
    }

    pub(super) async fn load_rows(
        &mut self,
        senders: &[&Sender],
        statement: Statement,
        loaded: &mut Loaded,
    ) -> Result<(), StoreError> {
        let found: Vec<SessionRow> =
            self.fetch_by_keys(statement, senders, |sender| sender.as_str()).await?;
        for mut row in found {
            let sender = Sender::from_key(std::mem::take(&mut row.phone_number));
            loaded.people.insert(sender, row.into_person()?);
        }
        Ok(())
    }

    async fn visible(&mut self, senders: &[&Sender]) -> Result<HashSet<Sender>, StoreError> {
        let visible: Vec<(String,)> = self
            .fetch_by_keys(Statement::VisibleSessions, senders, |sender| sender.as_str())
            .await?;
        Ok(visible.into_iter().map(|(key,)| Sender::from_key(key)).collect())
    }

    /// Returns which of these new senders another process is inserting, found by halves.
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
        for statement in [Statement::ClaimNewSessions, Statement::ClaimFirstTurns] {
            let _found: Vec<(String,)> =
                self.fetch_by_keys(statement, senders, |sender| sender.as_str()).await?;
        }
        Ok(())
    }
}

impl Loaded {
    /// Adds people of whom nothing is known yet.
    fn greet(&mut self, new: &[&Sender]) {
        self.people.extend(new.iter().map(|sender| ((*sender).clone(), Person::default())));
    }
}

fn absent<'a>(senders: &'a BTreeSet<Sender>, loaded: &Loaded) -> Vec<&'a Sender> {
    senders.iter().filter(|sender| !loaded.people.contains_key(*sender)).collect()
}
