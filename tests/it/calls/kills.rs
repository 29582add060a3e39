//! A process that ends during a call: the call is not repeated, and its time
//! ends all the same.

use std::time::Duration;

use super::{ANN, NOTHING, PRICE, Shop};
use crate::outbound::server::Part;
use crate::support::database::each_database;
use crate::support::twilio::{Form, client, post};
use crate::support::waiting::until;

#[tokio::test]
async fn a_kill_during_a_call_ends_in_its_timeout() {
    each_database(async |database| {
        let shop = Shop::open(database, &[Part::Silence]).await;
        shop.tells("order", &["Which pizza?"]).await;
        let at = shop.bench.service.address();
        let asking =
            tokio::spawn(async move { Form::new(PRICE, ANN, "Funghi").post(&client(), at).await });
        until("the request", async || shop.host.requests().len() == 1).await;
        let Shop { bench, host } = shop;
        let bench = bench.restart(&[]);
        assert!(asking.await.unwrap().is_err(), "the reply was closed");
        assert_eq!(bench.state(ANN).await, "PRICE");
        // Another process could still hold the reply.
        let repeat = Form::new(PRICE, ANN, "Funghi");
        let answer = repeat.post(&client(), bench.service.address()).await.unwrap();
        assert_eq!(answer.status.as_u16(), 503);
        bench.pass(ANN, Duration::from_secs(21)).await;
        assert_eq!(bench.texts(1).await[0].body, "The shop is slow.");
        assert_eq!(bench.state(ANN).await, "END_SLOW");
        assert_eq!(post(&bench.service, PRICE, ANN, "Funghi").await, NOTHING);
        assert_eq!(host.requests().len(), 1, "the call was repeated");
    })
    .await;
}

/// Quiet hours are for silent people. A person who waits for a call is answered.
#[tokio::test]
async fn quiet_hours_do_not_keep_a_call() {
    each_database(async |database| {
        let flow = super::FLOW.replace("expire: 20h", "expire: 20h\nquiet: 00:00 to 23:59");
        let shop = Shop::with(database, &flow, &[Part::Silence], &[]).await;
        let reply =
            shop.price_and(async || shop.bench.pass(ANN, Duration::from_secs(21)).await).await;
        assert_eq!(reply, NOTHING);
        shop.texts(&["The shop is slow."]).await;
        assert_eq!(shop.bench.state(ANN).await, "END_SLOW");
    })
    .await;
}
