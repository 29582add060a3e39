//! A text before a call: the reply waits a moment for what follows it.

use std::time::Duration;

use super::{ANN, NOTHING, Shop};
use crate::outbound::server::Part;
use crate::support::database::{each_database, select};
use crate::support::twilio::{Form, client, post, say};
use crate::support::waiting::until;

const FLOW: &str = "\
flow: order
start: [order]
expire: 20h
steps:
  WAIT: {say: One moment.}
  PRICE:
    call: GET http://HOST/
    timeout: 20s
    keep: {total: /total}
    meanwhile: Patience.
    when: {failed: SORRY}
  DONE: {say: \"{{ total }} euros.\", end: END_DONE}
  SORRY: {say: Something is wrong., end: END_FAILED}
";

const TOTAL: &str = r#"{"total": 3}"#;

#[tokio::test]
async fn a_quick_answer_is_part_of_the_same_message() {
    each_database(async |database| {
        let shop = Shop::with(database, FLOW, &[Part::status(200, TOTAL)], &[]).await;
        let first = post(&shop.bench.service, "SMorder", ANN, "order").await;
        assert!(first.contains("<Message>One moment.\n3 euros.</Message>"), "{first}");
        assert_eq!(post(&shop.bench.service, "SMorder", ANN, "order").await, first);
        assert_eq!(shop.bench.state(ANN).await, "END_DONE");
        shop.texts(&[]).await;
    })
    .await;
}

#[tokio::test]
async fn a_slow_answer_comes_behind_the_reply() {
    each_database(async |database| {
        let slow = Part::after(Duration::from_millis(2_500), 200, TOTAL);
        let shop = Shop::with(database, FLOW, &[slow], &[]).await;
        let first = post(&shop.bench.service, "SMorder", ANN, "order").await;
        assert!(first.contains("<Message>One moment.</Message>"), "{first}");
        // The reply did not wait for the answer.
        assert_eq!(shop.bench.state(ANN).await, "PRICE");
        assert_eq!(post(&shop.bench.service, "SMorder", ANN, "order").await, first);
        shop.texts(&["3 euros."]).await;
        let row = &shop.bench.rows(ANN).await[0];
        // It does not overtake the reply, which was closed about a second before.
        let kept_back = row.claimed_at.unwrap().duration_since(row.created_at).as_millis();
        assert!(kept_back >= 1_000, "{row:?}");
        assert_eq!(post(&shop.bench.service, "SMorder", ANN, "order").await, first);
    })
    .await;
}

#[tokio::test]
async fn the_next_message_closes_it_with_what_was_said() {
    each_database(async |database| {
        let slow = Part::after(Duration::from_secs(5), 200, TOTAL);
        let shop = Shop::with(database, FLOW, &[slow], &[]).await;
        let next = async {
            until("the request", async || !shop.host.requests().is_empty()).await;
            say(&shop.bench.service, "SMnext", ANN, "hello?").await
        };
        let (first, next) = tokio::join!(post(&shop.bench.service, "SMorder", ANN, "order"), next);
        assert!(first.contains("<Message>One moment.</Message>"), "{first}");
        assert_eq!(next, ["Patience."]);
        assert_eq!(post(&shop.bench.service, "SMorder", ANN, "order").await, first);
        shop.texts(&["3 euros."]).await;
    })
    .await;
}

/// Whatever ends the process, what was said is not lost.
#[tokio::test]
async fn a_kill_leaves_what_was_said() {
    each_database(async |database| {
        let slow = Part::after(Duration::from_secs(5), 200, TOTAL);
        let shop = Shop::with(database, FLOW, &[slow], &[]).await;
        let at = shop.bench.service.address();
        let asking =
            tokio::spawn(
                async move { Form::new("SMorder", ANN, "order").post(&client(), at).await },
            );
        until("the request", async || !shop.host.requests().is_empty()).await;
        let Shop { bench, host: _host } = shop;
        let bench = bench.restart(&[]);
        assert!(asking.await.unwrap().is_err(), "the reply was closed");
        let open = "SELECT message_id FROM messages WHERE LENGTH(reply) = 0";
        assert_eq!(select(&bench.url, open).await, ["SMorder"]);
        let told = say(&bench.service, "SMnext", ANN, "hello?").await;
        assert_eq!(told, ["Patience."]);
        let first = post(&bench.service, "SMorder", ANN, "order").await;
        assert!(first.contains("<Message>One moment.</Message>"), "{first}");
        assert_ne!(first, NOTHING);
    })
    .await;
}
