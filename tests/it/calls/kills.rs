//! A process that ends during a call: the call is not repeated, and its time
//! ends all the same.

use std::time::Duration;

use super::{ANN, Shop};
use crate::outbound::server::Part;
use crate::outbox::until;
use crate::support::database::each_database;

#[tokio::test]
async fn a_kill_during_a_call_ends_in_its_timeout() {
    each_database(async |database| {
        let shop = Shop::open(database, &[Part::Silence]).await;
        shop.price().await;
        until("the request", async || shop.host.requests().len() == 1).await;
        let Shop { bench, host } = shop;
        let bench = bench.restart(&[]);
        assert_eq!(bench.state(ANN).await, "PRICE");
        bench.pass(ANN, Duration::from_secs(21)).await;
        assert_eq!(bench.texts(1).await[0].body, "The shop is slow.");
        assert_eq!(bench.state(ANN).await, "END_SLOW");
        assert_eq!(host.requests().len(), 1, "the call was repeated");
    })
    .await;
}

/// Quiet hours are for who does not wait.
#[tokio::test]
async fn quiet_hours_do_not_keep_a_call() {
    each_database(async |database| {
        let flow = super::FLOW.replace("expire: 20h", "expire: 20h\nquiet: 00:00 to 23:59");
        let shop = Shop::with(database, &flow, &[Part::Silence], &[]).await;
        shop.price().await;
        until("the request", async || shop.host.requests().len() == 1).await;
        shop.bench.pass(ANN, Duration::from_secs(21)).await;
        shop.texts(&["The shop is slow."]).await;
        // The answer that the client gives up on comes too late, and changes nothing.
        assert_eq!(shop.bench.state(ANN).await, "END_SLOW");
    })
    .await;
}
