//! A sender who writes faster than people do.

use futures_util::future::join_all;

use super::{Service, message};
use crate::support::database::{each_database, select};

const SILENCE: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;
const FLOODER: &str = "+14155552671";

#[tokio::test]
async fn a_flood_meets_silence_and_spares_everybody_else() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let mut answered = 0;
        for n in 0..200 {
            let answer = service.post(&message(&format!("SMf{n}"), FLOODER, "hi")).await;
            assert_eq!(answer.status, 200);
            answered += usize::from(answer.body != SILENCE);
        }
        assert!((60..=65).contains(&answered), "{answered}");
        assert_eq!(
            service.say("SMother", "+14155550000", "hello").await,
            ["What is your name?"],
            "another sender"
        );
        let kept = select(url, "SELECT CAST(COUNT(*) AS CHAR) FROM messages").await;
        assert_eq!(kept, [(answered + 1).to_string()], "silence leaves no trace");
    })
    .await;
}

#[tokio::test]
async fn a_repeat_gets_its_first_reply_even_in_a_flood() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        let first = service.post(&message("SM0", FLOODER, "hello")).await;
        let flood: Vec<String> = (1..150).map(|n| format!("SM{n}")).collect();
        join_all(flood.iter().map(|id| async { service.post(&message(id, FLOODER, "x")).await }))
            .await;
        for _ in 0..100 {
            assert_eq!(service.post(&message("SM0", FLOODER, "hello")).await, first);
        }
    })
    .await;
}

#[tokio::test]
async fn a_wish_to_stop_is_heard_in_the_midst_of_a_flood() {
    each_database(async |database| {
        let service = Service::start(database.url()).await;
        for n in 0..100 {
            service.post(&message(&format!("SM{n}"), FLOODER, "x")).await;
        }
        service.post(&message("SMstop", FLOODER, "STOP")).await;
        let opt_outs = "SELECT opt_outs FROM user_sessions WHERE opt_outs LIKE '%sms%'";
        assert_eq!(select(database.url(), opt_outs).await.len(), 1);
    })
    .await;
}
