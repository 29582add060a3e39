//! Brings a database to the shape that this version needs.
//!
//! Migrations only add, so that the previous release keeps working at the same
//! time. Each is one idempotent change: if it was killed midway, it runs again.
//! Everything happens under a lock with a bounded wait; sqlx itself takes no
//! lock on `SQLite`, and waits forever on `MySQL`.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Connection, MySqlConnection, SqlSafeStr, SqliteConnection};

use super::connect::Connected;
use super::look_again::Patience;
use super::sql::Dialect;
use super::{Store, StoreError, adopt};

/// How long a start waits for another process that migrates.
const LOCK_WAIT: Duration = Duration::from_secs(30);

/// The pause before another look at a file that another process is creating.
const CONNECT_AGAIN: Duration = Duration::from_millis(20);

/// The files of one database, in order.
macro_rules! migrations {
    ($folder:literal) => {
        migrations!($folder,
            1 "0001" "user_sessions",
            2 "0002" "text_is_utf8mb4",
            3 "0003" "phone_number_holds_every_address",
            4 "0004" "session_columns",
            5 "0005" "messages",
            6 "0006" "conversations",
            7 "0007" "service_keys",
            8 "0008" "session_stack",
            9 "0009" "flow_versions",
            10 "0010" "session_flow_version",
            11 "0011" "signatures",
            12 "0012" "opt_outs_by_address",
            13 "0013" "sender_ids",
            14 "0014" "waking",
            15 "0015" "outgoing",
            16 "0016" "callbacks",
            17 "0017" "open_replies",
        )
    };
    ($folder:literal, $($version:literal $number:literal $name:literal,)*) => {
        vec![$(Migration::new(
            $version,
            $name.into(),
            MigrationType::Simple,
            include_str!(concat!("../../migrations/", $folder, "/", $number, "_", $name, ".sql"))
                .into_sql_str(),
            false,
        ),)*]
    };
}

impl Store {
    /// Brings the database to this version's shape, and creates it if it is a
    /// file that does not exist.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.connect_patiently().await? {
            Connected::Sqlite(connection) => migrate_sqlite(connection).await?,
            Connected::MySql(connection) => migrate_mysql(connection).await?,
        }
        self.rehearse().await
    }

    /// Does the same without the lock, which does not stop other nodes of a cluster.
    pub async fn migrate_without_lock(&self) -> Result<(), StoreError> {
        match self.connect_patiently().await? {
            Connected::Sqlite(connection) => migrate_sqlite(connection).await,
            Connected::MySql(mut connection) => {
                prepare(&mut connection).await?;
                migrate_locked(&mut connection).await
            }
        }
    }

    /// While another process creates the file, SQLite refuses at once to change
    /// its journal, however long it is told to wait.
    async fn connect_patiently(&self) -> Result<Connected, StoreError> {
        let until = Instant::now() + LOCK_WAIT;
        loop {
            match self.connect().await {
                Err(StoreError::Locked(_)) if Instant::now() < until => {
                    sleep(CONNECT_AGAIN).await;
                }
                connected => return connected,
            }
        }
    }
}

fn migrator(migrations: Vec<Migration>) -> Migrator {
    let mut migrator = Migrator::with_migrations(migrations);
    // The next release may have been here already.
    migrator.set_locking(false).set_ignore_missing(true);
    migrator
}

async fn migrate_sqlite(mut connection: SqliteConnection) -> Result<(), StoreError> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {}", LOCK_WAIT.as_millis())))
        .execute(&mut connection)
        .await?;
    // The write lock covers all migrations together; sqlx's transactions nest in it.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let exists: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *transaction)
            .await?;
    let applied: Vec<(i64, Vec<u8>)> = if exists == 0 {
        Vec::new()
    } else {
        sqlx::query_as(APPLIED).fetch_all(&mut *transaction).await?
    };
    adopt::sqlite::make_fit(&mut transaction, &versions(&applied)).await?;
    migrator(migrations!("sqlite"))
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(explain)?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(())
}

async fn migrate_mysql(mut connection: MySqlConnection) -> Result<(), StoreError> {
    prepare(&mut connection).await?;
    lock_mysql(&mut connection).await?;
    let migrated = migrate_locked(&mut connection).await;
    // The lock ends with the connection, whatever happened.
    connection.close().await?;
    migrated
}

/// Each change of a table is a transaction of its own, and waits for others.
async fn prepare(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "SET SESSION autocommit = 1, SESSION lock_wait_timeout = {}",
        LOCK_WAIT.as_secs()
    )))
    .execute(connection)
    .await?;
    Ok(())
}

/// The lock covers one node: on another node of a cluster a second
/// process may migrate at the same time. Each step can be done twice, so it is
/// enough to look at what the other process has done, and to continue from
/// there.
async fn migrate_locked(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let mut patience = Patience::new();
    loop {
        match migrate_once(connection).await {
            Ok(()) => return Ok(()),
            Err(failed) if failed.is_race && patience.rest().await => {}
            Err(failed) => return Err(failed.error),
        }
    }
}

