//! What `MySQL` reports about its tables, and what is done about it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, MySqlConnection};

use super::facts::{Facts, facts};
use super::rules;
use super::shape::{KEY, MIGRATIONS, OURS, SESSIONS};
use super::{Cure, Finding, alter, refusal};
use crate::store::StoreError;

/// Changes the tables so that they can be used, or says what prevents it.
/// `applied` has the completed migrations.
pub(in crate::store) async fn make_fit(
    connection: &mut MySqlConnection,
    applied: &BTreeSet<i64>,
) -> Result<(), StoreError> {
    for table in OURS.iter().map(|table| table.name).chain([SESSIONS, MIGRATIONS]) {
        let Some(facts) = facts(connection, table).await? else { continue };
        let mut findings = rules::findings(&facts, applied);
        if table == SESSIONS && rules::may_lose_keys(&facts, applied) {
            findings.splice(0..0, of_values(connection, &facts).await?);
        }
        mend(connection, table, &findings).await?;
    }
    Ok(())
}

async fn mend(
    connection: &mut MySqlConnection,
    table: &str,
    findings: &[Finding],
) -> Result<(), StoreError> {
    let mut changes: Vec<String> = Vec::new();
    for finding in findings {
        match &finding.cure {
            Cure::Yours(_) => return Err(refusal(findings)),
            Cure::Ours(parts) => {
                let fresh = parts.iter().filter(|part| !changes.contains(part));
                let fresh: Vec<String> = fresh.cloned().collect();
                changes.extend(fresh);
            }
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let statement = alter(table, &changes);
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(connection).await {
        let found: Vec<&str> = findings.iter().map(|finding| finding.what.as_str()).collect();
        let what =
            format!("{}, and could not be changed: {}", found.join("; "), StoreError::from(error));
        return Err(refusal(&[Finding::yours(table, what, statement)]));
    }
    tracing::warn!(table, %statement, "a table was changed so that it can be used");
    Ok(())
}

/// Finds values in the keys that would not survive the change of their column.
/// The second migration compares them regardless of case and trailing spaces.
async fn of_values(
    connection: &mut MySqlConnection,
    facts: &Facts,
) -> Result<Vec<Finding>, StoreError> {
    let Some(key) = facts.column(KEY) else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    let cases = [
        ("phone_number IS NULL", "have no `phone_number`"),
        (
            "CONVERT(phone_number USING utf8mb4) \
             <> CONVERT(CONVERT(phone_number USING ascii) USING utf8mb4)",
            "have a `phone_number` that is not ASCII, and so no address of a sender",
        ),
        ("CHAR_LENGTH(phone_number) > 190", "have a `phone_number` of more than 190 characters"),
    ];
    for (condition, what) in cases {
        let count = format!("SELECT COUNT(*) FROM user_sessions WHERE {condition}");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut *connection).await?;
        if rows > 0 {
            let delete = format!("DELETE FROM user_sessions WHERE {condition};");
            findings.push(Finding::yours(SESSIONS, format!("has {rows} rows that {what}"), delete));
        }
    }
    let twice: i64 = sqlx::query_scalar(
        "SELECT COUNT(phone_number) - COUNT(DISTINCT CONVERT(phone_number USING utf8mb4) \
         COLLATE utf8mb4_general_ci) FROM user_sessions",
    )
    .fetch_one(&mut *connection)
    .await?;
    if twice > 0 {
        findings.push(Finding::yours(
            SESSIONS,
            format!("has {twice} rows whose `phone_number` another row also has"),
            once_each(facts.column("last_interaction").is_some()),
        ));
    }
    if key.is_number() {
        let any: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM user_sessions").fetch_one(connection).await?;
        if any > 0 {
            findings.push(Finding::yours(
                SESSIONS,
                "keeps `phone_number` as a number, without the `+` of an address",
                AS_ADDRESS,
            ));
        }
    }
    Ok(findings)
}

/// Returns statements that keep one row of each sender, the newest if that can
/// be known, and all rows in a second table.
fn once_each(has_time: bool) -> String {
    let newest = if has_time { " ORDER BY last_interaction DESC" } else { "" };
    format!(
        "CREATE TABLE user_sessions_once LIKE user_sessions;\n\
         ALTER TABLE user_sessions_once MODIFY phone_number VARCHAR(190) CHARACTER SET ascii NOT NULL, \
         ADD UNIQUE KEY (phone_number);\n\
         INSERT IGNORE INTO user_sessions_once SELECT * FROM user_sessions \
         WHERE phone_number IS NOT NULL{newest};\n\
         RENAME TABLE user_sessions TO user_sessions_of_before, user_sessions_once TO user_sessions;"
    )
}

const AS_ADDRESS: &str = "\
ALTER TABLE user_sessions MODIFY phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
UPDATE user_sessions SET phone_number = CONCAT('+', phone_number);";
