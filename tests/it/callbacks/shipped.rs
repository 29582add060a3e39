//! The flow that ships, with a shop of the tests' own: a price, a reminder, a
//! payment that fails and one that is made.

use std::fs;

use super::{ANN, call_back, told};
use crate::outbound::server::{Part, Server};
use crate::outbox::{Bench, minutes};
use crate::support::database::each_database;
use crate::support::twilio::{PUBLIC_URL, say};

#[tokio::test]
async fn a_cake_is_ordered_and_paid() {
    each_database(async |database| {
        let parts = [
            Part::status(200, r#"{"total": 24}"#),
            Part::status(200, r#"{"link": "https://pay.example/1"}"#),
            Part::status(200, r#"{"link": "https://pay.example/2"}"#),
        ];
        let shop = Server::start(&parts).await;
        let address = shop.address.to_string();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/flows/cake.yaml");
        let flow = fs::read_to_string(path).unwrap();
        // Whatever the time is, the reminder comes.
        let flow = flow.replace("shop.test", &address).replace("quiet: 21:00 to 8:00\n", "");
        let bench = Bench::with(database, &flow, &[("CALL_HOSTS", &address)]).await;
        let tells = async |id: &str, says: &str, told: &[&str]| {
            assert_eq!(say(&bench.service, id, ANN, says).await, told, "{says}");
        };
        let cakes = "Which cake would you like?\n1. Sachertorte\n2. Apple strudel\n3. Cheesecake";
        tells("SM1", "cake", &[cakes]).await;
        tells("SM2", "2", &["For how many people?"]).await;
        let price = "Apple strudel for 8: that makes 24 euros. Shall we bake it?";
        tells("SM3", "8", &[price]).await;
        bench.pass(ANN, minutes(10)).await;
        bench.keeps(ANN, &["Shall we bake it? Answer yes or no. accepted"]).await;
        let nudge = &bench.texts(1).await[0];
        assert_eq!(bench.twilio.report(nudge, "delivered", None).await, 204);
        let pay =
            |number: u8| format!("Please pay here within an hour: https://pay.example/{number}");
        tells("SM4", "yes", &[&pay(1)]).await;
        let name = |request: &str| {
            let start = format!("{PUBLIC_URL}/callbacks/");
            let (_, rest) = request.split_once(&start).unwrap();
            rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()
        };
        let first = name(&shop.requests()[1]);
        let declined = r#"{"outcome": "declined", "receipt": ""}"#;
        assert_eq!(call_back(&bench.service, &first, declined).await, told(202, ""));
        let texts = bench.texts(2).await;
        assert_eq!(texts[1].body, pay(2));
        let second = name(&shop.requests()[2]);
        assert_ne!(first, second);
        let paid = r#"{"outcome": "paid", "receipt": "R-17"}"#;
        assert_eq!(call_back(&bench.service, &second, paid).await, told(202, ""));
        let texts = bench.texts(3).await;
        let thanks = "Thank you! Your receipt is R-17. The cake is ready tomorrow at 10.";
        assert_eq!(texts[2].body, thanks);
        assert_eq!(bench.state(ANN).await, "ORDERED");
        let sent: Vec<String> = shop.requests();
        assert!(sent[0].starts_with("POST /prices HTTP/1.1"), "{sent:?}");
        assert!(sent[0].ends_with(r#"{"cake":"apple","people":8}"#), "{sent:?}");
    })
    .await;
}