async fn migrate_once(connection: &mut MySqlConnection) -> Result<(), Failed> {
    let migrations = migrations!("mysql");
    let exists: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let applied: Vec<(i64, Vec<u8>)> = if exists == 0 {
        Vec::new()
    } else {
        sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?
    };
    adopt::mysql::make_fit(connection, &versions(&applied)).await?;
    if is_all(&migrations, &applied) {
        return Ok(());
    }
    if exists > 0 {
        forget_unfinished(connection).await?;
    }
    migrator(migrations).run_direct(None, connection, false).await?;
    Ok(())
}

/// How far the migrations of a database are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrations {
    /// All are done.
    Done,
    /// None is done: the database is empty, or of another program.
    None,
    /// Some remain to be done.
    Pending(usize),
    /// This one was done in another form: it belongs to another program.
    Foreign(i64),
}

/// A completed migration, with its checksum.
pub(super) type Applied = (i64, Vec<u8>);

/// Returns how far the migrations are, given those that are completed.
pub(super) fn migrations_of(dialect: Dialect, applied: &[Applied]) -> Migrations {
    let migrations = match dialect {
        Dialect::Sqlite => migrations!("sqlite"),
        Dialect::MySql => migrations!("mysql"),
    };
    let find =
        |migration: &Migration| applied.iter().find(|(version, _)| *version == migration.version);
    let is_foreign = |migration: &&Migration| {
        find(migration).is_some_and(|(_, checksum)| *checksum != *migration.checksum)
    };
    if let Some(foreign) = migrations.iter().find(is_foreign) {
        return Migrations::Foreign(foreign.version);
    }
    match migrations.iter().filter(|migration| find(migration).is_none()).count() {
        0 => Migrations::Done,
        pending if pending == migrations.len() => Migrations::None,
        pending => Migrations::Pending(pending),
    }
}

/// Reads the completed migrations.
pub(super) const APPLIED: &str =
    "SELECT version, checksum FROM _sqlx_migrations WHERE success = TRUE";

fn versions(applied: &[(i64, Vec<u8>)]) -> BTreeSet<i64> {
    applied.iter().map(|(version, _)| *version).collect()
}

/// Returns whether nothing remains to be done, for which a user needs no right to create anything.
fn is_all(migrations: &[Migration], applied: &[(i64, Vec<u8>)]) -> bool {
    migrations.iter().all(|migration| {
        let is_it = |(version, checksum): &(i64, Vec<u8>)| {
            *version == migration.version && *checksum == *migration.checksum
        };
        applied.iter().any(is_it)
    })
}

/// Why a migration failed, and whether another process may be the cause.
struct Failed {
    error: StoreError,
    is_race: bool,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self { is_race: error.is_race(), error }
    }
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<MigrateError> for Failed {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::ExecuteMigration(error, version) => {
                let cause = StoreError::from(error);
                let is_race = cause.is_race();
                Self { error: failed(version, &cause), is_race }
            }
            MigrateError::Execute(error) => StoreError::from(error).into(),
            // Begun by another process since we looked.
            MigrateError::Dirty(_) => Self { error: explain(error), is_race: true },
            _ => explain(error).into(),
        }
    }
}

/// Takes one lock for each database, since `GET_LOCK` names are shared by the
/// server. A name has at most 64 characters, as `MySQL` requires.
async fn lock_mysql(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    let got: Result<Option<i64>, _> = sqlx::query_scalar(
        "SELECT GET_LOCK(CONCAT('ringback.', LEFT(SHA2(DATABASE(), 256), 40)), ?)",
    )
    .bind(LOCK_WAIT.as_secs())
    .fetch_one(&mut *connection)
    .await;
    match got.map_err(StoreError::from) {
        // Percona's cluster has no such locks, and refuses.
        Ok(Some(1)) | Err(StoreError::Refused(_)) => return Ok(()),
        Ok(_) => {}
        Err(error) => return Err(error),
    }
    Err(StoreError::Migration(format!(
        "another process has been migrating this database for more than {} s; wait for it or end it",
        LOCK_WAIT.as_secs()
    )))
}

/// Forgets migrations that were killed midway and are marked as unfinished.
/// They are idempotent, and simply run again.
async fn forget_unfinished(connection: &mut MySqlConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM _sqlx_migrations WHERE success = FALSE").execute(connection).await?;
    Ok(())
}

fn failed(version: i64, cause: &StoreError) -> StoreError {
    StoreError::Migration(format!("migration {version} failed: {cause}"))
}

fn explain(error: MigrateError) -> StoreError {
    match error {
        MigrateError::ExecuteMigration(error, version) => failed(version, &error.into()),
        MigrateError::Execute(error) => error.into(),
        MigrateError::VersionMismatch(version) => StoreError::Migration(format!(
            "migration {version} was applied to this database in a different form; \
             it belongs to another version of Ringback"
        )),
        other => StoreError::Migration(format!("the migration cannot be done: {other}")),
    }
}
