//! Secrets reach the host and nothing else.

use super::{ANN, Shop};
use crate::outbound::server::Part;
use crate::support::database::{each_database, select};

const FLOW: &str = "\
flow: order
start: [order]
secrets: [KEY]
expire: 20h
steps:
  PRICE:
    call: GET http://HOST/price
    headers: {Authorization: \"Bearer {{ KEY }}\"}
    query: {key: \"{{ KEY }}\"}
    keep: {total: /total}
    when: {failed: SORRY}
  DONE: {say: \"{{ total }} euros.\", end: END_DONE}
  SORRY: {say: Something is wrong., end: END_FAILED}
";

#[tokio::test]
async fn a_secret_reaches_the_host_and_no_log() {
    each_database(async |database| {
        let parts = [Part::status(200, r#"{"total": 3}"#), Part::status(500, "")];
        let settings = [("SECRET_KEY", "s3cret/1"), ("RUST_LOG", "trace")];
        let shop = Shop::with(database, FLOW, &parts, &settings).await;
        shop.tells("order", &["3 euros."]).await;
        let requests = shop.host.requests();
        assert!(requests[0].starts_with("GET /price?key=s3cret%2F1 HTTP/1.1"), "{requests:?}");
        assert!(requests[0].contains("authorization: Bearer s3cret/1"), "{requests:?}");
        shop.tells("order", &["Something is wrong."]).await;
        for table in ["user_sessions", "messages", "outgoing"] {
            let column = if table == "user_sessions" { "answers" } else { "body" };
            let rows = select(&shop.bench.url, &format!("SELECT {column} FROM {table}")).await;
            assert!(!rows.concat().contains("s3cret"), "{table}");
        }
        assert_eq!(shop.bench.state(ANN).await, "END_FAILED");
        let (_, log) = shop.bench.service.stop();
        let log = log.concat();
        assert!(!log.contains("s3cret"), "{log}");
    })
    .await;
}
