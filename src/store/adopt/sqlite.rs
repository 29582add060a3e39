//! The same for `SQLite`, which cannot change a column. Apart from a missing
//! unique key, a table is either as required, or must be created again.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::shape::{ADDED, Holds, KEY, ORIGINAL, OURS, SESSIONS, is_written};
use super::{Finding, quoted, refusal, set_aside};
use crate::store::StoreError;

/// A column, as `pragma_table_xinfo` reports it.
#[derive(sqlx::FromRow)]
struct Column {
    name: String,
    #[sqlx(rename = "type")]
    declared: String,
    notnull: bool,
    dflt_value: Option<String>,
    pk: i64,
    hidden: i64,
}

/// An index, and its column if it has only one.
#[derive(sqlx::FromRow)]
struct Index {
    name: String,
    origin: String,
    partial: bool,
    columns: Option<String>,
    is_binary: bool,
}

/// Adds what a table lacks, or says what prevents its use. `applied` has the
/// completed migrations. Everything is in one transaction with them.
pub(in crate::store) async fn make_fit(
    connection: &mut SqliteConnection,
    applied: &BTreeSet<i64>,
) -> Result<(), StoreError> {
    let mut findings = Vec::new();
    for table in &OURS {
        let Some(_) = kind(connection, table.name, &mut findings).await? else { continue };
        let columns = columns(connection, table.name).await?;
        let missing = |name: &&&str| columns.iter().all(|column| column.name != **name);
        if let Some(missing) = table.columns.iter().find(missing)
            && !applied.contains(&table.made_by)
        {
            findings.push(another_s(table.name, &format!("it has no column `{missing}`")));
        }
    }
    if let Some(text) = kind(connection, SESSIONS, &mut findings).await? {
        sessions(connection, &text, applied, &mut findings).await?;
    }
    if findings.is_empty() { Ok(()) } else { Err(refusal(&findings)) }
}

/// Returns the statement that created a table; `None` if there is none, or none
/// that counts.
async fn kind(
    connection: &mut SqliteConnection,
    table: &str,
    findings: &mut Vec<Finding>,
) -> Result<Option<String>, StoreError> {
    let found: Option<(String, String)> = sqlx::query_as(
        "SELECT type, sql FROM sqlite_master \
         WHERE lower(name) = ? AND type IN ('table', 'view')",
    )
    .bind(table.to_owned())
    .fetch_optional(connection)
    .await?;
    let Some((kind, text)) = found else { return Ok(None) };
    if kind == "view" {
        let drop = format!("DROP VIEW {};", quoted(table));
        findings.push(Finding::yours(table, "is a view, not a table", drop));
        return Ok(None);
    }
    if text.to_ascii_uppercase().starts_with("CREATE VIRTUAL") {
        findings.push(another_s(table, "it is a virtual table"));
        return Ok(None);
    }
    Ok(Some(text))
}

fn another_s(table: &str, because: &str) -> Finding {
    let rename = format!("ALTER TABLE {} RENAME TO {};", quoted(table), set_aside(table));
    Finding::yours(table, format!("is another program's: {because}"), rename)
}

async fn columns(
    connection: &mut SqliteConnection,
    table: &str,
) -> Result<Vec<Column>, StoreError> {
    let text = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)";
    Ok(sqlx::query_as(text).bind(table.to_owned()).fetch_all(connection).await?)
}

