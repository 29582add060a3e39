//! Load, save, duplicates: one batch after the other.

use std::sync::Arc;

use ringback::conversation::{Asked, Caller, Ended, Session, State, Value};
use ringback::message::{Channel, Media};
use ringback::store::{MAX_BATCH, Saved};

use super::{WHATSAPP, changes, message, migrated, now, sender, senders, take};
use crate::support::database::{each_database, run_sql, select};

#[tokio::test]
async fn what_is_saved_of_a_person_is_read_back() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let cases = [
            ("+15550000001", "Zoë 👩‍👩‍👧‍👦 🏳️‍🌈".to_owned()),
            ("+15550000002", "שלום עליכם \u{202e}مرحبا".to_owned()),
            ("+15550000003", "n".repeat(100)),
            ("+15550000004", "😀".repeat(100)),
            ("+15550000005", "'; DROP TABLE messages; -- \\ \" ` % _ \0 \u{1}".to_owned()),
        ];
        for (address, name) in &cases {
            let mut loaded = writer.load(&senders(&[address])).await.unwrap();
            let person = loaded.people.get_mut(&sender(address)).unwrap();
            person.session = Session {
                callback: None,
                flow: Some("order".to_owned()),
                state: State::Waiting("size".to_owned()),
                answers: [
                    ("user_name".to_owned(), Value::Text(name.clone())),
                    ("age".to_owned(), Value::Integer(i64::MAX)),
                    ("weight".to_owned(), Value::Number(1.5)),
                    ("empty".to_owned(), Value::Text(String::new())),
                ]
                .into(),
                stack: ["order", "another"]
                    .map(|flow| Caller {
                        flow: flow.to_owned(),
                        step: "part".to_owned(),
                        answers: [("note".to_owned(), Value::Text(name.clone()))].into(),
                    })
                    .into(),
                language: Some("pt-BR".to_owned()),
                tries: 2,
                since: Some(now()),
                expires_at: Some(now()),
                asked: Some(Asked { at: now(), nudges: 2 }),
                wakes_at: Some(now()),
            };
            person.opt_outs.stop(WHATSAPP, now());
            let expected = (*person).clone();
            let saved = writer.save(&changes(loaded, Vec::new())).await.unwrap();
            assert_eq!(saved, Saved::Done);
            assert_eq!(store.person(&sender(address)).await.unwrap(), Some(expected));
        }
    })
    .await;
}

#[tokio::test]
async fn the_original_s_columns_show_the_answers_of_the_whole_conversation() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let name = |name: &str| [("user_name".to_owned(), Value::from(name))].into();
        let mut loaded = writer.load(&senders(&["+1"])).await.unwrap();
        loaded.people.get_mut(&sender("+1")).unwrap().session = Session {
            callback: None,
            flow: Some("part".to_owned()),
            state: State::Waiting("size".to_owned()),
            answers: name("of the part"),
            stack: vec![Caller {
                flow: "whole".to_owned(),
                step: "part".to_owned(),
                answers: name("of the whole"),
            }],
            expires_at: Some(now()),
            ..Session::default()
        };
        writer.save(&changes(loaded, Vec::new())).await.unwrap();
        let columns =
            "SELECT CONCAT_WS('|', flow, conversation_state, user_name) FROM user_sessions";
        assert_eq!(select(url, columns).await, ["part|size|of the whole"]);
        // What was broken by hand waits nowhere that a flow could have.
        run_sql(url, "UPDATE user_sessions SET stack = '{\"flow\": 1}'").await;
        let person = store.person(&sender("+1")).await.unwrap().unwrap();
        assert_eq!(person.session.state, State::Waiting("?".to_owned()));
        assert_eq!((person.session.answers, person.session.stack), Default::default());
    })
    .await;
}

