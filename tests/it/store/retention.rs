//! Old messages go, in bites; everything else stays.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use ringback::conversation::{Ended, Session, State};
use ringback::message::Channel;
use ringback::server::retention::prune;
use ringback::store::{Changes, Recorded, Saved, Writer};

use sqlx::{Connection as _, Executor as _, MySqlConnection};

use super::{WHATSAPP, changes, message, migrated, now, sender, senders, take};
use crate::support::database::{each_database, on_mysql, select};

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_hours(24 * days)
}

/// Takes a message of each age in days, one after the other, with ids `SM0`, `SM1`, …
async fn take_aged(writer: &mut Writer, from: &str, ages: &[i64]) {
    for (index, age) in ages.iter().enumerate() {
        let loaded = writer.load(&senders(&[from])).await.unwrap();
        let mut changes = changes(loaded, vec![message(&format!("SM{index}"), from)]);
        changes.messages[0].received_at = days_ago(*age);
        assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done);
    }
}

/// Puts in many old messages of many people at once.
async fn take_many_old(writer: &mut Writer, count: i64) {
    let messages: Vec<Recorded> = (0..count)
        .map(|n| Recorded {
            message: message(&format!("SMold{n}"), &format!("+1555{n:07}")).into(),
            turn: 1,
            received_at: days_ago(100),
            state_before: "INITIAL".to_owned(),
            state_after: "INITIAL".to_owned(),
            reply: b"<Response/>".to_vec(),
        })
        .collect();
    writer.load(&senders(&[])).await.unwrap();
    let changes = Changes { now: now(), messages, ..Changes::default() };
    assert_eq!(writer.save(&changes).await.unwrap(), Saved::Done);
}

async fn kept(url: &str) -> Vec<String> {
    select(url, "SELECT message_id FROM messages ORDER BY id").await
}

#[tokio::test]
async fn only_messages_older_than_the_time_go() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        // The clock of one of several processes was ahead, or behind.
        take_aged(&mut writer, "+15550000001", &[100, 91, 3, 90, 95, 89, 91, 0]).await;
        assert_eq!(prune(&store, days_ago(90)).await.unwrap(), 4);
        assert_eq!(kept(url).await, ["SM2", "SM3", "SM5", "SM7"]);
        assert_eq!(prune(&store, days_ago(90)).await.unwrap(), 0, "again");
        assert_eq!(prune(&store, days_ago(-1)).await.unwrap(), 4);
        assert_eq!(prune(&store, days_ago(-1)).await.unwrap(), 0, "an empty table");
    })
    .await;
}

#[tokio::test]
async fn sessions_opt_outs_and_conversations_stay_and_turns_count_on() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let person = sender("+15550000001");
        let mut loaded = writer.load(&senders(&["+15550000001"])).await.unwrap();
        let known = loaded.people.get_mut(&person).unwrap();
        known.opt_outs.stop(WHATSAPP, days_ago(400));
        known.session = Session {
            flow: Some("order".to_owned()),
            state: State::Waiting("size".to_owned()),
            since: Some(days_ago(400)),
            expires_at: Some(days_ago(399)),
            ..Session::default()
        };
        let mut old = changes(loaded, vec![message("SMold", "+15550000001")]);
        old.messages[0].received_at = days_ago(400);
        let ended = Ended {
            flow: "survey".to_owned(),
            outcome: "COMPLETED".to_owned(),
            answers: [].into(),
            began_at: Some(days_ago(500)),
            ended_at: days_ago(499),
        };
        old.ended.push((person.clone(), Channel::Sms, ended));
        writer.save(&old).await.unwrap();
        let before = store.person(&person).await.unwrap().unwrap();

        assert_eq!(prune(&store, days_ago(7)).await.unwrap(), 1);
        assert_eq!(store.person(&person).await.unwrap().unwrap(), before);
        assert_eq!(before.turns, 1);
        assert!(before.opt_outs.contains(WHATSAPP));
        assert_eq!(select(url, "SELECT flow FROM conversations").await, ["survey"]);
        assert_eq!(
            take(&mut writer, vec![message("SMnew", "+15550000001")]).await.unwrap(),
            Saved::Done
        );
        assert_eq!(store.turns_after(&person, 0, 10).await.unwrap()[0].turn, 2);
    })
    .await;
}

#[tokio::test]
async fn a_repeat_of_a_message_that_is_kept_is_still_known() {
    each_database(async |database| {
        let store = migrated(database.url()).await;
        let mut writer = store.writer().await.unwrap();
        take_aged(&mut writer, "+15550000001", &[8, 6]).await;
        assert_eq!(prune(&store, days_ago(7)).await.unwrap(), 1);
        let again = vec![message("SM1", "+15550000001")];
        assert_eq!(take(&mut writer, again).await.unwrap(), Saved::Duplicate);
        let recorded = writer.recorded(&["SM0", "SM1"]).await.unwrap();
        assert_eq!(recorded.len(), 1);
        assert_eq!(recorded["SM1"], b"reply to SM1");
    })
    .await;
}

#[tokio::test]
async fn many_go_in_bites_and_several_may_do_it_at_once() {
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        take_many_old(&mut writer, 5_000).await;
        take_aged(&mut writer, "+16660000001", &[1, 0]).await;

        let mut pruner = store.pruner(days_ago(7)).await.unwrap();
        let bitten = pruner.bite().await.unwrap().unwrap();
        assert!((1..=500).contains(&bitten), "{bitten}");
        assert_eq!(kept(url).await.len() as u64, 5_002 - bitten, "committed");

        let others = migrated(url).await;
        let (a, b, c) = tokio::join!(
            prune(&store, days_ago(7)),
            prune(&others, days_ago(7)),
            prune(&others, days_ago(7))
        );
        assert_eq!(a.unwrap() + b.unwrap() + c.unwrap() + bitten, 5_000);
        assert_eq!(kept(url).await, ["SM0", "SM1"]);
    })
    .await;
}

/// Rows that a batch is writing are none of its business, on a small table either.
#[tokio::test]
async fn a_batch_at_work_is_not_waited_for() {
    on_mysql(async |database| {
        let store = migrated(database.url()).await;
        let mut writer = store.writer().await.unwrap();
        take_aged(&mut writer, "+15550000001", &[100, 0]).await;
        let other = AtWork::begin(database.url()).await;
        let began = Instant::now();
        assert_eq!(prune(&store, days_ago(7)).await.unwrap(), 1);
        // Waiting for a lock takes a second.
        assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
        other.end().await;
        assert_eq!(kept(database.url()).await, ["SM1", "SMopen"]);
    })
    .await;
}

/// Another connection that has written a message and not committed it yet.
struct AtWork(MySqlConnection);

impl AtWork {
    async fn begin(url: &str) -> Self {
        let mut connection = MySqlConnection::connect(url).await.unwrap();
        connection
            .execute(
                "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN; \
                 INSERT INTO messages (message_id, phone_number, turn, channel, from_address, \
                 to_address, body, received_at, state_before, state_after, reply) \
                 VALUES ('SMopen', '+15550000009', 1, 'sms', '', '', '', NOW(3), '', '', '')",
            )
            .await
            .unwrap();
        Self(connection)
    }

    async fn end(mut self) {
        self.0.execute("COMMIT").await.unwrap();
    }
}
