//! A fresh database for a test, of each kind that there is.
//!
//! `SQLite` is always there. MySQL is the server that `TEST_MYSQL_URL` names,
//! with an account that may create databases; without it that half is skipped
//! (see [`skip`]).

use std::env;

use sqlx::{Connection, Executor, MySqlConnection, Row, SqliteConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use super::skip;

/// A database of this test's own, empty, and gone with this value.
#[derive(Debug)]
pub(crate) struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Held for its end: the folder is removed.
    Sqlite {
        _folder: TempDir,
    },
    Mysql {
        server: Url,
        name: String,
    },
}

impl TestDatabase {
    /// A file that is not there yet, in a folder that is.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("ringback.db").display());
        Self { url, place: Place::Sqlite { _folder: folder } }
    }

    /// A database on the test server, or `None` where there is no such server.
    pub(crate) async fn mysql() -> Option<Self> {
        let Ok(server) = env::var("TEST_MYSQL_URL") else {
            skip("`TEST_MYSQL_URL` names no MySQL server (scripts/test starts one)");
            return None;
        };
        let server = Url::parse(&server).expect("`TEST_MYSQL_URL` is not a URL");
        let name = format!("ringback_test_{}", Uuid::new_v4().simple());
        execute(&server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"))
            .await
            .expect("no database could be made at `TEST_MYSQL_URL`");
        let mut url = server.clone();
        url.set_path(&name);
        Some(Self { url: url.into(), place: Place::Mysql { server, name } })
    }

    /// What `DATABASE_URL` is to be.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is the MySQL server.
    pub(crate) fn is_mysql(&self) -> bool {
        matches!(self.place, Place::Mysql { .. })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Mysql { server, name } = &self.place else { return };
        let (server, statement) = (server.clone(), format!("DROP DATABASE IF EXISTS {name}"));
        // On a thread of its own: the test may be inside a runtime, and may be
        // ending by a panic. What cannot be dropped goes with the server.
        let dropping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(execute(&server, &statement)).ok()
        });
        drop(dropping.join());
    }
}

async fn execute(server: &Url, statement: &str) -> sqlx::Result<()> {
    let mut connection = MySqlConnection::connect(server.as_str()).await?;
    connection.execute(sqlx::AssertSqlSafe(statement)).await?;
    connection.close().await
}

/// Runs a test on a fresh database of each kind, one after the other.
pub(crate) async fn each_database<F: AsyncFn(&TestDatabase)>(test: F) {
    let sqlite = TestDatabase::sqlite();
    eprintln!("on SQLite:");
    test(&sqlite).await;
    if let Some(mysql) = TestDatabase::mysql().await {
        eprintln!("on MySQL:");
        test(&mysql).await;
    }
}

/// Runs a test on a fresh MySQL database, for what only a server has.
pub(crate) async fn on_mysql<F: AsyncFn(&TestDatabase)>(test: F) {
    if let Some(mysql) = TestDatabase::mysql().await {
        test(&mysql).await;
    }
}

/// Runs statements, as another program would.
pub(crate) async fn run_sql(url: &str, statements: &str) {
    try_sql(url, statements).await.unwrap();
}

/// The same, on a database that may be away.
pub(crate) async fn try_sql(url: &str, statements: &str) -> sqlx::Result<()> {
    let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(statements.to_owned()));
    if url.starts_with("sqlite:") {
        let mut connection = sqlite(url).await?;
        statements.execute(&mut connection).await?;
        connection.close().await
    } else {
        let mut connection = MySqlConnection::connect(url).await?;
        statements.execute(&mut connection).await?;
        connection.close().await
    }
}

/// The first column of a query's rows, as another program reads them.
pub(crate) async fn select(url: &str, query: &str) -> Vec<String> {
    try_select(url, query).await.unwrap()
}

/// The same, of a database that may be away.
pub(crate) async fn try_select(url: &str, query: &str) -> sqlx::Result<Vec<String>> {
    let query = sqlx::raw_sql(sqlx::AssertSqlSafe(query.to_owned()));
    if url.starts_with("sqlite:") {
        let rows = query.fetch_all(&mut sqlite(url).await?).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    } else {
        let mut connection = MySqlConnection::connect(url).await?;
        let rows = query.fetch_all(&mut connection).await?;
        // Some servers call a text that is made of numbers binary.
        Ok(rows.iter().map(|row| row.get_unchecked(0)).collect())
    }
}

async fn sqlite(url: &str) -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect(&format!("{url}?mode=rwc")).await
}

#[tokio::test]
async fn each_database_is_empty_and_usable() {
    each_database(async |database| {
        let tables: i64 = if database.is_mysql() {
            let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
            connection.execute("CREATE TABLE t (a INT)").await.unwrap();
            let count =
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()";
            sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlite(database.url()).await.unwrap();
            connection.execute("CREATE TABLE t (a INT)").await.unwrap();
            let count = "SELECT COUNT(*) FROM sqlite_master";
            sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
        };
        assert_eq!(tables, 1, "{database:?}");
    })
    .await;
}

#[tokio::test]
async fn a_database_is_gone_after_a_test_that_failed() {
    let Some(database) = TestDatabase::mysql().await else { return };
    let url = database.url().to_owned();
    MySqlConnection::connect(&url).await.unwrap().close().await.unwrap();
    let failed = std::thread::spawn(move || {
        let _database = database;
        panic!("on purpose");
    });
    failed.join().unwrap_err();
    MySqlConnection::connect(&url).await.unwrap_err();
}
