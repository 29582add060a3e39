//! The databases that are measured, and what they count.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, SqliteConnection};
use url::Url;

use super::args::{self, Database};
use super::process::{self, Usage};

/// The tables of the peers.
const PEERS_SCHEMA: &str = include_str!("../peers/schema.sql");

/// A database server, or the folder that `SQLite` files lie in.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) name: String,
    /// Version and settings, for the report.
    pub(crate) about: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(PathBuf),
    /// The process, if it runs on this machine.
    Server(Url, Option<u32>),
}

/// A database of one subject's own, empty at first.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    name: String,
    pub(crate) url: String,
}

/// What a server has counted since it began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counters {
    pub(crate) statements: u64,
    pub(crate) executes: u64,
    pub(crate) commits: u64,
    pub(crate) engine_commits: u64,
    pub(crate) usage: Usage,
}

impl Server {
    pub(crate) async fn new(
        database: Database,
        url: Option<&str>,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let name = args::name(&database);
        let Some(url) = url else {
            anyhow::ensure!(database == Database::Sqlite, "no server is named for `{name}`");
            let about = "SQLite, WAL, synchronous=FULL".to_owned();
            return Ok(Self { name, about, place: Place::Folder(folder.to_owned()) });
        };
        let url = Url::parse(url).with_context(|| format!("the URL of `{name}` is none"))?;
        let mut connection = connect(&url, &name).await?;
        let values = rows(
            &mut connection,
            "SELECT @@version, @@innodb_flush_log_at_trx_commit, @@log_bin, @@sync_binlog, \
             @@pid_file, @@datadir",
        )
        .await?;
        let values = values.into_iter().next().unwrap_or_default();
        let value = |index: usize| values.get(index).map_or("", String::as_str);
        let about = format!(
            "{}, innodb_flush_log_at_trx_commit={}, log_bin={}, sync_binlog={}",
            value(0),
            value(1),
            value(2),
            value(3)
        );
        let is_durable = value(1) == "1" && (value(2) == "0" || value(3) == "1");
        anyhow::ensure!(
            is_durable,
            "`{name}` loses commits in a power failure ({about}): that does not compare"
        );
        let pid = server_process(&Path::new(value(5)).join(value(4)));
        Ok(Self { name, about, place: Place::Server(url, pid) })
    }

