//! What can be found out about a database without changing anything, for
//! `ringback doctor`.
//!
//! A SQLite file is opened read-only, and creates no files beside it. On MySQL
//! the rights are tried with `EXPLAIN`, which needs those of the statement that
//! it explains and executes nothing.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};

use super::clocks::SERVER_CLOCK;
use super::connect::{Connected, Database};
use super::error::Code;
use super::grants::granted;
use super::hosts::HostState;
use super::migrate::{APPLIED, Applied, Migrations, migrations_of};
use super::sql::Dialect;
use super::time::parse_time;
use super::{Statement, Store, StoreError};

/// What was found out about a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The kind and the version of the server or the library.
    pub version: String,
    /// The server's clock; a file has no clock of its own.
    pub clock: Option<Timestamp>,
    /// How far its migrations are.
    pub migrations: Migrations,
    /// The rights that are missing for what is to be done next: serving, or
    /// first migrating.
    pub missing: Vec<&'static str>,
}

/// The rights for serving, each with a statement that needs it.
const SERVING: [(&str, Statement); 4] = [
    ("SELECT", Statement::ReadSession),
    ("INSERT", Statement::InsertMessages),
    ("UPDATE", Statement::CloseReply),
    ("DELETE", Statement::DeleteSession),
];

/// The rights for migrating (docs/operations.md).
const MIGRATING: [&str; 8] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "INDEX"];

impl Store {
    /// Looks at the database; `None` if it is a file that does not exist yet.
    pub async fn examine(&self) -> Result<Option<Examined>, StoreError> {
        match &self.database {
            Database::Sqlite(source) => {
                let file = source.options.get_filename();
                if fs::symlink_metadata(file).is_err() {
                    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
                    return match folder {
                        Some(folder) if !folder.is_dir() => Err(StoreError::Unavailable(
                            "the folder of the file does not exist".to_owned(),
                        )),
                        _ if !may_write_into(folder_of(file)) => Err(StoreError::Unavailable(
                            "this user may not make a file in its folder".to_owned(),
                        )),
                        _ => Ok(None),
                    };
                }
                examine_sqlite(file).await.map(Some)
            }
            Database::MySql(_) => {
                let Connected::MySql(mut connection) = self.connect().await? else {
                    return Ok(None);
                };
                let examined = examine_mysql(&mut connection).await?;
                connection.close().await?;
                Ok(Some(examined))
            }
        }
    }

    /// Looks at each of several hosts; empty if there is only one, or a file.
    pub async fn examine_hosts(&self) -> Vec<HostState> {
        match &self.database {
            Database::MySql(hosts) if hosts.are_several() => hosts.states().await,
            _ => Vec::new(),
        }
    }
}

async fn examine_sqlite(file: &Path) -> Result<Examined, StoreError> {
    // Without a log nobody has it open. To read it then, SQLite would create
    // one, and leave it there.
    let is_open = beside(file, "-wal").exists();
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(!is_open);
    let mut connection = options.disable_statement_logging().connect().await?;
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    let exists: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut connection)
            .await?;
    let applied: Vec<Applied> = if exists == 0 {
        Vec::new()
    } else {
        sqlx::query_as(APPLIED).fetch_all(&mut connection).await?
    };
    connection.close().await?;
    let can_write =
        OpenOptions::new().write(true).open(file).is_ok() && may_write_into(folder_of(file));
    Ok(Examined {
        version: format!("SQLite {version}"),
        clock: None,
        migrations: migrations_of(Dialect::Sqlite, &applied),
        missing: if can_write { Vec::new() } else { vec!["write"] },
    })
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|path| !path.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns whether this user may make files in a folder.
#[cfg(unix)]
fn may_write_into(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write_into(folder: &Path) -> bool {
    !fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().readonly())
}

/// Returns the path of a file that SQLite keeps beside a database.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

async fn examine_mysql(connection: &mut MySqlConnection) -> Result<Examined, StoreError> {
    let version: String =
        sqlx::query_scalar("SELECT VERSION()").fetch_one(&mut *connection).await?;
    let clock: String = sqlx::query_scalar(SERVER_CLOCK).fetch_one(&mut *connection).await?;
    let exists: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'",
    )
    .fetch_one(&mut *connection)
    .await?;
    let applied: Vec<Applied> = if exists == 0 {
        Vec::new()
    } else {
        sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?
    };
    let migrations = migrations_of(Dialect::MySql, &applied);
    let missing = match migrations {
        Migrations::Done => missing_for_serving(connection).await?,
        _ => missing_for_migrating(connection).await?,
    };
    let kind = if version.contains("MariaDB") { "MariaDB" } else { "MySQL" };
    let number = version.split('-').next().unwrap_or_default();
    Ok(Examined {
        version: format!("{kind} {number}"),
        clock: Some(parse_time(&clock)?),
        migrations,
        missing,
    })
}

async fn missing_for_serving(
    connection: &mut MySqlConnection,
) -> Result<Vec<&'static str>, StoreError> {
    let mut missing = Vec::new();
    for (right, statement) in SERVING {
        // Only the rights count, and not the values.
        let text = statement.text(Dialect::MySql, 1).replace('?', "NULL");
        let explained = sqlx::raw_sql(AssertSqlSafe(format!("EXPLAIN FORMAT=TRADITIONAL {text}")))
            .execute(&mut *connection)
            .await;
        match explained.map_err(StoreError::from) {
            Ok(_) => {}
            Err(StoreError::Refused(Code::MySql(number))) if is_denied(number) => {
                missing.push(right);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(missing)
}

/// `ER_TABLEACCESS_DENIED_ERROR`, `ER_COLUMNACCESS_DENIED_ERROR` and
/// `ER_SPECIFIC_ACCESS_DENIED_ERROR`.
fn is_denied(number: u16) -> bool {
    matches!(number, 1142 | 1143 | 1227)
}

/// Without tables there is nothing to explain, so the grants are read.
async fn missing_for_migrating(
    connection: &mut MySqlConnection,
) -> Result<Vec<&'static str>, StoreError> {
    let database: String =
        sqlx::query_scalar("SELECT DATABASE()").fetch_one(&mut *connection).await?;
    let grants: Vec<String> = sqlx::query_scalar("SHOW GRANTS").fetch_all(&mut *connection).await?;
    let has = granted(&grants, &database);
    Ok(MIGRATING.into_iter().filter(|right| !has(right)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_cannot_be_written_to() {
        let folder = tempfile::tempdir().unwrap();
        assert!(may_write_into(folder.path()));
        assert!(!may_write_into(&folder.path().join("absent")));
        assert_eq!(folder_of(Path::new("ringback.db")), Path::new("."));
    }
}
