//! Replies that stay open for a call, and close once.

use std::time::{Duration, Instant};

use super::{ANN, NOTHING, PRICE, Shop};
use crate::outbound::server::Part;
use crate::support::database::{each_database, select};
use crate::support::twilio::post;

#[tokio::test]
async fn a_slow_answer_comes_as_a_message_of_its_own() {
    each_database(async |database| {
        let answer = Part::after(Duration::from_secs(8), 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        let begun = Instant::now();
        let reply = shop.price_and(async || {}).await;
        let took = begun.elapsed().as_secs_f64();
        assert!((5.5..7.5).contains(&took), "{took}");
        assert_eq!(reply, NOTHING);
        shop.texts(&["9 euros. Shall we?"]).await;
        // It is said once, whatever is asked again.
        assert_eq!(post(&shop.bench.service, PRICE, ANN, "Funghi").await, NOTHING);
        assert_eq!(shop.bench.rows(ANN).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn every_repeat_gets_the_same_bytes() {
    each_database(async |database| {
        let answer = Part::after(Duration::from_secs(3), 200, r#"{"total": 9}"#);
        let shop = Shop::open(database, &[answer]).await;
        let repeats = std::sync::Mutex::new(Vec::new());
        let reply = shop
            .price_and(async || {
                let again = || post(&shop.bench.service, PRICE, ANN, "Funghi");
                let (one, two) = tokio::join!(again(), again());
                repeats.lock().unwrap().extend([one, two]);
            })
            .await;
        assert!(reply.contains("9 euros. Shall we?"), "{reply}");
        let late = post(&shop.bench.service, PRICE, ANN, "Funghi").await;
        for repeat in repeats.into_inner().unwrap().iter().chain([&late]) {
            assert_eq!(*repeat, reply);
        }
        assert!(shop.bench.rows(ANN).await.is_empty());
        let open = "SELECT contact FROM user_sessions WHERE contact LIKE '%open%'";
        assert!(select(&shop.bench.url, open).await.is_empty());
    })
    .await;
}