    /// Writes all of the redo log once. The first time that a block of its file
    /// is written the file system has more to do, which only a server that was
    /// just set up feels: every commit takes longer until its log begins anew.
    pub(crate) async fn wear_in(&self) -> anyhow::Result<()> {
        if self.is_embedded() {
            return Ok(());
        }
        let schema = self.fresh("redo", false).await?;
        let mut connection = connect(&Url::parse(&schema.url)?, &self.name).await?;
        let sizes = "SHOW GLOBAL VARIABLES WHERE Variable_name IN \
                     ('innodb_log_file_size', 'innodb_redo_log_capacity')";
        let sizes = rows(&mut connection, sizes).await?;
        let sizes = sizes.iter().filter_map(|row| row.get(1)?.parse::<u64>().ok());
        let size = sizes.max().with_context(|| format!("`{}` tells no log's size", self.name))?;
        // Sixteen rows of 3.6 MB: MySQL refuses one of more than a tenth of the log.
        let write = "INSERT INTO redo SELECT REPEAT(UUID(), 100000) FROM \
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS a, \
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS b";
        let mut execute = async |statement: &'static str| {
            sqlx::raw_sql(statement).execute(&mut connection).await.map(drop)
        };
        execute("CREATE TABLE redo (bytes LONGBLOB)").await?;
        for _ in 0..=size / (16 * 3_600_000) {
            execute(write).await?;
            execute("TRUNCATE redo").await?;
        }
        self.remove(&schema).await
    }

    /// An empty database of this name; one that was there is removed.
    pub(crate) async fn fresh(&self, name: &str, for_peer: bool) -> anyhow::Result<Schema> {
        let name = format!("ringback_bench_{name}");
        let server = match &self.place {
            Place::Folder(folder) => {
                // The service makes it.
                let file = folder.join(format!("{name}.db"));
                return Ok(Schema { name, url: format!("sqlite:{}", file.display()) });
            }
            Place::Server(url, _) => url,
        };
        let mut connection = connect(server, &self.name).await?;
        let make =
            format!("DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4");
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut connection).await?;
        let mut url = server.clone();
        url.set_path(&name);
        if for_peer {
            let mut connection = connect(&url, &self.name).await?;
            sqlx::raw_sql(PEERS_SCHEMA).execute(&mut connection).await?;
        }
        Ok(Schema { name, url: url.into() })
    }

    /// Removes what [`fresh`](Self::fresh) made.
    pub(crate) async fn remove(&self, schema: &Schema) -> anyhow::Result<()> {
        match &self.place {
            Place::Folder(_) => {
                let file = schema.url.trim_start_matches("sqlite:");
                for ending in ["", "-wal", "-shm"] {
                    // What is not there is gone.
                    drop(fs::remove_file(format!("{file}{ending}")));
                }
            }
            Place::Server(url, _) => {
                let mut connection = connect(url, &self.name).await?;
                let statement = format!("DROP DATABASE IF EXISTS {}", schema.name);
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
            }
        }
        Ok(())
    }

    /// Whether it is a part of what uses it.
    pub(crate) fn is_embedded(&self) -> bool {
        matches!(self.place, Place::Folder(_))
    }

    /// Whether it runs in a process of its own, whose cost can be told.
    pub(crate) fn is_seen(&self) -> bool {
        matches!(self.place, Place::Server(_, Some(_)))
    }

    /// What was counted until now; `None` where nothing counts.
    pub(crate) async fn counters(&self) -> anyhow::Result<Option<Counters>> {
        let Place::Server(url, pid) = &self.place else { return Ok(None) };
        let mut connection = connect(url, &self.name).await?;
        let status = rows(
            &mut connection,
            "SHOW GLOBAL STATUS WHERE Variable_name IN \
             ('Questions', 'Com_stmt_execute', 'Com_commit', 'Handler_commit')",
        )
        .await?;
        let value = |wanted: &str| {
            let row = status.iter().find(|row| row.first().is_some_and(|name| name == wanted));
            row.and_then(|row| row.get(1)?.parse().ok()).unwrap_or(0)
        };
        Ok(Some(Counters {
            statements: value("Questions"),
            executes: value("Com_stmt_execute"),
            commits: value("Com_commit"),
            engine_commits: value("Handler_commit"),
            usage: pid.map(process::of).unwrap_or_default(),
        }))
    }

    /// Lets the peak of its memory begin anew.
    pub(crate) fn reset_peak(&self) {
        if let Place::Server(_, Some(pid)) = self.place {
            process::reset_peak(pid);
        }
    }
}

impl Schema {
    /// How many messages are kept.
    pub(crate) async fn messages(&self) -> anyhow::Result<u64> {
        let count = "SELECT COUNT(*) FROM messages";
        let found: Result<i64, sqlx::Error> = if self.url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(&self.url).await?;
            sqlx::query_scalar(count).fetch_one(&mut connection).await
        } else {
            let mut connection = MySqlConnection::connect(&self.url).await?;
            sqlx::query_scalar(count).fetch_one(&mut connection).await
        };
        Ok(u64::try_from(found.context("the kept messages cannot be counted")?)?)
    }
}

async fn connect(url: &Url, name: &str) -> anyhow::Result<MySqlConnection> {
    let connected = MySqlConnection::connect(url.as_str()).await;
    connected.with_context(|| format!("the server of `{name}` cannot be reached"))
}

/// All values as text.
async fn rows(
    connection: &mut MySqlConnection,
    query: &'static str,
) -> anyhow::Result<Vec<Vec<String>>> {
    let rows = sqlx::raw_sql(query).fetch_all(connection).await?;
    // Unchecked: over the text protocol every value is text, whatever its type is called.
    let text = |row: &sqlx::mysql::MySqlRow, index| row.try_get_unchecked::<String, _>(index);
    let values =
        |row| (0..row_len(row)).map(|index| text(row, index).unwrap_or_default()).collect();
    Ok(rows.iter().map(values).collect())
}

fn row_len(row: &sqlx::mysql::MySqlRow) -> usize {
    row.columns().len()
}

/// The server's process, if its file names one of this machine that is such a server.
fn server_process(pid_file: &Path) -> Option<u32> {
    let pid = fs::read_to_string(pid_file).ok()?.trim().parse().ok()?;
    let program = process::program(pid)?;
    ["mariadbd", "mysqld"].contains(&program.as_str()).then_some(pid)
}
