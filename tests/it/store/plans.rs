//! How each statement of the store finds its rows: by an index, on tables of some size.
//!
//! The databases tell it themselves, for statements with as many rows as a
//! batch may have and with values bound, since both decide about a plan.

mod cases;
mod rows;

use std::fmt::Write;

use ringback::store::{Dialect, Statement};
use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, SqliteConnection};

use self::cases::{Case, Value, case};
use self::rows::fill;
use super::migrated;
use crate::support::database::{TestDatabase, each_database, run_sql};

/// How many rows a statement is asked for: one, the most that has a text for
/// every number, and a whole batch, for which MySQL no longer looks into the
/// index to guess how many rows there are.
const ROWS: [usize; 3] = [1, 64, 256];

/// Lets the database look at what is in its tables.
async fn analyse(database: &TestDatabase) {
    let tables = if database.is_mysql() {
        "TABLE user_sessions, messages, conversations, flow_versions, signatures, sender_ids, \
         outgoing, send_pace, callbacks"
    } else {
        ""
    };
    run_sql(database.url(), &format!("ANALYZE {tables}")).await;
}

/// A line of a plan: what it says, and what is wrong with it.
type Step = (String, Option<&'static str>);

/// The statements that this database gets to see.
fn statements(database: &TestDatabase) -> impl Iterator<Item = Statement> {
    let is_mysql = database.is_mysql();
    Statement::ALL.iter().copied().filter(move |statement| {
        let is_for_mysql =
            matches!(statement, Statement::ClaimNewSessions | Statement::ClaimFirstTurns);
        is_mysql || !is_for_mysql
    })
}

/// The plans of all statements, one a line, and of which statements a line is wrong.
async fn plans(database: &TestDatabase) -> (String, Vec<Statement>) {
    let mut table = String::new();
    let mut wrong = Vec::new();
    for statement in statements(database) {
        let dialect = if database.is_mysql() { Dialect::MySql } else { Dialect::Sqlite };
        let varies = statement.text(dialect, 1) != statement.text(dialect, 2);
        for rows in ROWS.into_iter().take(if varies { ROWS.len() } else { 1 }) {
            let text = statement.text(dialect, rows);
            let case = case(statement, rows);
            assert_eq!(text.matches('?').count(), case.values.len(), "{text}");
            let steps = if database.is_mysql() {
                mysql_plan(database.url(), &text, &case).await
            } else {
                sqlite_plan(database.url(), &text, &case).await
            };
            let steps =
                steps.unwrap_or_else(|error| vec![(error.to_string(), Some("no plan at all"))]);
            for (step, why) in steps {
                let mark = why.map(|why| format!("   <-- {why}")).unwrap_or_default();
                let name = format!("{statement:?}");
                writeln!(table, "{name:<20} {rows:>3}   {step}{mark}").unwrap();
                if why.is_some() && !wrong.contains(&statement) {
                    wrong.push(statement);
                }
            }
        }
    }
    (table, wrong)
}

/// `SQLite` tells its plan in words.
async fn sqlite_plan(url: &str, text: &str, case: &Case) -> sqlx::Result<Vec<Step>> {
    let mut connection = SqliteConnection::connect(url).await?;
    let mut query = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")));
    for value in &case.values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    let steps: Vec<String> =
        query.fetch_all(&mut connection).await?.iter().map(|row| row.get("detail")).collect();
    connection.close().await?;
    let searched = case.index.map(|(index, _)| format!("{index} ("));
    let finds = steps.iter().any(|step| step.starts_with("SEARCH "));
    let mut steps: Vec<Step> = steps
        .into_iter()
        .map(|step| {
            let is_well = match (step.split_once(' '), &searched) {
                // What the first part of a statement found, or the rows that it was given.
                (Some(("CO-ROUTINE" | "SCAN" | "SEARCH", "bite")), _) => true,
                (Some(("SCAN", rest)), None) => rest.ends_with("VALUES CLAUSE"),
                (Some(("SEARCH", rest)), Some(index)) => rest.contains(index.as_str()),
                _ => false,
            };
            let why =
                if step.starts_with("USE TEMP") { "sorted by itself" } else { "not by its index" };
            (step, (!is_well).then_some(why))
        })
        .collect();
    if searched.is_some() && !finds {
        steps.push((String::new(), Some("it searches nothing")));
    }
    Ok(steps)
}

/// MySQL and MariaDB tell it as a table.
async fn mysql_plan(url: &str, text: &str, case: &Case) -> sqlx::Result<Vec<Step>> {
    let mut connection = MySqlConnection::connect(url).await?;
    // Without the form, MySQL 9 answers with a tree.
    let mut query = sqlx::query(AssertSqlSafe(format!("EXPLAIN FORMAT=TRADITIONAL {text}")));
    for value in &case.values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Number(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        };
    }
    let rows = query.fetch_all(&mut connection).await?;
    connection.close().await?;
    let mut steps: Vec<Step> = rows.iter().map(|row| mysql_step(row, case)).collect();
    if case.index.is_some() && !steps.iter().any(|(step, _)| step.contains(" by ")) {
        steps.push((String::new(), Some("it searches nothing")));
    }
    Ok(steps)
}

