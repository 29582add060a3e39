//! How each statement of the store finds its rows: by an index, on tables of some size.
//!
//! The databases tell it themselves, for statements with as many rows as a
//! batch may have and with values bound, since both decide about a plan.

use std::fmt::Write;

use ringback::store::{Dialect, Statement};
use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, SqliteConnection};

use super::migrated;
use crate::support::database::{TestDatabase, each_database, run_sql};

/// How many people, and turns of each, the tables hold.
const SENDERS: usize = 3000;
const TURNS: usize = 4;

/// How many versions of the flows were served.
const VERSIONS: usize = 3000;

/// How many rows a statement is asked for: one, the most that has a text for
/// every number, and a whole batch, for which MySQL no longer looks into the
/// index to guess how many rows there are.
const ROWS: [usize; 3] = [1, 64, 256];

/// How many rows one look at old messages takes.
const BITE: i64 = 500;

/// A value that a placeholder stands for.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
}

/// What a statement is given, and what is expected of its plan.
#[derive(Debug)]
struct Case {
    values: Vec<Value>,
    /// The index by which it finds rows, on `SQLite` and on MySQL; `None`: it
    /// only inserts.
    index: Option<(&'static str, &'static str)>,
    /// About how many rows it reads there.
    reads: usize,
}

const SESSION: (&str, &str) = ("sqlite_autoindex_user_sessions_1", "PRIMARY");
const WAKES_AT: (&str, &str) = ("user_sessions_wakes_at", "user_sessions_wakes_at");
const TEXTS: (&str, &str) = ("outgoing_phone_number", "outgoing_phone_number");
const TEXTS_DUE: (&str, &str) = ("outgoing_due_at", "outgoing_due_at");
const TEXTS_IN_STATE: (&str, &str) = ("outgoing_state", "outgoing_state");
const PACE: (&str, &str) = ("sqlite_autoindex_send_pace_1", "PRIMARY");
/// How many texts each person got.
const TEXTS_EACH: usize = 3;
/// The people whose silence is over.
const DUE: usize = 20;

const MESSAGE_ID: (&str, &str) = ("sqlite_autoindex_messages_1", "messages_message_id");
const TURN: (&str, &str) = ("sqlite_autoindex_messages_2", "messages_phone_number_turn");
const VERSION_HASH: (&str, &str) = ("flow_versions_hash", "flow_versions_hash");
const SIGNATURE: (&str, &str) = ("sqlite_autoindex_signatures_1", "signatures_signature");
const SENDER_ID: (&str, &str) = ("sqlite_autoindex_sender_ids_1", "PRIMARY");
const KEY_OF_ID: (&str, &str) = ("sender_ids_phone_number", "sender_ids_phone_number");
const CONVERSATION: (&str, &str) = ("conversations_phone_number", "conversations_phone_number");
const ROW: (&str, &str) = ("INTEGER PRIMARY KEY", "PRIMARY");

fn closed() -> Vec<Value> {
    vec![Value::Bytes(Vec::new()), Value::Text(message_id(7, 1))]
}

