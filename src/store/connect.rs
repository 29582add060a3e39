//! The database, and how to connect to it.

use std::str::FromStr;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, MySqlConnection, SqliteConnection};

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
    Sqlite(Source<SqliteConnectOptions, SqlitePool>),
    MySql(Source<MySqlConnectOptions, MySqlPool>),
}

#[derive(Clone, Debug)]
pub(super) struct Source<Options, Pool> {
    pub(super) options: Options,
    pub(super) readers: Pool,
    /// The path, if it is a file.
    pub(super) place: Option<Place>,
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
            Backend::Sqlite => Database::Sqlite(sqlite(url.expose(), create)?),
            Backend::Mysql => Database::MySql(mysql(url.expose())?),
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
        match &self.database {
            Database::Sqlite(source) => {
                self.is_in_place()?;
                let connection = source.options.connect().await?;
                source.place.iter().for_each(Place::opened);
                Ok(Connected::Sqlite(connection))
            }
            Database::MySql(source) => {
                let mut connection = source.options.connect().await?;
                set_up(&mut connection).await?;
                // Each statement opens a transaction by itself, which saves a
                // round trip. Only the commit remains.
                sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
                    "SET SESSION autocommit = 0, SESSION wait_timeout = {SILENCE}"
                )))
                .execute(&mut connection)
                .await?;
                Ok(Connected::MySql(connection))
            }
        }
    }

    /// Returns the path of the database, if it is a file.
    pub(super) fn place(&self) -> Option<&Place> {
        on_either!(Database, &self.database, source => source.place.as_ref())
    }

    /// Fails if the database is a file that was deleted or replaced since it
    /// was opened.
    pub(super) fn is_in_place(&self) -> Result<(), StoreError> {
        self.place().map_or(Ok(()), Place::check)
    }

    /// Closes the connections that read.
    pub async fn close(&self) {
        on_either!(Database, &self.database, source => source.readers.close().await);
    }
}

fn sqlite(url: &str, create: bool) -> Result<Source<SqliteConnectOptions, SqlitePool>, StoreError> {
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
    let place = Some(Place::new(options.get_filename()));
    Ok(Source { options, readers, place })
}

fn mysql(url: &str) -> Result<Source<MySqlConnectOptions, MySqlPool>, StoreError> {
    let options = MySqlConnectOptions::from_str(url)?
        .charset("utf8mb4")
        // `SESSION` sets the whole of it.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .statement_cache_capacity(STATEMENT_CACHE)
        .disable_statement_logging();
    let readers = MySqlPoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(ACQUIRE_WAIT)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
        .connect_lazy_with(options.clone());
    Ok(Source { options, readers, place: None })
}

/// The settings that all connections to `MySQL` share, whatever the server's
/// own settings are. Statements then mean the same on every server, and none is
/// cut short or delayed. Each comment is read by one server only: `MariaDB`
/// reads `/*M!`, and `MySQL` reads `/*!80000`, which `MariaDB` skips.
///
/// - `READ COMMITTED`: under `REPEATABLE READ` the first messages of new senders
///   meet in gap locks.
/// - `lock_wait_timeout` is about whole tables: `MySQL` keeps waiting for one
///   after its client has gone, so that a long `ALTER TABLE` would gather dead
///   connections until there are too many.
/// - `autocommit`: a reader that leaves a transaction open holds up every `ALTER
///   TABLE`.
/// - `completion_type`: a commit may neither begin a transaction nor hang up.
/// - `sql_mode` as a whole: each mode that a server may have changes what a
///   statement means, refuses dates of an adopted table, or takes `''` for `NULL`.
/// - `sql_select_limit`, `sql_big_selects`: all rows that a statement asks for.
/// - `sql_safe_updates`: the migrator deletes by a column without an index.
/// - `default_storage_engine`: sqlx names none for its own table.
const SESSION: &str = "SET SESSION innodb_lock_wait_timeout = 1, \
     SESSION lock_wait_timeout = 1, \
     SESSION time_zone = '+00:00', \
     SESSION autocommit = 1, \
     SESSION completion_type = 0, \
     SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
     SESSION sql_select_limit = 18446744073709551615, \
     SESSION sql_big_selects = 1, \
     SESSION sql_safe_updates = 0, \
     SESSION sql_auto_is_null = 0, \
     SESSION foreign_key_checks = 1, \
     SESSION unique_checks = 1, \
     SESSION default_storage_engine = InnoDB \
     /*M!100100 , SESSION max_statement_time = 0 */ \
     /*!80000 , SESSION max_execution_time = 0 */; \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE";

async fn set_up(connection: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SESSION).execute(connection).await?;
    Ok(())
}
