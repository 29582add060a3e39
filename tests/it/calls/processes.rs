//! Several processes and one open reply: whoever closes it, all of them give the
//! same bytes, and what follows the call goes one way.

use std::time::{Duration, Instant};

use tokio::time::interval;

use super::{ANN, NOTHING, PRICE, Shop};
use crate::outbound::server::Part;
use crate::support::database::{each_database, select};
use crate::support::service::Service;
use crate::support::twilio::{Answer, Form, client, post, say};

const TOLD: &str = "9 euros. Shall we?";

/// A shop whose host answers so much later, and another process of it.
async fn shop(database: &crate::support::database::TestDatabase, later: u64) -> (Shop, Service) {
    let answer = Part::after(Duration::from_secs(later), 200, r#"{"total": 9}"#);
    let shop = Shop::open(database, &[answer]).await;
    let another = shop.bench.another();
    (shop, another)
}

/// Repeats the message once, whatever is answered.
async fn repeat(service: &Service) -> Answer {
    Form::new(PRICE, ANN, "Funghi").post(&client(), service.address()).await.unwrap()
}

/// Waits until a repeat is answered, and returns the bytes.
async fn insist(service: &Service) -> String {
    let (begun, mut ticks) = (Instant::now(), interval(Duration::from_millis(100)));
    loop {
        ticks.tick().await;
        let answer = repeat(service).await;
        if answer.status != 503 {
            return answer.body;
        }
        assert!(begun.elapsed() < Duration::from_secs(15), "the reply stays open");
    }
}

/// Nothing is open, and the host was called once.
async fn is_settled(shop: &Shop) {
    let open = "SELECT phone_number FROM user_sessions WHERE contact LIKE '%open%'";
    assert!(select(&shop.bench.url, open).await.is_empty());
    assert_eq!(shop.host.requests().len(), 1);
}

#[tokio::test]
async fn a_repeat_at_another_process_waits_for_the_first_one() {
    each_database(async |database| {
        let (shop, another) = shop(database, 3).await;
        let reply = shop.price_and(async || assert_eq!(repeat(&another).await.status, 503)).await;
        assert!(reply.contains(TOLD), "{reply}");
        for service in [&another, &shop.bench.service] {
            assert_eq!(post(service, PRICE, ANN, "Funghi").await, reply);
        }
        assert!(shop.bench.rows(ANN).await.is_empty());
        is_settled(&shop).await;
    })
    .await;
}

/// The answer comes at the first process, which no longer has a reply for it.
#[tokio::test]
async fn a_message_at_another_process_closes_the_reply() {
    each_database(async |database| {
        let (shop, another) = shop(database, 2).await;
        let reply = shop
            .price_and(async || {
                assert_eq!(say(&another, "SMhello", ANN, "hello?").await, ["Patience."]);
                assert_eq!(repeat(&another).await.body, NOTHING);
                shop.texts(&[TOLD]).await;
            })
            .await;
        assert_eq!(reply, NOTHING);
        for service in [&another, &shop.bench.service] {
            assert_eq!(post(service, PRICE, ANN, "Funghi").await, NOTHING);
        }
        shop.bench.keeps(ANN, &[&format!("{TOLD} accepted")]).await;
        assert_eq!(say(&another, "SMno", ANN, "no").await, ["Not today."]);
        is_settled(&shop).await;
    })
    .await;
}

/// A process that does not answer any more holds a reply for eight seconds.
#[tokio::test]
async fn a_repeat_closes_the_reply_of_a_frozen_process() {
    each_database(async |database| {
        let (shop, another) = shop(database, 2).await;
        shop.tells("order", &["Which pizza?"]).await;
        let first = shop.bench.service.address();
        let begun = Instant::now();
        let asking =
            tokio::spawn(
                async move { Form::new(PRICE, ANN, "Funghi").post(&client(), first).await },
            );
        crate::support::waiting::until("the request", async || shop.host.requests().len() == 1)
            .await;
        shop.bench.service.freeze();
        let reply = insist(&another).await;
        assert_eq!(reply, NOTHING);
        let took = begun.elapsed().as_secs_f64();
        assert!((7.5..12.0).contains(&took), "{took}");
        shop.bench.service.thaw();
        // It is too late for its own request, or it gives what the other one gave.
        let answer = asking.await.unwrap().unwrap();
        assert!(answer.status == 503 || answer.body == NOTHING, "{answer:?}");
        // It has the answer of the call, and another way for what follows.
        shop.texts(&[TOLD]).await;
        for service in [&another, &shop.bench.service] {
            assert_eq!(post(service, PRICE, ANN, "Funghi").await, NOTHING);
        }
        shop.bench.keeps(ANN, &[&format!("{TOLD} accepted")]).await;
        is_settled(&shop).await;
    })
    .await;
}
