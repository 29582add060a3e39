//! Several processes on one database: nobody waits for a stranger's lock, and
//! nobody overwrites what another did.

use std::time::Duration;

use ringback::store::{Saved, StoreError};
use sqlx::{Connection, MySqlConnection};
use tokio::time::timeout;

use super::{message, migrated, sender, senders, take};
use crate::support::database::{each_database, on_mysql, run_sql, select};

#[tokio::test]
async fn a_locked_sender_is_passed_over_and_the_others_are_loaded() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let (mut stranger, mut writer) =
            (store.writer().await.unwrap(), store.writer().await.unwrap());
        // A table of five rows: small enough that a scan looks cheaper than the index.
        let all = ["+1", "+2", "+3", "+4", "+5"];
        let messages = all.map(|address| message(&format!("SM{address}"), address));
        take(&mut writer, messages.into()).await.unwrap();

        let held = stranger.load(&senders(&["+3"])).await.unwrap();
        assert_eq!(held.people.len(), 1);
        let loaded = writer.load(&senders(&all)).await.unwrap();
        assert_eq!(loaded.locked, [sender("+3")].into());
        assert_eq!(loaded.people.len(), 4);
        writer.roll_back().await.unwrap();

        stranger.roll_back().await.unwrap();
        assert!(writer.load(&senders(&all)).await.unwrap().locked.is_empty());
    })
    .await;
}

/// What another process does between its first statement for somebody new and its commit.
const NEWCOMER: &str = "INSERT INTO messages (message_id, phone_number, turn, channel, \
     from_address, to_address, body, received_at, state_before, state_after, reply) \
     VALUES ('SM0', '+3', 1, 'sms', '+3', '+4', '', NOW(), 'INITIAL', 'INITIAL', '')";

#[tokio::test]
async fn a_sender_whose_first_message_is_being_taken_is_waited_for_a_second_at_most() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let mut stranger = MySqlConnection::connect(url).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("BEGIN; {NEWCOMER}")))
            .execute(&mut stranger)
            .await
            .unwrap();
        let error = take(&mut writer, vec![message("SM1", "+3")]).await.unwrap_err();
        assert!(matches!(error, StoreError::Locked(_)), "{error}");
        writer.roll_back().await.unwrap();
        sqlx::raw_sql("ROLLBACK").execute(&mut stranger).await.unwrap();
        assert_eq!(take(&mut writer, vec![message("SM1", "+3")]).await.unwrap(), Saved::Done);
    })
    .await;
}

#[tokio::test]
async fn who_is_careful_finds_the_newcomer_that_a_stranger_has_in_hand() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        writer.be_careful(true);
        for in_hand in [NEWCOMER, "INSERT INTO user_sessions (phone_number) VALUES ('+3')"] {
            let mut stranger = MySqlConnection::connect(url).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("BEGIN; {in_hand}")))
                .execute(&mut stranger)
                .await
                .unwrap();
            let loaded = writer.load(&senders(&["+1", "+2", "+3", "+4"])).await.unwrap();
            assert_eq!(loaded.locked, [sender("+3")].into(), "{in_hand}");
            assert_eq!(loaded.people.len(), 3);
            writer.roll_back().await.unwrap();
        }
    })
    .await;
}