async fn sessions(
    connection: &mut SqliteConnection,
    text: &str,
    applied: &BTreeSet<i64>,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let columns = columns(connection, SESSIONS).await?;
    let column = |name: &str| columns.iter().find(|column| column.name.eq_ignore_ascii_case(name));
    if column(KEY).is_none() {
        findings.push(another_s(SESSIONS, &format!("it has no column `{KEY}`")));
        return Ok(());
    }
    if applied.contains(&ADDED[0].0) {
        // The table is ours by now: `SQLite` allows few changes of it.
        return Ok(());
    }
    for (name, _) in ADDED.iter().flat_map(|(_, added)| *added) {
        if column(name).is_some() {
            let rename =
                format!("ALTER TABLE user_sessions RENAME COLUMN {name} TO {};", set_aside(name));
            let what = format!("has a column `{name}` of another program");
            findings.push(Finding::yours(SESSIONS, what, rename));
        }
    }
    let indexes = unique_indexes(connection).await?;
    let other = indexes.iter().find(|index| {
        let names = index.columns.as_deref().unwrap_or_default();
        names.split('|').all(is_written) && !names.split('|').any(|name| name == KEY)
    });
    if let Some(index) = other.filter(|index| index.origin == "c") {
        let what = format!("has a unique index {} that two senders may share", quoted(&index.name));
        let drop = format!("DROP INDEX {};", quoted(&index.name));
        findings.push(Finding::yours(SESSIONS, what, drop));
    }
    let is_key = |index: &&Index| index.columns.as_deref() == Some(KEY) && !index.partial;
    let key = indexes.iter().find(is_key);
    let reason = columns.iter().find_map(unfit).or_else(|| {
        let upper = text.to_ascii_uppercase();
        let says = |word| upper.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == word);
        if says("CHECK") || says("REFERENCES") || says("COLLATE") {
            Some("checks, refers or compares in a way of its own".to_owned())
        } else if key.is_some_and(|key| !key.is_binary) {
            Some("takes two addresses for one".to_owned())
        } else {
            other
                .filter(|index| index.origin != "c")
                .map(|_| "has a unique key that two senders may share".to_owned())
        }
    });
    let (rows, twice, no_text): (i64, i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COUNT(phone_number) - COUNT(DISTINCT phone_number), \
         COUNT(CASE WHEN typeof(phone_number) NOT IN ('text', 'null') THEN 1 END) FROM user_sessions",
    )
    .fetch_one(&mut *connection)
    .await?;
    let reason = reason
        .or_else(|| {
            (no_text > 0)
                .then(|| format!("has {no_text} of {rows} rows whose `phone_number` is not text"))
        })
        .or_else(|| {
            let what =
                || format!("has {twice} of {rows} rows whose `phone_number` another row also has");
            (twice > 0).then(what)
        });
    if let Some(what) = reason {
        let has = |name: &str| column(name).is_some();
        findings.push(Finding::yours(SESSIONS, what, made_anew(&has)));
    }
    if !findings.is_empty() {
        return Ok(());
    }
    if key.is_none() {
        add(
            connection,
            "CREATE UNIQUE INDEX user_sessions_phone_number ON user_sessions (phone_number)",
        )
        .await?;
    }
    for wanted in &ORIGINAL[1..] {
        let name = wanted.name;
        if column(name).is_none() {
            add(connection, &format!("ALTER TABLE user_sessions ADD COLUMN {name} TEXT")).await?;
        }
        if wanted.holds == Holds::Time {
            continue;
        }
        let as_text = format!(
            "UPDATE user_sessions SET {name} = CAST({name} AS TEXT) \
             WHERE typeof({name}) NOT IN ('text', 'null')"
        );
        sqlx::raw_sql(AssertSqlSafe(as_text)).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn add(connection: &mut SqliteConnection, statement: &str) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await?;
    tracing::warn!(table = SESSIONS, statement, "a table was changed so that it can be used");
    Ok(())
}

/// Returns every unique index of the sessions, with the names of its columns in lower case.
async fn unique_indexes(connection: &mut SqliteConnection) -> Result<Vec<Index>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT list.name, list.origin, list.partial, \
         (SELECT group_concat(lower(coalesce(part.name, '(')), '|') FROM pragma_index_xinfo(list.name) AS part \
          WHERE part.key) AS columns, \
         (SELECT MIN(part.coll = 'BINARY') FROM pragma_index_xinfo(list.name) AS part \
          WHERE part.key) AS is_binary \
         FROM pragma_index_list('user_sessions') AS list WHERE list.\"unique\"",
    )
    .fetch_all(connection)
    .await?)
}

/// Returns why a column cannot stay.
fn unfit(column: &Column) -> Option<String> {
    let name = quoted(&column.name);
    let declared = column.declared.to_ascii_uppercase();
    // SQLite's own rules: https://sqlite.org/datatype3.html#determination_of_column_affinity
    let keeps_text = !declared.contains("INT")
        && (declared.is_empty()
            || ["CHAR", "CLOB", "TEXT", "BLOB"].iter().any(|text| declared.contains(text)));
    let Some(wanted) = ORIGINAL.iter().find(|ours| ours.name.eq_ignore_ascii_case(&column.name))
    else {
        let is_row_id = column.pk == 1 && declared == "INTEGER";
        let wants =
            column.notnull && column.dflt_value.is_none() && column.hidden == 0 && !is_row_id;
        return wants.then(|| format!("has a column {name} that takes no NULL and has no default"));
    };
    if column.hidden != 0 {
        return Some(format!("computes {name} by itself"));
    }
    if !keeps_text && wanted.name != "last_interaction" {
        return Some(format!("has {name} as {}, which makes numbers of texts", column.declared));
    }
    (column.notnull && wanted.takes_null).then(|| format!("has a column {name} that takes no NULL"))
}

/// Returns the statements that create the table again, with the newest row of
/// each sender, and keep the former one next to it.
fn made_anew(has: &dyn Fn(&str) -> bool) -> String {
    let value = |name: &str| match name {
        KEY => "CASE typeof(phone_number) WHEN 'text' THEN phone_number \
                ELSE '+' || CAST(phone_number AS TEXT) END"
            .to_owned(),
        name if has(name) => format!("CAST({name} AS TEXT)"),
        _ => "NULL".to_owned(),
    };
    let values: Vec<String> = ORIGINAL.iter().map(|column| value(column.name)).collect();
    let newest = if has("last_interaction") { " ORDER BY last_interaction DESC" } else { "" };
    format!(
        "ALTER TABLE user_sessions RENAME TO user_sessions_of_another;\n\
         CREATE TABLE user_sessions (phone_number TEXT NOT NULL PRIMARY KEY, user_name TEXT, \
         favorite_song TEXT, conversation_state TEXT, last_interaction TEXT DEFAULT CURRENT_TIMESTAMP);\n\
         INSERT OR IGNORE INTO user_sessions SELECT {} FROM user_sessions_of_another \
         WHERE phone_number IS NOT NULL{newest};",
        values.join(", ")
    )
}