#[tokio::test]
async fn someone_unknown_has_no_session() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        assert_eq!(store.person(&sender("+15550000001")).await.unwrap(), None);
        let mut writer = store.writer().await.unwrap();
        let loaded = writer.load(&senders(&["+15550000001"])).await.unwrap();
        assert_eq!(loaded.people[&sender("+15550000001")], ringback::store::Person::default());
        writer.roll_back().await.unwrap();
        assert_eq!(store.person(&sender("+15550000001")).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn ids_that_differ_only_in_case_are_two_people_and_two_messages() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let upper = format!("whatsapp:US.{}", "A".repeat(128));
        let lower = format!("whatsapp:US.{}", "a".repeat(128));
        assert_eq!(upper.len(), 140);
        let batch = vec![message("SMaa", &upper), message("SMAA", &lower), message("SMaA", &upper)];
        assert_eq!(take(&mut writer, batch).await.unwrap(), Saved::Done);
        assert_eq!(store.person(&sender(&upper)).await.unwrap().unwrap().turns, 2);
        assert_eq!(store.person(&sender(&lower)).await.unwrap().unwrap().turns, 1);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_id_saves_nothing_and_has_its_first_reply() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        take(&mut writer, vec![message("SM1", "+15550000001")]).await.unwrap();
        let batch = vec![message("SM2", "+15550000002"), message("SM1", "+15550000001")];
        assert_eq!(take(&mut writer, batch).await.unwrap(), Saved::Duplicate);

        assert_eq!(store.person(&sender("+15550000001")).await.unwrap().unwrap().turns, 1);
        assert_eq!(store.person(&sender("+15550000002")).await.unwrap(), None);
        let recorded = writer.recorded(&["SM1", "SM2"]).await.unwrap();
        assert_eq!(recorded.len(), 1);
        assert_eq!(recorded["SM1"], b"reply to SM1");
        assert_eq!(
            take(&mut writer, vec![message("SM2", "+15550000002")]).await.unwrap(),
            Saved::Done
        );
    })
    .await;
}

#[tokio::test]
async fn batches_of_every_size_are_saved_whole() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        for size in [1, 2, 63, 64, 65, 100, MAX_BATCH - 1, MAX_BATCH] {
            let messages: Vec<_> = (0..size)
                .map(|n| message(&format!("SM{size}x{n}"), &format!("+1555{size:03}{n:04}")))
                .collect();
            assert_eq!(take(&mut writer, messages).await.unwrap(), Saved::Done);
            for n in [0, size - 1] {
                let person = store.person(&sender(&format!("+1555{size:03}{n:04}"))).await.unwrap();
                assert_eq!(person.unwrap().turns, 1, "message {n} of {size}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_transcript_is_read_in_order_and_from_any_turn() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let mut messages: Vec<_> =
            (1..=5).map(|n| message(&format!("SM{n}"), "whatsapp:+15550000001")).collect();
        messages[1].body = "a 😀\nb".to_owned();
        messages[2].media = vec![Media {
            url: "https://example.com/a?b=c&d".to_owned(),
            content_type: "image/jpeg".to_owned(),
        }];
        messages[3].parameters = [("FromCity", "KÖLN")].into_iter().collect();
        let expected = messages.clone();
        messages.insert(2, message("SMother", "+15550000002"));
        take(&mut writer, messages).await.unwrap();

        let entries = store.last_turns(&sender("+15550000001"), 100).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.turn).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        for (entry, message) in entries.iter().zip(&expected) {
            assert_eq!(entry.message_id, message.id);
            assert_eq!(entry.body, message.body);
            assert_eq!(entry.media, message.media);
            assert_eq!(entry.channel, Channel::Whatsapp);
            assert_eq!(entry.received_at, now());
            assert_eq!(entry.reply, format!("reply to {}", message.id).into_bytes());
        }
        let person = sender("+15550000001");
        assert_eq!(store.last_turns(&person, 2).await.unwrap(), entries[3..]);
        assert_eq!(store.turns_after(&person, 3, 100).await.unwrap(), entries[3..]);
        assert_eq!(store.turns_after(&person, 0, 2).await.unwrap(), entries[..2]);
    })
    .await;
}

