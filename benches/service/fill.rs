//! Tables that are full before anything is measured, to see what their size costs.

use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use ringback::store::Store;
use ringback::store::url::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, SqliteConnection};

use super::database::Schema;

/// Rows that one statement makes.
const AT_ONCE: u64 = 50_000;

/// Makes that many people, each with a message and a conversation that ended.
/// Their numbers and ids are scattered like those of the load, and are others.
pub(crate) async fn fill(schema: &Schema, rows: u64) -> anyhow::Result<()> {
    let is_sqlite = schema.url.starts_with("sqlite:");
    execute(schema, rows, |first, count| statements(first, count, is_sqlite)).await
}

/// Makes that many people who were asked something so long ago, and who are to be
/// reminded an hour after it.
pub(crate) async fn wait(schema: &Schema, rows: u64, ago: Duration) -> anyhow::Result<()> {
    let asked_at = Timestamp::now() - ago;
    let hour = Duration::from_hours(1);
    let [asked, wakes, expires] = [asked_at, asked_at + hour, asked_at + 24 * hour]
        .map(|at| at.strftime("%F %T.%3f").to_string());
    execute(schema, rows, |first, count| {
        let numbers = numbers(first, count);
        format!(
            "INSERT INTO user_sessions (phone_number, conversation_state, last_interaction, flow, \
             answers, tries, began_at, expires_at, turns, waits, wakes_at, contact) \
             SELECT {NUMBER}, 'WAITING_FOR_NAME', '{asked}', 'favorite-song', '{{}}', 0, '{asked}', \
             '{expires}', 1, '{{\"asked_at\":\"{asked}\",\"nudges\":0}}', '{wakes}', \
             CONCAT('{{\"channel\":\"sms\",\"us\":\"+14155238886\",\"them\":\"', {NUMBER}, '\"}}') \
             FROM {numbers}"
        )
    })
    .await
}

/// Runs statements that make so many rows, from the first on.
async fn execute(
    schema: &Schema,
    rows: u64,
    statements: impl Fn(u64, u64) -> String,
) -> anyhow::Result<()> {
    let url = DatabaseUrl::parse(&schema.url).context("the database's URL is none")?;
    Store::new(&url)?.migrate().await?;
    let is_sqlite = schema.url.starts_with("sqlite:");
    for first in (1..=rows).step_by(usize::try_from(AT_ONCE)?) {
        let count = AT_ONCE.min(rows + 1 - first);
        let statements = sqlx::raw_sql(AssertSqlSafe(statements(first, count)));
        let filled = if is_sqlite {
            statements.execute(&mut SqliteConnection::connect(&schema.url).await?).await.map(drop)
        } else {
            statements.execute(&mut MySqlConnection::connect(&schema.url).await?).await.map(drop)
        };
        filled.context("the tables cannot be filled")?;
    }
    Ok(())
}

/// The number of a person.
const NUMBER: &str = "CONCAT('+1999', SUBSTR(CONCAT('000000000', n * 387420489 % 1000000000), -9))";

fn numbers(first: u64, count: u64) -> String {
    // Five digits of ten each: numbers from `first` on, in SQL that both databases know.
    let digit = "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 \
                 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 \
                 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    format!(
        "(SELECT n FROM (SELECT {first} + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS n \
         FROM {digit} a, {digit} b, {digit} c, {digit} d, {digit} e) AS every \
         WHERE n < {first} + {count}) AS numbers"
    )
}

fn statements(first: u64, count: u64, is_sqlite: bool) -> String {
    let (numbers, number) = (numbers(first, count), NUMBER);
    let id = if is_sqlite { "LOWER(HEX(RANDOMBLOB(16)))" } else { "MD5(n)" };
    let answers =
        r#"CONCAT('{"favorite_song":"Bohemian Rhapsody & ', n, '","user_name":"John ', n, '"}')"#;
    let at = "'2026-01-01 00:00:00.000'";
    format!(
        "INSERT INTO user_sessions (phone_number, user_name, favorite_song, conversation_state, \
         last_interaction, flow, answers, tries, began_at, turns) \
         SELECT {number}, CONCAT('John ', n), CONCAT('Bohemian Rhapsody & ', n), 'COMPLETED', {at}, \
         'favorite-song', {answers}, 0, {at}, 1 FROM {numbers}; \
         INSERT INTO messages (message_id, phone_number, turn, channel, from_address, to_address, body, \
         parameters, received_at, state_before, state_after, reply) \
         SELECT CONCAT('SM', {id}), {number}, 1, 'sms', {number}, '+14155238886', \
         CONCAT('Bohemian Rhapsody & ', n), \
         '{{\"ToCountry\":\"US\",\"ToState\":\"CA\",\"ToCity\":\"SAN FRANCISCO\",\"ToZip\":\"94105\",\"FromCountry\":\"US\"}}', \
         {at}, 'WAITING_FOR_SONG', 'COMPLETED', CONCAT('<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <Response><Message>Playing Bohemian Rhapsody &amp; ', n, '</Message></Response>') FROM {numbers}; \
         INSERT INTO conversations (phone_number, channel, flow, outcome, answers, began_at, ended_at) \
         SELECT {number}, 'sms', 'favorite-song', 'COMPLETED', {answers}, {at}, {at} FROM {numbers}"
    )
}