fn mysql_step(row: &MySqlRow, case: &Case) -> Step {
    let column = |name: &str| -> String {
        row.try_get_unchecked::<Option<String>, _>(name).unwrap().unwrap_or_default()
    };
    let (kind, table, access) = (column("select_type"), column("table"), column("type"));
    let (key, extra) = (column("key"), column("Extra"));
    // MariaDB counts in text.
    let reads: Option<usize> = match row.try_get::<Option<u64>, _>("rows") {
        Ok(reads) => reads.and_then(|reads| reads.try_into().ok()),
        Err(_) => column("rows").parse().ok(),
    };
    let reads = reads.unwrap_or(usize::MAX);
    let Some((_, index)) = case.index else {
        let why = (kind != "INSERT" && !extra.is_empty()).then_some("it does not only insert");
        return (format!("inserts into {table}"), why);
    };
    if table.starts_with('<') {
        return (format!("reads on in {table}"), None);
    }
    let by = if key.is_empty() { "no index" } else { &key };
    let step = format!("{table} by {by}: {access}, rows: {reads}; {extra}");
    let why = if key != index || !["const", "eq_ref", "ref", "range"].contains(&access.as_str()) {
        Some("not by its index")
    // A database guesses.
    } else if reads > 2 * case.reads {
        Some("too many rows")
    // What changes the index by which it finds its rows notes these first.
    } else if extra.contains("filesort") || (extra.contains("temporary") && kind != "UPDATE") {
        Some("sorted by itself")
    } else {
        None
    };
    (step, why)
}

async fn all_well(database: &TestDatabase) {
    let (table, wrong) = plans(database).await;
    eprintln!("{table}");
    assert!(wrong.is_empty(), "these do not find their rows as they should: {wrong:?}");
}

#[tokio::test]
async fn every_statement_finds_its_rows_by_its_index() {
    each_database(async |database| {
        migrated(database.url()).await;
        fill(database).await;
        // Nobody analyses a service's SQLite file; MySQL does so by itself, sooner or later.
        if !database.is_mysql() {
            all_well(database).await;
        }
        analyse(database).await;
        all_well(database).await;
    })
    .await;
}

/// The test above sees what it is for.
#[tokio::test]
async fn a_table_without_its_indexes_is_seen() {
    each_database(async |database| {
        migrated(database.url()).await;
        fill(database).await;
        for table in [
            "user_sessions",
            "messages",
            "conversations",
            "flow_versions",
            "signatures",
            "sender_ids",
            "outgoing",
            "send_pace",
            "callbacks",
        ] {
            let bare = format!(
                "CREATE TABLE bare AS SELECT * FROM {table}; DROP TABLE {table}; \
                 ALTER TABLE bare RENAME TO {table}"
            );
            run_sql(database.url(), &bare).await;
        }
        analyse(database).await;
        let (table, wrong) = plans(database).await;
        for statement in statements(database) {
            // What only inserts tells nothing of the rows that it meets.
            let tells = case(statement, 1).index.is_some();
            assert!(!tells || wrong.contains(&statement), "{statement:?} in these plans:\n{table}");
        }
    })
    .await;
}
