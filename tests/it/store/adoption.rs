//! The original's table: its people go on where they stood.

use ringback::conversation::{State, Value};
use ringback::store::Person;

use super::{message, migrated, sender, take};
use crate::support::database::{each_database, on_mysql, run_sql, select};

/// The statement with which the Flask demo made its table. SQLite knows
/// neither `ON UPDATE` nor needs it.
const ORIGINAL: &str = "CREATE TABLE IF NOT EXISTS user_sessions (
    phone_number VARCHAR(20) PRIMARY KEY,
    user_name VARCHAR(100),
    favorite_song VARCHAR(200),
    conversation_state VARCHAR(50),
    last_interaction TIMESTAMP DEFAULT CURRENT_TIMESTAMP{ON_UPDATE})";

const PEOPLE: &str = "INSERT INTO user_sessions VALUES
    ('+15550000001', NULL, NULL, 'initial', '2024-11-20 10:00:00'),
    ('+15550000002', NULL, NULL, 'waiting_for_name', '2024-11-20 10:00:00'),
    ('+15550000003', 'John', NULL, 'waiting_for_song', '2024-11-20 10:00:00'),
    ('+15550000004', 'Zoé', 'Bohemian Rhapsody', 'completed', '2024-11-20 10:00:00'),
    ('+15550000005', 'Ann', NULL, 'WAITING_FOR_SONG', '2024-11-20 10:00:00'),
    ('+15550000006', 'Bob', NULL, NULL, '2024-11-20 10:00:00')";

async fn original(url: &str) {
    let on_update = if url.starts_with("mysql") { " ON UPDATE CURRENT_TIMESTAMP" } else { "" };
    run_sql(url, &ORIGINAL.replace("{ON_UPDATE}", on_update)).await;
}

#[tokio::test]
async fn people_of_the_original_stand_where_they_stood() {
    each_database(async |database| {
        let url = database.url();
        original(url).await;
        run_sql(url, PEOPLE).await;
        let store = migrated(url).await;
        let person = async |address| store.person(&sender(address)).await.unwrap().unwrap();
        let text = |person: &Person, name: &str| match person.session.answers.get(name) {
            Some(Value::Text(text)) => text.clone(),
            other => format!("{other:?}"),
        };

        let cases = [
            ("+15550000001", State::Initial),
            ("+15550000002", State::Waiting("WAITING_FOR_NAME".to_owned())),
            ("+15550000003", State::Waiting("WAITING_FOR_SONG".to_owned())),
            ("+15550000004", State::Ended("COMPLETED".to_owned())),
            ("+15550000005", State::Waiting("WAITING_FOR_SONG".to_owned())),
            ("+15550000006", State::Initial),
        ];
        for (address, state) in cases {
            let person = person(address).await;
            assert_eq!(person.session.state, state, "{address}");
            assert_eq!((person.session.flow, person.session.expires_at), (None, None), "{address}");
        }
        assert_eq!(text(&person("+15550000003").await, "user_name"), "John");
        assert_eq!(text(&person("+15550000004").await, "user_name"), "Zoé");
        assert_eq!(text(&person("+15550000004").await, "favorite_song"), "Bohemian Rhapsody");
    })
    .await;
}

#[tokio::test]
async fn the_five_columns_keep_their_names_and_come_first() {
    each_database(async |database| {
        let url = database.url();
        original(url).await;
        run_sql(url, PEOPLE).await;
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        take(&mut writer, vec![message("SM1", "+15550000003")]).await.unwrap();
        let rows = select(
            url,
            "SELECT CONCAT_WS('|', phone_number, user_name, conversation_state) \
             FROM user_sessions WHERE phone_number = '+15550000003'",
        )
        .await;
        assert_eq!(rows[0].split('|').take(2).collect::<Vec<_>>(), ["+15550000003", "John"]);
        let columns = if url.starts_with("mysql") {
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = 'user_sessions' \
             ORDER BY ordinal_position LIMIT 5"
        } else {
            "SELECT name FROM pragma_table_info('user_sessions') ORDER BY cid LIMIT 5"
        };
        assert_eq!(
            select(url, columns).await,
            [
                "phone_number",
                "user_name",
                "favorite_song",
                "conversation_state",
                "last_interaction"
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn an_adopted_latin1_table_takes_emoji_and_long_addresses() {
    on_mysql(async |database| {
        let url = database.url();
        run_sql(url, &(ORIGINAL.replace("{ON_UPDATE}", "") + " DEFAULT CHARACTER SET latin1"))
            .await;
        run_sql(url, "INSERT INTO user_sessions VALUES ('+1', 'Zoé', NULL, 'completed', NOW())")
            .await;
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let long = format!("whatsapp:US.{}", "x".repeat(128));
        take(&mut writer, vec![message("SM1", &long)]).await.unwrap();
        let person = store.person(&sender("+1")).await.unwrap().unwrap();
        assert_eq!(person.session.answers["user_name"], Value::from("Zoé"));
        run_sql(url, "UPDATE user_sessions SET user_name = '😀' WHERE phone_number = '+1'").await;
        assert_eq!(
            select(url, "SELECT user_name FROM user_sessions WHERE phone_number = '+1'").await,
            ["😀"]
        );
    })
    .await;
}

#[tokio::test]
async fn keys_beyond_ascii_stop_the_migration_and_are_counted() {
    on_mysql(async |database| {
        let url = database.url();
        run_sql(url, &(ORIGINAL.replace("{ON_UPDATE}", "") + " DEFAULT CHARACTER SET utf8mb4"))
            .await;
        run_sql(url, "INSERT INTO user_sessions (phone_number) VALUES ('+1'), ('＋2'), ('٣')")
            .await;
        let store =
            ringback::store::Store::new(&ringback::store::url::DatabaseUrl::parse(url).unwrap())
                .unwrap();
        let error = store.migrate().await.unwrap_err().to_string();
        assert!(error.contains("`user_sessions` has 2 rows that have a `phone_number`"), "{error}");
        run_sql(url, "DELETE FROM user_sessions WHERE phone_number <> '+1'").await;
        store.migrate().await.unwrap();
    })
    .await;
}
