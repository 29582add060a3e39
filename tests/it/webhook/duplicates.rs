//! One message id moves a conversation once, whatever is repeated.

use futures_util::future::join_all;

use super::{Service, message};
use crate::support::database::{each_database, select};

const FROM: &str = "+14155552671";

async fn turns(url: &str) -> Vec<String> {
    select(url, "SELECT CAST(turns AS CHAR) FROM user_sessions ORDER BY phone_number").await
}

#[tokio::test]
async fn a_repeat_gets_the_first_reply_byte_for_byte_and_moves_nothing() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let first = service.post(&message("SM1", FROM, "hello")).await;
        service.say("SM2", FROM, "John").await;
        for _ in 0..3 {
            assert_eq!(service.post(&message("SM1", FROM, "hello")).await, first);
        }
        let restarted = Service::start(url).await;
        assert_eq!(restarted.post(&message("SM1", FROM, "hello")).await, first);
        assert_eq!(turns(url).await, ["2"]);
        assert_eq!(restarted.say("SM3", FROM, "Creep").await, ["Playing Creep"]);
    })
    .await;
}

#[tokio::test]
async fn repeats_at_the_very_same_time_are_one_message() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let form = message("SM1", FROM, "hello");
        let answers = join_all((0..100).map(|_| service.post(&form))).await;
        for answer in &answers {
            assert_eq!(answer.status, 200);
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(turns(url).await, ["1"]);
    })
    .await;
}

#[tokio::test]
async fn repeats_over_several_processes_are_one_message() {
    each_database(async |database| {
        let url = database.url();
        let services =
            [Service::start(url).await, Service::start(url).await, Service::start(url).await];
        let ids = ["SM1", "SM2", "SM3", "SM4"];
        for (step, id) in ids.iter().enumerate() {
            let form = message(id, FROM, if step == 0 { "hello" } else { "again" });
            let posts = (0..30).map(|n| services[n % 3].post(&form));
            let answers = join_all(posts).await;
            for answer in &answers {
                assert_eq!((answer.status.as_u16(), answer), (200, &answers[0]), "{id}");
            }
        }
        assert_eq!(turns(url).await, ["4"]);
        let messages = select(url, "SELECT message_id FROM messages ORDER BY turn").await;
        assert_eq!(messages, ids);
    })
    .await;
}

#[tokio::test]
async fn processes_that_take_messages_of_the_same_senders_lose_and_double_none() {
    each_database(async |database| {
        let url = database.url();
        let services = [Service::start(url).await, Service::start(url).await];
        let senders = ["+14155550001", "+14155550002", "+14155550003"];
        let posts = (0..120).map(|n| {
            let service = services[n % 2].clone();
            let from = senders[n % 3];
            async move {
                let id = format!("SM{n}");
                service.post(&message(&id, from, "hello")).await
            }
        });
        for answer in join_all(posts).await {
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        assert_eq!(turns(url).await, ["40", "40", "40"]);
    })
    .await;
}
