//! The database, and how to connect to it.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, MySqlConnection, SqliteConnection};
use tokio::time::timeout;

use super::hosts::Hosts;
use super::place::Place;
use super::sql::{COMPOUND, Dialect, STATEMENT_CACHE};
use super::url::{Backend, DatabaseUrl};
use super::{StoreError, on_either};

/// How long anything but a migration waits for a lock of another transaction.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// How long the server keeps a silent writer, in seconds. If the writer's
/// machine is cut off during a batch, those people's rows stay locked for as
/// long. A writer that was merely idle reconnects.
const SILENCE: u32 = 60;

/// How long a reader waits for a free connection.
const ACQUIRE_WAIT: Duration = Duration::from_secs(1);

/// How long the connections that read may take to close.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Connections that only read.
const READERS: u32 = 4;

/// A database. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Store {
    pub(super) database: Database,
}

/// The two databases: how to connect, and a pool that only reads.
#[derive(Clone, Debug)]
pub(super) enum Database {
    Sqlite(Arc<SqliteFile>),
    MySql(Arc<Hosts>),
}

#[derive(Clone, Debug)]
pub(super) struct SqliteFile {
    pub(super) options: SqliteConnectOptions,
    readers: SqlitePool,
    place: Place,
}

impl SqliteFile {
    /// Returns the connections that only read.
    pub(super) fn readers(&self) -> SqlitePool {
        self.readers.clone()
    }
}

/// A connection of its own, outside the pool.
#[derive(Debug)]
pub(super) enum Connected {
    Sqlite(SqliteConnection),
    MySql(MySqlConnection),
}

impl Connected {
    /// Returns whether it uses TLS, as far as can be known.
    pub(super) async fn is_encrypted(&mut self) -> bool {
        let Self::MySql(connection) = self else { return false };
        let status = "SHOW SESSION STATUS LIKE 'Ssl_cipher'";
        let cipher: Result<Option<(String, String)>, _> =
            sqlx::query_as(status).fetch_optional(connection).await;
        cipher.map_or(true, |row| row.is_some_and(|(_, cipher)| !cipher.is_empty()))
    }

    /// Returns how many bytes of values one statement may have, leaving room for the rest of it.
    pub(super) async fn largest_statement(&mut self) -> Result<usize, StoreError> {
        let Self::MySql(connection) = self else { return Ok(usize::MAX) };
        let packet: i64 = sqlx::query_scalar("SELECT CAST(@@max_allowed_packet AS SIGNED)")
            .fetch_one(connection)
            .await?;
        Ok(usize::try_from(packet / 2).unwrap_or(usize::MAX))
    }

    /// Returns whether it accepts several statements as one.
    pub(super) async fn takes_compounds(&mut self) -> Result<bool, StoreError> {
        let Self::MySql(connection) = self else { return Ok(false) };
        match sqlx::query(COMPOUND).persistent(false).execute(connection).await {
            Ok(_) => Ok(true),
            Err(sqlx::Error::Database(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl Store {
    /// Returns the database at this address, and creates a file that does not
    /// exist. Does not connect yet.
    pub fn new(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::at(url, true)
    }

    /// Does the same for a reader: a file that does not exist is not created.
    pub fn existing(url: &DatabaseUrl) -> Result<Self, StoreError> {
        Self::at(url, false)
    }

    fn at(url: &DatabaseUrl, create: bool) -> Result<Self, StoreError> {
        let database = match url.backend() {
            Backend::Sqlite => Database::Sqlite(Arc::new(sqlite(url.expose(), create)?)),
            Backend::Mysql => Database::MySql(Arc::new(Hosts::new(url.hosts())?)),
        };
        Ok(Self { database })
    }

    pub(super) fn dialect(&self) -> Dialect {
        match self.database {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::MySql(_) => Dialect::MySql,
        }
    }

    /// Returns a connection of its own, set up as every statement here expects it.
    pub(super) async fn connect(&self) -> Result<Connected, StoreError> {
        Ok(self.connect_to_host().await?.0)
    }

    /// Does the same, and returns the number of the host as well.
    pub(super) async fn connect_to_host(&self) -> Result<(Connected, usize), StoreError> {
        match &self.database {
            Database::Sqlite(file) => {
                self.is_in_place()?;
                let connection = file.options.connect().await?;
                file.place.opened();
                Ok((Connected::Sqlite(connection), 0))
            }
            Database::MySql(hosts) => {
                let (mut connection, host) = hosts.connect().await?;
                // Each statement opens a transaction by itself, which saves a
                // round trip. Only the commit remains.
                let set = format!("SET SESSION autocommit = 0, SESSION wait_timeout = {SILENCE}");
                let setting = async {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(set)).execute(&mut connection).await?;
                    Ok(())
                };
                hosts.prepared(host, setting).await?;
                Ok((Connected::MySql(connection), host))
            }
        }
    }

    /// Returns the path of the database, if it is a file.
    pub(super) fn place(&self) -> Option<&Place> {
        match &self.database {
            Database::Sqlite(file) => Some(&file.place),
            Database::MySql(_) => None,
        }
    }

    /// Fails if the database is a file that was deleted or replaced since it
    /// was opened.
    pub(super) fn is_in_place(&self) -> Result<(), StoreError> {
        self.place().map_or(Ok(()), Place::check)
    }

    /// Returns the number of the host to which new connections go.
    pub(super) fn present_host(&self) -> usize {
        match &self.database {
            Database::Sqlite(_) => 0,
            Database::MySql(hosts) => hosts.present(),
        }
    }

    /// Returns whether messages may pass on another host than those that
    /// failed a moment ago.
    #[must_use]
    pub fn has_another_host(&self) -> bool {
        match &self.database {
            Database::Sqlite(_) => false,
            Database::MySql(hosts) => hosts.is_any_left(),
        }
    }

    /// Returns to earlier hosts of the list as soon as they can be written to.
    /// Ends at once if there is nothing to return to; otherwise never.
    pub async fn keep_to_first_host(&self) {
        if let Database::MySql(hosts) = &self.database
            && hosts.are_several()
        {
            hosts.keep_to_first().await;
        }
    }

    /// Closes the connections that read. A server that is silent is not waited for.
    pub async fn close(&self) {
        let closing = async {
            on_either!(Database, &self.database, source => source.readers().close().await);
        };
        // Whatever remains ends with the process.
        let _ = timeout(CLOSE_WITHIN, closing).await;
    }
}

fn sqlite(url: &str, create: bool) -> Result<SqliteFile, StoreError> {
    let options = SqliteConnectOptions::from_str(url)?;
    let options = options
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        // A reply is sent only after its turn is safe, even from a power failure.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(LOCK_WAIT)
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_WAIT)
        // A reader has no use for a new file.
        .connect_lazy_with(options.clone().create_if_missing(false));
    let place = Place::new(options.get_filename());
    Ok(SqliteFile { options, readers, place })
}
