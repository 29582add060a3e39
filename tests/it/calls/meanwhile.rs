//! What people write while a call runs.

use std::time::Duration;

use super::{ANN, Shop};
use crate::outbound::server::Part;
use crate::outbox::until;
use crate::support::database::each_database;

/// Longer than a message takes.
const LATER: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_message_meanwhile_leaves_the_call_running() {
    each_database(async |database| {
        let answer = Part::after(LATER, 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        shop.price().await;
        shop.tells("hello?", &["Patience."]).await;
        assert_eq!(shop.bench.state(ANN).await, "PRICE");
        shop.texts(&["9 euros. Shall we?"]).await;
        assert_eq!(shop.host.requests().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_command_leaves_the_answer_behind() {
    each_database(async |database| {
        let answer = Part::after(LATER, 200, r#"{"total": 9}"#);
        let next = Part::after(LATER, 200, r#"{"total": 10}"#);
        let shop = Shop::open(database, &[answer, next]).await;
        shop.price().await;
        shop.tells("enough", &[]).await;
        assert_eq!(shop.bench.state(ANN).await, "CANCELLED");
        // She comes to the same call again, which the first answer is none of.
        shop.tells("order", &["Which pizza?"]).await;
        shop.tells("Funghi", &[]).await;
        shop.texts(&["10 euros. Shall we?"]).await;
        assert_eq!(shop.host.requests().len(), 2);
    })
    .await;
}

/// A service that is asked to stop waits a moment for its calls.
#[tokio::test]
async fn a_stop_brings_what_is_under_way() {
    each_database(async |database| {
        let answer = Part::after(LATER, 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        shop.price().await;
        until("the request", async || shop.host.requests().len() == 1).await;
        let Shop { bench, .. } = shop;
        bench.service.terminate();
        until("the answer", async || bench.state(ANN).await == "AGREED").await;
        let url = bench.url.clone();
        assert!(bench.service.ended().0.success());
        // The text waits for the next start.
        let kept = "SELECT state FROM outgoing";
        assert_eq!(crate::support::database::select(&url, kept).await, ["pending"]);
    })
    .await;
}