#[tokio::test]
async fn results_of_conversations_stand_beside_each_other() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        for outcome in ["COMPLETED", "CANCELLED"] {
            let loaded = writer.load(&senders(&["+15550000001"])).await.unwrap();
            let mut changes = changes(loaded, Vec::new());
            changes.ended.push((
                sender("+15550000001"),
                Channel::Sms,
                Ended {
                    flow: "order".to_owned(),
                    outcome: outcome.to_owned(),
                    answers: [("song".to_owned(), Value::from("Bohemian Rhapsody"))].into(),
                    began_at: None,
                    ended_at: now(),
                },
            ));
            assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done);
        }
        let rows = crate::support::database::select(
            url,
            "SELECT CONCAT_WS('|', phone_number, channel, flow, outcome, answers, ended_at) \
             FROM conversations ORDER BY id",
        )
        .await;
        assert_eq!(rows.len(), 2);
        let expected = r#"+15550000001|sms|order|COMPLETED|{"song":"Bohemian Rhapsody"}|2026-11-23 04:05:06.789"#;
        assert_eq!(rows[0].replace("\": \"", "\":\""), expected);
    })
    .await;
}

#[tokio::test]
async fn a_key_is_the_same_for_ever_and_for_all() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let (one, other) = tokio::join!(
            store.key("number_hash", "first".to_owned()),
            store.key("number_hash", "second".to_owned())
        );
        let key = one.unwrap();
        assert_eq!(key, other.unwrap());
        assert_eq!(migrated(url).await.key("number_hash", "third".to_owned()).await.unwrap(), key);
    })
    .await;
}

#[tokio::test]
async fn a_message_of_64_kib_is_kept_whole() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let mut long = message("SM1", "+15550000001");
        long.body = "ü".repeat(32 * 1024);
        let expected = long.body.clone();
        take(&mut writer, vec![long]).await.unwrap();
        let entries = store.last_turns(&sender("+15550000001"), 1).await.unwrap();
        assert_eq!(entries[0].body, expected);
    })
    .await;
}

#[tokio::test]
async fn two_who_share_a_store_share_nothing_else() {
    each_database(async |database| {
        let url = database.url();
        let store = Arc::new(migrated(url).await);
        let (mut one, mut other) = (store.writer().await.unwrap(), store.writer().await.unwrap());
        take(&mut one, vec![message("SM1", "+15550000001")]).await.unwrap();
        take(&mut other, vec![message("SM2", "+15550000001")]).await.unwrap();
        assert_eq!(store.person(&sender("+15550000001")).await.unwrap().unwrap().turns, 2);
    })
    .await;
}

#[tokio::test]
async fn mariadb_is_known_to_take_several_statements_as_one() {
    each_database(async |database| {
        let url = database.url();
        let is_mariadb = database.is_mysql()
            && select(url, "SELECT VERSION()").await.concat().contains("MariaDB");
        let writer = migrated(url).await.writer().await.unwrap();
        assert_eq!(writer.takes_compounds(), is_mariadb);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_changes_its_shape_meanwhile_is_written_to_all_the_same() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let ended = |at: &str| Ended {
            flow: "order".to_owned(),
            outcome: "COMPLETED".to_owned(),
            answers: [("note".to_owned(), Value::from(at))].into(),
            began_at: None,
            ended_at: now(),
        };
        let alterations = [
            "ALTER TABLE messages ADD COLUMN note VARCHAR(20)",
            "ALTER TABLE user_sessions ADD COLUMN note VARCHAR(20)",
            "ALTER TABLE conversations ADD COLUMN note VARCHAR(20)",
            "CREATE INDEX messages_note ON messages (note)",
            "ALTER TABLE user_sessions DROP COLUMN note",
            "ALTER TABLE conversations DROP COLUMN note",
        ];
        for (n, alteration) in alterations.iter().enumerate() {
            for turn in 0..2 {
                let id = format!("SM{n}.{turn}");
                let loaded = writer.load(&senders(&["+1"])).await.unwrap();
                let mut changes = changes(loaded, vec![message(&id, "+1")]);
                changes.ended.push((sender("+1"), Channel::Sms, ended(&id)));
                assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done, "{id}");
            }
            run_sql(url, alteration).await;
        }
        let ids = "SELECT message_id FROM messages ORDER BY id";
        let expected: Vec<String> =
            (0..alterations.len()).flat_map(|n| [format!("SM{n}.0"), format!("SM{n}.1")]).collect();
        assert_eq!(select(url, ids).await, expected);
        let notes = "SELECT CAST(answers AS CHAR) FROM conversations ORDER BY id";
        assert_eq!(select(url, notes).await.len(), expected.len());
        assert_eq!(store.person(&sender("+1")).await.unwrap().unwrap().turns, 12);
    })
    .await;
}
