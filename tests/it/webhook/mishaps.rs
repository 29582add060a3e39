//! What nobody expects: rows edited by hand, defects, locks that come and go
//! in the midst of a batch.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use sqlx::{Connection, MySqlConnection};
use tokio::time::timeout;

use super::{Flows, Service, message};
use crate::support::database::{each_database, on_mysql, run_sql, select};

const FROM: &str = "+14155552671";

#[tokio::test]
async fn a_session_that_was_deleted_by_hand_begins_anew_after_its_last_turn() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        service.say("SM1", FROM, "hello").await;
        service.say("SM2", FROM, "Ann").await;
        run_sql(url, "DELETE FROM user_sessions").await;
        // Somebody else's message in the same batch is none the worse for it.
        let (reply, other) = tokio::join!(
            service.say("SM3", FROM, "hello"),
            service.say("SM4", "+14155552672", "hello")
        );
        assert_eq!(reply, ["What is your name?"]);
        assert_eq!(other, reply);
        assert_eq!(
            service.say("SM5", FROM, "Bob").await,
            ["Hello Bob, what is your favorite song?"]
        );
        let turns = "SELECT CONCAT(message_id, ' ', turn) FROM messages \
                     WHERE phone_number = '+14155552671' ORDER BY turn";
        assert_eq!(select(url, turns).await, ["SM1 1", "SM2 2", "SM3 3", "SM5 4"]);
        // A count that was set back is put right in the same way.
        run_sql(url, "UPDATE user_sessions SET turns = 1").await;
        assert_eq!(service.say("SM6", FROM, "Creep").await, ["Playing Creep"]);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_cannot_be_read_is_told_so_and_begins_anew() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let edits = [
            "answers = '{broken'",
            "answers = '[]'",
            "answers = '{\"user_name\": null}'",
            "expires_at = '9999-12-31 23:59:59.999'",
            "began_at = '9999-12-31 23:59:59.999'",
        ];
        for (n, edit) in edits.into_iter().enumerate() {
            let from = format!("+1415555000{n}");
            let id = |turn: u8| format!("SM{n}-{turn}");
            service.say(&id(1), &from, "hello").await;
            let edit = format!("UPDATE user_sessions SET {edit} WHERE phone_number = '{from}'");
            run_sql(url, &edit).await;
            let told = "Sorry, this conversation has changed in the meantime. Let us begin again.\n\
                        What is your name?";
            assert_eq!(service.say(&id(2), &from, "Ann").await, [told], "{edit}");
            assert_eq!(
                service.say(&id(3), &from, "Bob").await,
                ["Hello Bob, what is your favorite song?"],
                "{edit}"
            );
        }
        // Whether somebody wants no messages is never guessed.
        run_sql(url, "UPDATE user_sessions SET opt_outs = '{broken'").await;
        assert_eq!(service.post(&message("SMa", "+14155550000", "Creep")).await.status, 500);
    })
    .await;
}

#[tokio::test]
async fn a_defect_costs_the_messages_at_hand_and_no_more() {
    static BROKEN: AtomicBool = AtomicBool::new(false);
    fn clock() -> Timestamp {
        assert!(!BROKEN.load(Ordering::SeqCst), "on purpose");
        Timestamp::now()
    }
    each_database(async |database| {
        BROKEN.store(false, Ordering::SeqCst);
        let url = database.url();
        let store = Service::start(url).await.store;
        let service = Service::by_clock(store, Flows::built_in().unwrap().flows, clock);
        service.say("SM1", FROM, "hello").await;
        BROKEN.store(true, Ordering::SeqCst);
        assert_eq!(service.post(&message("SM2", FROM, "Ann")).await.status, 500);
        BROKEN.store(false, Ordering::SeqCst);
        let reply = service.say("SM2", FROM, "Ann").await;
        assert_eq!(reply, ["Hello Ann, what is your favorite song?"]);
    })
    .await;
}

/// While a batch that failed is tried message by message, a lock on a sender
/// may be taken before the first of that sender's messages and gone before the
/// second. Named locks of the server hold the batch at the two moments.
#[tokio::test]
async fn a_message_does_not_overtake_one_that_was_set_aside_in_a_failed_batch() {
    on_mysql(async |database| {
        let url = database.url();
        let gate = |name| format!("CONCAT(LEFT(DATABASE(), 40), '{name}')");
        let (first, second) = (gate(".1"), gate(".2"));
        let service = Service::start(url).await;
        service.say("SM1", FROM, "hello").await;
        run_sql(
            url,
            &format!(
                "CREATE TRIGGER gates BEFORE INSERT ON messages FOR EACH ROW BEGIN \
                 IF NEW.message_id = 'SMpoison' THEN \
                   DO GET_LOCK({first}, 9); DO RELEASE_LOCK({first}); SIGNAL SQLSTATE '45000'; \
                 ELSEIF NEW.message_id = 'SMgate' THEN \
                   DO GET_LOCK({second}, 9); DO RELEASE_LOCK({second}); \
                 END IF; END"
            ),
        )
        .await;
        let mut keeper = MySqlConnection::connect(url).await.unwrap();
        let close = format!("DO GET_LOCK({first}, 9), GET_LOCK({second}, 9)");
        execute(&mut keeper, &close).await;

        let forms = [
            message("SM2", FROM, "Ann"),
            message("SMpoison", "+14155552672", "hello"),
            message("SMgate", "+14155552673", "hello"),
            message("SM3", FROM, "Creep"),
        ];
        let posts = join_all(forms.iter().map(|form| service.post(form)));
        let script = async {
            // The whole batch holds the sender's row and stands at the first gate.
            waits(url, "User lock", "").await;
            let stranger = tokio::spawn({
                let url = url.to_owned();
                async move {
                    let mut stranger = MySqlConnection::connect(&url).await.unwrap();
                    execute(&mut stranger, "BEGIN").await;
                    let lock = "SELECT 1 FROM user_sessions FORCE INDEX (PRIMARY) \
                                WHERE phone_number = '+14155552671' FOR UPDATE";
                    execute(&mut stranger, lock).await;
                    stranger
                }
            });
            waits(url, "%", "FORCE INDEX (PRIMARY) WHERE phone_number = ").await;
            execute(&mut keeper, &format!("DO RELEASE_LOCK({first})")).await;
            let mut stranger = stranger.await.unwrap();
            // The sender's first message was set aside; another's stands at the second gate.
            waits(url, "User lock", "").await;
            execute(&mut stranger, "COMMIT").await;
            execute(&mut keeper, &format!("DO RELEASE_LOCK({second})")).await;
        };
        let (answers, ()) = tokio::join!(posts, script);
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses, [200, 500, 200, 200]);
        assert!(answers[0].body.contains("Hello Ann"), "{answers:?}");
        assert!(answers[3].body.contains("Playing Creep"), "{answers:?}");
    })
    .await;
}

async fn execute(connection: &mut MySqlConnection, statement: &str) {
    let statement = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()));
    statement.execute(connection).await.unwrap();
}

/// Looks until a connection to this database is in `state`, its statement
/// holding `text`.
async fn waits(url: &str, state: &str, text: &str) {
    let query = format!(
        "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.processlist \
         WHERE db = DATABASE() AND id <> CONNECTION_ID() \
           AND state LIKE '{state}' AND info LIKE '%{text}%'"
    );
    let seen = async { while select(url, &query).await != ["1"] {} };
    timeout(Duration::from_secs(5), seen).await.expect("nothing waits");
}
