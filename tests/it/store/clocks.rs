//! Clocks far ahead and far behind: what is kept of a message never refuses it.

use jiff::Timestamp;
use ringback::conversation::{Ended, Session, State};
use ringback::message::Channel;
use ringback::store::{Changes, Loaded, Person, Saved};

use super::{changes, message, migrated, sender, senders};
use crate::support::database::{each_database, run_sql, select};

/// A time of the clock, and what `last_interaction` shows of it on MySQL, whose
/// `TIMESTAMP` ends in 2038.
const CLOCKS: [(&str, &str); 12] = [
    ("1000-01-01T00:00:00Z", "1970-01-01 00:00:01"),
    ("1960-05-06T07:08:09Z", "1970-01-01 00:00:01"),
    ("1969-12-31T23:59:59.999Z", "1970-01-01 00:00:01"),
    ("1970-01-01T00:00:00Z", "1970-01-01 00:00:01"),
    ("1970-01-01T00:00:01.2Z", "1970-01-01 00:00:01"),
    ("2026-11-23T04:05:06Z", "2026-11-23 04:05:06"),
    ("2038-01-19T03:14:06.9Z", "2038-01-19 03:14:0"),
    ("2038-01-19T03:14:07.999Z", "2038-01-19 03:14:07"),
    ("2038-02-01T00:00:00Z", "2038-01-19 03:14:07"),
    ("2106-03-01T00:00:00Z", "2038-01-19 03:14:07"),
    ("9999-12-30T21:59:59.999Z", "2038-01-19 03:14:07"),
    ("9999-12-30T22:00:00.999Z", "2038-01-19 03:14:07"),
];

fn waiting(now: Timestamp) -> Person {
    let session = Session {
        flow: Some("f".to_owned()),
        state: State::Waiting("S".to_owned()),
        since: Some(now),
        expires_at: Some(now),
        ..Session::default()
    };
    Person { session, ..Person::default() }
}

fn at(now: Timestamp, loaded: Loaded, id: &str) -> Changes {
    let mut changes = changes(loaded, vec![message(id, "+1")]);
    changes.now = now;
    changes.messages[0].received_at = now;
    let turns = changes.people[0].1.turns;
    changes.people[0].1 = Person { turns, ..waiting(now) };
    let ended = Ended {
        flow: "f".to_owned(),
        outcome: "COMPLETED".to_owned(),
        answers: [].into(),
        began_at: Some(now),
        ended_at: now,
    };
    changes.ended = vec![(sender("+1"), Channel::Sms, ended)];
    changes
}

#[tokio::test]
async fn a_message_is_taken_at_any_time_of_the_clock() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        for (index, (now, shown)) in CLOCKS.into_iter().enumerate() {
            let now: Timestamp = now.parse().unwrap();
            let loaded = writer.load(&senders(&["+1"])).await.unwrap();
            let saved = writer.save(&at(now, loaded, &format!("SM{index}"))).await;
            assert_eq!(saved.unwrap_or_else(|error| panic!("{now}: {error}")), Saved::Done);
            let session = store.person(&sender("+1")).await.unwrap().unwrap().session;
            assert_eq!((session.since, session.expires_at), (Some(now), Some(now)));
            let entries = store.last_turns(&sender("+1"), 1).await.unwrap();
            assert_eq!(entries[0].received_at, now);
            let last = "SELECT CAST(last_interaction AS CHAR) FROM user_sessions";
            let kept = &select(url, last).await[0];
            assert!(kept.starts_with(shown) || !database.is_mysql(), "{now}: {kept}");
        }
    })
    .await;
}

/// So it is where the original made the column, whichever type it gave it.
#[tokio::test]
async fn an_adopted_last_interaction_refuses_no_time_either() {
    crate::support::database::on_mysql(async |database| {
        let url = database.url();
        for (index, kind) in
            ["TIMESTAMP(6) NULL", "TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", "DATETIME NULL", "VARCHAR(40)"]
                .into_iter()
                .enumerate()
        {
            let make = format!(
                "DROP TABLE IF EXISTS user_sessions, _sqlx_migrations; CREATE TABLE user_sessions \
                 (phone_number VARCHAR(20) PRIMARY KEY, user_name VARCHAR(100), \
                 favorite_song VARCHAR(200), conversation_state VARCHAR(50), last_interaction {kind})"
            );
            run_sql(url, &make).await;
            let store = migrated(url).await;
            let mut writer = store.writer().await.unwrap();
            let mut turn = i64::try_from(index * CLOCKS.len()).unwrap();
            for (now, _) in CLOCKS {
                let mut loaded = writer.load(&senders(&["+1"])).await.unwrap();
                loaded.people.get_mut(&sender("+1")).unwrap().turns = turn;
                turn += 1;
                let changes = at(now.parse().unwrap(), loaded, &format!("SM{turn}"));
                assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done, "{kind}: {now}");
            }
        }
    })
    .await;
}