/// A statement without a case is no statement: this does not compile then.
fn case(statement: Statement, rows: usize) -> Case {
    let senders = || (0..rows).map(|row| Value::Text(phone(row * 7))).collect();
    let (values, index, reads) = match statement {
        Statement::LoadSessions
        | Statement::LoadFreeSessions
        | Statement::ReadSession
        | Statement::VisibleSessions
        | Statement::DeleteSession
        | Statement::ClaimNewSessions => (senders(), Some(SESSION), rows),
        Statement::ClaimFirstTurns => (senders(), Some(TURN), rows),
        Statement::LastTurns => (senders(), Some(TURN), rows * TURNS),
        Statement::CloseReply => (closed(), Some(MESSAGE_ID), 1),
        Statement::RecordedReplies => {
            let ids = (0..rows).map(|row| Value::Text(message_id(row * 7, 1))).collect();
            (ids, Some(MESSAGE_ID), rows)
        }
        Statement::EntriesForward | Statement::EntriesBackward => {
            let values = vec![Value::Text(phone(7)), Value::Number(1), Value::Number(500)];
            (values, Some(TURN), TURNS)
        }
        // What bounds these is their LIMIT, which the plan does not count in.
        Statement::ReadSessions => {
            (vec![Value::Text(phone(7)), Value::Number(1_000)], Some(SESSION), SENDERS)
        }
        Statement::DueSessions => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(WAKES_AT), DUE)
        }
        Statement::NewestVersion => (vec![], Some(ROW), VERSIONS),
        // Of the rows before it, only the last is read. `MySQL` sees that nothing is
        // excluded by a number beyond all of them, and asks the index for its end.
        Statement::LastMessage => (vec![Value::Number(6_000)], Some(ROW), SENDERS * TURNS),
        Statement::OldMessages | Statement::OldSignatures | Statement::OldTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(100), Value::Number(BITE)];
            (values, Some(ROW), SENDERS * TURNS)
        }
        Statement::SignatureOwners => {
            let signatures = (0..rows).map(|row| Value::Bytes(signature(row * 7))).collect();
            (signatures, Some(SIGNATURE), rows)
        }
        Statement::ClaimSignatures => {
            let row = |row| {
                [Value::Bytes(signature(row)), Value::Number(1), Value::Number(2), Value::Number(3)]
            };
            ((0..rows).flat_map(row).collect(), None, 0)
        }
        Statement::SenderKeys | Statement::HoldSenderKeys => {
            let ids = (0..rows).map(|row| Value::Text(external_id(row * 7))).collect();
            (ids, Some(SENDER_ID), rows)
        }
        Statement::ClaimSenderIds | Statement::SavePaces => (inserted(rows, 2), None, 0),
        Statement::SenderIds => (vec![Value::Text(phone(7))], Some(KEY_OF_ID), 1),
        Statement::MoveSenderIds => {
            (vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))], Some(KEY_OF_ID), 1)
        }
        Statement::MoveConversations => {
            let values = vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))];
            (values, Some(CONVERSATION), 1)
        }
        Statement::MoveMessages => {
            let new = [Value::Text(phone(SENDERS)), Value::Number(3)];
            ([&new[..], &[Value::Text(phone(7))]].concat(), Some(TURN), TURNS)
        }
        Statement::VersionOfHash => (vec![Value::Text(hash(7))], Some(VERSION_HASH), 1),
        Statement::ReadVersion => (vec![Value::Number(7)], Some(ROW), 1),
        Statement::InsertVersion => (inserted(1, 3), None, 0),
        Statement::DeleteMessages | Statement::DeleteSignatures | Statement::DeleteTexts => {
            let bite = [Value::Number(100), Value::Number(100 + BITE)];
            ([&bite[..], &[Value::Text(DAY.to_owned())]].concat(), Some(ROW), 500)
        }
        Statement::SaveSessions => (inserted(rows, 18), None, 0),
        Statement::SaveTexts => (inserted(rows, 25), None, 0),
        // Four states of each.
        Statement::OpenTexts => {
            let keys: Vec<Value> = senders();
            ([keys, vec![Value::Text(DAY.to_owned())]].concat(), Some(TEXTS), 8 * rows)
        }
        Statement::TextsOf => (vec![Value::Text(phone(7))], Some(TEXTS), TEXTS_EACH),
        Statement::TextsById | Statement::TextSenders => {
            let ids =
                (0..rows).map(|row| Value::Number(i64::try_from(row * 7 + 100).unwrap())).collect();
            (ids, Some(ROW), rows)
        }
        Statement::DueTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(TEXTS_DUE), DUE)
        }
        Statement::CountTexts => {
            (vec![Value::Text("pending".to_owned())], Some(TEXTS_IN_STATE), SENDERS)
        }
        Statement::StaleTexts => {
            let values = vec![Value::Text(DAY.to_owned()), Value::Number(64), Value::Number(0)];
            (values, Some(TEXTS_IN_STATE), SENDERS)
        }
        Statement::MoveTexts => {
            let values = vec![Value::Text(phone(SENDERS)), Value::Text(phone(7))];
            (values, Some(TEXTS), TEXTS_EACH)
        }
        Statement::Paces => (senders(), Some(PACE), rows),
        Statement::InsertMessages => (inserted(rows, 13), None, 0),
        Statement::InsertConversations => (inserted(rows, 7), None, 0),
    };
    Case { values, index, reads }
}

/// Most messages are older, so that the time alone would find too many rows.
const DAY: &str = "2026-11-23 00:00:00.000";

fn inserted(rows: usize, columns: usize) -> Vec<Value> {
    (0..rows * columns).map(|value| Value::Number(i64::try_from(value).unwrap())).collect()
}

fn phone(sender: usize) -> String {
    format!("+1555{sender:07}")
}

fn hash(version: usize) -> String {
    format!("{version:064x}")
}

fn signature(row: usize) -> Vec<u8> {
    format!("{row:020}").into_bytes()
}

