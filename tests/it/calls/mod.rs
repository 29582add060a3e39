//! Calls of flows, from a message over a host of the tests' own to the text that
//! follows.

mod answers;
mod kills;
mod meanwhile;
mod open;
mod processes;
mod said_before;
mod secrets;

use crate::outbound::server::{Part, Server};
use crate::outbox::{ANN, Bench};
use crate::support::database::TestDatabase;
use crate::support::twilio::{post, say};
use crate::support::waiting::until;

/// A price that is asked of a host, and an order that is made there.
const FLOW: &str = "\
flow: order
start: [order]
expire: 20h
commands: {stop: [enough]}
steps:
  PIZZA: {ask: Which pizza?}
  PRICE:
    call: GET http://HOST/prices/{{ PIZZA }}
    timeout: 20s
    keep: {total: /total}
    meanwhile: Patience.
    when: {404: GONE, 5xx: AWAY, timeout: SLOW, failed: SORRY}
  AGREED: {ask: \"{{ total }} euros. Shall we?\", type: yes_no, when: {\"no\": GONE}}
  ORDER:
    call: POST http://HOST/orders
    body: {pizza: \"{{ PIZZA }}\", total: \"{{ total }}\"}
    timeout: 20s
    keep: {number: /number}
    when: {failed: SORRY}
  TIME:
    call: GET http://HOST/orders/{{ number }}
    timeout: 20s
    keep: {minutes: /minutes}
    when: {failed: SORRY}
  DONE: {say: \"Ready in {{ minutes }} minutes.\", end: END_ORDERED}
  GONE: {say: Not today., end: END_GONE}
  AWAY: {say: The shop is away., end: END_AWAY}
  SLOW: {say: The shop is slow., end: END_SLOW}
  SORRY: {say: Something is wrong., end: END_FAILED}
";

/// The id of the message that leads to the price.
const PRICE: &str = "SMprice";

/// The reply that says nothing.
const NOTHING: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

/// A service whose flow calls a host that plays these parts.
struct Shop {
    bench: Bench,
    host: Server,
}

impl Shop {
    async fn open(database: &TestDatabase, parts: &[Part]) -> Self {
        Self::with(database, FLOW, parts, &[]).await
    }

    async fn with(
        database: &TestDatabase,
        flow: &str,
        parts: &[Part],
        further: &[(&str, &str)],
    ) -> Self {
        let host = Server::start(parts).await;
        let address = host.address.to_string();
        let flow = flow.replace("HOST", &address);
        let settings = [&[("CALL_HOSTS", address.as_str())], further].concat();
        let bench = Bench::with(database, &flow, &settings).await;
        Self { bench, host }
    }

    /// Ann says this, and the reply has these texts.
    async fn tells(&self, says: &str, told: &[&str]) {
        let id = format!("SMcall{}", self.bench.turns(ANN).await);
        assert_eq!(say(&self.bench.service, &id, ANN, says).await, told, "{says}");
    }

    /// Ann asks for the price of a pizza, and the reply has these texts.
    async fn price(&self, told: &[&str]) {
        self.tells("order", &["Which pizza?"]).await;
        self.tells("Funghi", told).await;
    }

    /// Ann asks for the price of a pizza, and does something else meanwhile. Returns
    /// the bytes of the reply.
    async fn price_and(&self, meanwhile: impl AsyncFnOnce()) -> String {
        self.tells("order", &["Which pizza?"]).await;
        let asking = post(&self.bench.service, PRICE, ANN, "Funghi");
        let then = async {
            until("the request", async || !self.host.requests().is_empty()).await;
            meanwhile().await;
        };
        tokio::join!(asking, then).0
    }

    /// Waits for these texts, all that came by REST so far.
    async fn texts(&self, expected: &[&str]) {
        let texts = self.bench.texts(expected.len()).await;
        let said: Vec<&str> = texts.iter().map(|text| text.body.as_str()).collect();
        assert_eq!(said, expected);
    }
}
