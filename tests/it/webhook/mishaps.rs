//! What nobody expects: rows edited by hand, and defects.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::{Flows, Service, message};
use crate::support::database::{each_database, run_sql, select};

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
async fn a_session_that_cannot_be_read_begins_anew() {
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
            assert_eq!(service.say(&id(2), &from, "hello").await, ["What is your name?"], "{edit}");
            assert_eq!(
                service.say(&id(3), &from, "Ann").await,
                ["Hello Ann, what is your favorite song?"],
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
