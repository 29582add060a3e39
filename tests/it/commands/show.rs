//! `ringback show`: where a sender's conversation stands.

use insta::assert_snapshot;

use super::{SHIPPED, shown};
use crate::support::database::{TestDatabase, each_database, run_sql};
use crate::support::ringback::run;
use crate::support::service::Service;
use crate::support::twilio::{post, post_with, settings};

fn show(database: &TestDatabase, number: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    shown(&run(folder.path(), &[("DATABASE_URL", database.url())], &["show", number]))
}

#[tokio::test]
async fn a_person_with_all_that_was_said() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(folder.path(), &settings(database.url()));
        for (id, from, says) in [
            ("SM1", "+14155552671", "hello"),
            ("SM2", "+14155552671", "Zoë 👩‍👩‍👧‍👦\nof two lines"),
            ("SM3", "whatsapp:+14155552671", "STOP"),
            ("SM4", "whatsapp:+14155552671", "anybody there?"),
            ("SM5", "+14155552671", "hello"),
        ] {
            post(&service, id, from, says).await;
        }
        // With the service still there: looking disturbs nobody.
        assert_snapshot!("person", show(database, "+14155552671"));
        assert_eq!(show(database, "whatsapp:+14155552671"), show(database, "+14155552671"));
    })
    .await;
}

/// The texts of the outbox are printed like what was said, and only the last ten.
#[tokio::test]
async fn texts_that_answered_no_message() {
    each_database(async |database| {
        let number = "+14155552671";
        {
            let folder = tempfile::tempdir().unwrap();
            let service = Service::start(folder.path(), &settings(database.url()));
            post(&service, "SM1", number, "hello").await;
        }
        let put = async |id: u32, says: &str, kind: &str, state: &str, tries: u32| {
            let time = "2026-11-23 04:05:06.789";
            let sql = format!(
                "INSERT INTO outgoing (id, phone_number, channel, from_address, to_address, body, \
                 kind, turns, state, reason, code, tries, created_at, good_until, not_before, \
                 changed_at) VALUES ({id}, '{number}', 'sms', '+15005550006', '{number}', \
                 '{says}', '{kind}', 1, {state}, {tries}, '{time}', '{time}', '{time}', '{time}')"
            );
            run_sql(database.url(), &sql).await;
        };
        for id in 11..=17 {
            put(id, "Still there?", "nudge", "'delivered', NULL, NULL", 1).await;
        }
        let red = "\u{1b}[31mred\nZoë \u{202e}";
        put(18, red, "statement", "'failed', 'refused', 30003", 1).await;
        put(19, "Your name?", "question", "'unknown', 'cut_off', NULL", 1).await;
        put(20, "Your name?", "question", "'undelivered', NULL, 30005", 2).await;
        put(21, "A picture", "statement", "'dropped', 'operator', NULL", 0).await;
        put(22, "The last one", "statement", "'pending', NULL, NULL", 0).await;
        let media = "UPDATE outgoing SET media = '[\"https://a.example/1.png\"]' \
                     WHERE body = 'A picture'";
        run_sql(database.url(), media).await;
        let shown = show(database, number);
        let (_, texts) = shown.split_once("\n\ntexts").unwrap();
        assert_snapshot!("texts", format!("texts{texts}"));
    })
    .await;
}

#[tokio::test]
async fn a_person_is_found_by_each_of_their_names() {
    each_database(async |database| {
        const ID: &str = "whatsapp:US.13491208655302741918";
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(folder.path(), &settings(database.url()));
        post(&service, "SM1", ID, "hello").await;
        assert_snapshot!("by_id", show(database, ID));
        let known = format!("INSERT INTO sender_ids VALUES ('whatsapp:US.ENT.1', '{ID}')");
        run_sql(database.url(), &known).await;
        assert_eq!(show(database, "whatsapp:US.ENT.1"), show(database, ID));
        let both = [("ExternalUserId", ID), ("ParentExternalUserId", "whatsapp:US.ENT.1")];
        post_with(&service, "SM2", "whatsapp:+14155552671", "STOP", &both).await;
        let shown = show(database, "+14155552671");
        assert_snapshot!("by_both", shown);
        assert_eq!(show(database, ID), shown);
        assert_eq!(show(database, "whatsapp:US.ENT.1"), shown);
    })
    .await;
}

#[tokio::test]
async fn a_row_of_the_original_s() {
    each_database(async |database| {
        run_sql(
            database.url(),
            "CREATE TABLE user_sessions (phone_number VARCHAR(20) PRIMARY KEY, \
             user_name VARCHAR(100), favorite_song VARCHAR(200), conversation_state VARCHAR(50), \
             last_interaction TIMESTAMP DEFAULT CURRENT_TIMESTAMP); \
             INSERT INTO user_sessions VALUES \
             ('+15550000003', 'John', NULL, 'waiting_for_song', '2024-11-20 10:00:00')",
        )
        .await;
        // Not touched before it is migrated.
        assert_snapshot!(
            format!("before_{}", if database.is_mysql() { "mysql" } else { "sqlite" }),
            show(database, "+15550000003")
        );
        let folder = tempfile::tempdir().unwrap();
        let migrated = run(folder.path(), &[("DATABASE_URL", database.url())], &["migrate"]);
        assert_eq!(migrated.code, Some(0), "{migrated}");
        assert_snapshot!("adopted", show(database, "+15550000003"));
        assert_snapshot!("unknown", show(database, "+15550000004"));
    })
    .await;
}

#[tokio::test]
async fn a_person_in_a_part_of_a_flow() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        let service = Service::start(
            folder.path(),
            &[&settings(database.url())[..], &[("FLOWS", SHIPPED), ("SENDING", "off")]].concat(),
        );
        let number = "+14155552671";
        for (id, says) in
            [("SM1", "bestellen"), ("SM2", "2"), ("SM3", "1"), ("SM4", "ja"), ("SM5", "Ring 1")]
        {
            post(&service, id, number, says).await;
        }
        let shown = show(database, number);
        let person = shown.split("\n\n").next().unwrap();
        assert_snapshot!("part", person);
    })
    .await;
}

#[test]
fn what_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], &["show", "+14155552671"]);
    assert_snapshot!(shown(&outcome));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file was made");
}

#[test]
fn a_number_must_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], &["show", "é"]);
    assert_snapshot!(shown(&outcome));
}
