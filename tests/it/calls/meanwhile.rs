//! What people write while a call runs.

use std::time::Duration;

use super::{ANN, NOTHING, Shop};
use crate::outbound::server::Part;
use crate::support::database::each_database;
use crate::support::twilio::say;

/// Longer than a message takes.
const LATER: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_message_meanwhile_leaves_the_call_running() {
    each_database(async |database| {
        let answer = Part::after(LATER, 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        let reply = shop
            .price_and(async || {
                let told = say(&shop.bench.service, "SMhello", ANN, "hello?").await;
                assert_eq!(told, ["Patience."]);
                assert_eq!(shop.bench.state(ANN).await, "PRICE");
            })
            .await;
        // The message has closed the reply before it.
        assert_eq!(reply, NOTHING);
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
        let reply = shop
            .price_and(async || {
                say(&shop.bench.service, "SMenough", ANN, "enough").await;
                assert_eq!(shop.bench.state(ANN).await, "CANCELLED");
                // She comes to the same call again, which the first answer is none of.
                shop.price(&["10 euros. Shall we?"]).await;
            })
            .await;
        assert_eq!(reply, NOTHING);
        assert_eq!(shop.host.requests().len(), 2);
        assert!(shop.bench.rows(ANN).await.is_empty());
    })
    .await;
}

/// A service that is asked to stop waits a moment for its calls.
#[tokio::test]
async fn a_stop_brings_what_is_under_way() {
    each_database(async |database| {
        let answer = Part::after(LATER, 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        let reply = shop.price_and(async || shop.bench.service.terminate()).await;
        assert!(reply.contains("9 euros. Shall we?"), "{reply}");
        let Shop { bench, .. } = shop;
        assert_eq!(bench.state(ANN).await, "AGREED");
        assert!(bench.service.ended().0.success());
    })
    .await;
}