/// Both saw nobody: the later one must begin again, and find what the first one did.
#[tokio::test]
async fn of_two_who_greet_the_same_newcomer_one_begins_again() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let (mut first, mut second) =
            (store.writer().await.unwrap(), store.writer().await.unwrap());
        let newcomer = senders(&["+3"]);
        let (seen, also_seen) =
            (first.load(&newcomer).await.unwrap(), second.load(&newcomer).await.unwrap());
        let changes = super::changes(seen, vec![message("SM1", "+3")]);
        assert_eq!(first.save(&changes).await.unwrap(), Saved::Done);
        let changes = super::changes(also_seen, vec![message("SM2", "+3")]);
        assert_eq!(second.save(&changes).await.unwrap(), Saved::Duplicate);
        assert_eq!(take(&mut second, vec![message("SM2", "+3")]).await.unwrap(), Saved::Done);
        assert_eq!(store.person(&sender("+3")).await.unwrap().unwrap().turns, 2);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_a_stranger_locked_is_waited_for_a_second_at_most() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let mut writer = store.writer().await.unwrap();
        let mut stranger = MySqlConnection::connect(url).await.unwrap();
        let lock = sqlx::raw_sql("LOCK TABLES user_sessions WRITE, service_keys WRITE");
        lock.execute(&mut stranger).await.unwrap();

        // Who gives up later leaves a server thread behind each time, since
        // MySQL does not see that nobody waits any more.
        let limit = Duration::from_secs(5);
        let written = timeout(limit, writer.load(&senders(&["+1"]))).await.unwrap();
        assert!(matches!(written, Err(StoreError::Locked(_))), "{written:?}");
        let read = timeout(limit, store.ready()).await.unwrap();
        assert!(matches!(read, Err(StoreError::Locked(_))), "{read:?}");

        sqlx::raw_sql("UNLOCK TABLES").execute(&mut stranger).await.unwrap();
        writer.roll_back().await.unwrap();
        assert_eq!(take(&mut writer, vec![message("SM1", "+1")]).await.unwrap(), Saved::Done);
    })
    .await;
}

/// The server is asked, since it is the one that lets go: a process that was
/// cut off in the midst of a batch can say nothing more.
#[tokio::test]
async fn the_locks_of_a_process_that_was_cut_off_are_gone_within_a_minute() {
    on_mysql(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let observe = "CREATE TABLE observed (seconds BIGINT); \
             CREATE TRIGGER observe BEFORE INSERT ON messages FOR EACH ROW \
             INSERT INTO observed VALUES (@@SESSION.wait_timeout)";
        run_sql(url, observe).await;
        let mut writer = store.writer().await.unwrap();
        take(&mut writer, vec![message("SM1", "+1")]).await.unwrap();
        let seconds = select(url, "SELECT CAST(seconds AS CHAR) FROM observed").await;
        assert!(seconds[0].parse::<u32>().unwrap() <= 60, "{seconds:?}");
    })
    .await;
}

#[tokio::test]
async fn processes_that_race_for_the_same_senders_lose_and_double_no_turn() {
    const EACH: usize = 40;
    each_database(async |database| {
        let url = database.url();
        let store = migrated(url).await;
        let addresses = ["+1", "+2", "+3"];
        let process = async |name: &str| {
            let mut writer = store.writer().await.unwrap();
            let mut done = 0;
            while done < EACH {
                let messages: Vec<_> = addresses
                    .iter()
                    .map(|address| message(&format!("{name}{done}{address}"), address))
                    .collect();
                let senders = messages.iter().map(|message| message.sender.clone()).collect();
                let saved = async {
                    let loaded = writer.load(&senders).await?;
                    if !loaded.locked.is_empty() {
                        return Ok(None);
                    }
                    writer.save(&super::changes(loaded, messages)).await.map(Some)
                }
                .await;
                match saved {
                    Ok(Some(Saved::Done)) => done += 1,
                    Ok(None) => {
                        writer.roll_back().await.unwrap();
                        tokio::task::yield_now().await;
                    }
                    // Another was faster with somebody new.
                    Ok(Some(Saved::Duplicate)) => assert_eq!(done, 0, "{name}"),
                    Err(StoreError::Conflict(_) | StoreError::Locked(_)) => {
                        drop(writer.roll_back().await);
                    }
                    Err(error) => panic!("{error}"),
                }
            }
        };
        tokio::join!(process("a"), process("b"), process("c"));
        for address in addresses {
            let turns = store.person(&sender(address)).await.unwrap().unwrap().turns;
            assert_eq!(turns, i64::try_from(3 * EACH).unwrap());
            let entries = store.last_turns(&sender(address), 500).await.unwrap();
            let expected: Vec<i64> = (1..=turns).collect();
            assert_eq!(entries.iter().map(|entry| entry.turn).collect::<Vec<_>>(), expected);
        }
    })
    .await;
}