fn external_id(row: usize) -> String {
    format!("whatsapp:US.{row:010}")
}

fn message_id(sender: usize, turn: usize) -> String {
    format!("SM{sender:08}{turn:08}")
}

/// Fills the tables.
async fn fill(database: &TestDatabase) {
    let mut sql = String::from(
        "INSERT INTO user_sessions (phone_number, conversation_state, flow, turns, wakes_at) VALUES ",
    );
    for sender in 0..SENDERS {
        let comma = if sender == 0 { "" } else { "," };
        // Most people wait for nothing, and of those who do, few are due.
        let wakes_at = match sender {
            ..DUE => format!("'{DAY}'"),
            _ if sender % 10 == 0 => "'2026-12-24 04:05:06.789'".to_owned(),
            _ => "NULL".to_owned(),
        };
        write!(sql, "{comma}('{}', 'COMPLETED', 'survey', {TURNS}, {wakes_at})", phone(sender))
            .unwrap();
    }
    sql.push_str(
        "; INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
         to_address, body, received_at, state_before, state_after, reply) VALUES ",
    );
    for turn in 1..=TURNS {
        for sender in 0..SENDERS {
            let comma = if turn == 1 && sender == 0 { "" } else { "," };
            let (id, from) = (message_id(sender, turn), phone(sender));
            write!(
                sql,
                "{comma}('{id}', '{from}', {turn}, 'sms', '{from}', '+15550006666', 'hello', \
                 '2026-11-2{turn} 04:05:06.789', 'INITIAL', 'INITIAL', '<Response/>')"
            )
            .unwrap();
        }
    }
    sql.push_str("; INSERT INTO flow_versions (hash, sources, first_served_at) VALUES ");
    for version in 0..VERSIONS {
        let comma = if version == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '[]', '2026-11-23 04:05:06.789')", hash(version)).unwrap();
    }
    sql.push_str(
        "; INSERT INTO signatures (signature, message_id, phone_number, received_at) VALUES ",
    );
    for row in 0..SENDERS * TURNS {
        let comma = if row == 0 { "" } else { "," };
        let day = row / SENDERS + 1;
        write!(
            sql,
            "{comma}(X'{}', '{}', '{}', '2026-11-2{day} 04:05:06.789')",
            hex(&signature(row)),
            message_id(row, 1),
            phone(row)
        )
        .unwrap();
    }
    sql.push_str("; INSERT INTO sender_ids (external_id, phone_number) VALUES ");
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '{}')", external_id(row), phone(row)).unwrap();
    }
    sql.push_str(
        "; INSERT INTO conversations \
         (phone_number, channel, flow, outcome, answers, ended_at) VALUES ",
    );
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', 'sms', 'survey', 'COMPLETED', '{{}}', '{DAY}')", phone(row))
            .unwrap();
    }
    sql.push_str(
        "; INSERT INTO outgoing (phone_number, channel, from_address, to_address, body, kind, \
         turns, state, tries, created_at, good_until, not_before, due_at, changed_at) VALUES ",
    );
    for row in 0..SENDERS * TEXTS_EACH {
        let comma = if row == 0 { "" } else { "," };
        // Most are long on the phone, some wait, and of those few are due.
        let (state, due_at) = match row {
            ..DUE => ("pending", format!("'{DAY}'")),
            _ if row % 10 == 0 => ("pending", "'2026-12-24 04:05:06.789'".to_owned()),
            _ => ("delivered", "NULL".to_owned()),
        };
        let (sender, day) = (phone(row % SENDERS), row % 20 + 10);
        write!(
            sql,
            "{comma}('{sender}', 'sms', '+15550006666', '{sender}', 'hello', 'nudge', 1, \
             '{state}', 0, '2026-11-{day} 04:05:06.789', '{DAY}', '{DAY}', {due_at}, '{DAY}')"
        )
        .unwrap();
    }
    sql.push_str("; INSERT INTO send_pace (address, free_at) VALUES ");
    for row in 0..SENDERS {
        let comma = if row == 0 { "" } else { "," };
        write!(sql, "{comma}('{}', '{DAY}')", phone(row)).unwrap();
    }
    run_sql(database.url(), &sql).await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Lets the database look at what is in its tables.
async fn analyse(database: &TestDatabase) {
    let tables = if database.is_mysql() {
        "TABLE user_sessions, messages, conversations, flow_versions, signatures, sender_ids, \
         outgoing, send_pace"
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
                (Some(("CO-ROUTINE" | "SCAN", "bite")), _) => true,
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
