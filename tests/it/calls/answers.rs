//! What follows each kind of answer.

use super::{ANN, Shop};
use crate::outbound::server::{Part, Server};
use crate::outbox::Bench;
use crate::support::database::{each_database, run_sql, select};
use crate::support::twilio::say;

#[tokio::test]
async fn what_a_call_brings_is_said() {
    each_database(async |database| {
        let shop = Shop::open(
            database,
            &[
                Part::status(200, r#"{"total": 87.25}"#),
                Part::status(201, r#"{"number": 7}"#),
                Part::status(200, r#"{"minutes": 25}"#),
            ],
        )
        .await;
        // What comes soon is part of the reply.
        shop.price(&["87.25 euros. Shall we?"]).await;
        assert_eq!(shop.bench.state(ANN).await, "AGREED");
        // The next call follows the one before.
        shop.tells("yes", &["Ready in 25 minutes."]).await;
        assert!(shop.bench.rows(ANN).await.is_empty());
        assert_eq!(shop.bench.state(ANN).await, "END_ORDERED");
        // The transcript has the state that each reply led to.
        let states = "SELECT state_after FROM messages ORDER BY turn";
        assert_eq!(select(&shop.bench.url, states).await.last().unwrap(), "END_ORDERED");

        let requests = shop.host.requests();
        let lines: Vec<&str> = requests.iter().map(|one| one.lines().next().unwrap()).collect();
        let expected =
            ["GET /prices/Funghi HTTP/1.1", "POST /orders HTTP/1.1", "GET /orders/7 HTTP/1.1"];
        assert_eq!(lines, expected);
        assert!(requests[1].ends_with(r#"{"pizza":"Funghi","total":87.25}"#), "{}", requests[1]);
        // The ids are those of calls, and say nothing about Ann.
        let key = |request: &String| {
            let line = request.lines().find(|line| line.starts_with("idempotency-key: "));
            line.unwrap().to_owned()
        };
        let mut keys: Vec<String> = requests.iter().map(key).collect();
        keys.dedup();
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert!(requests.iter().all(|request| !request.contains("4155552671")));
        // Nobody is woken for a call that is over.
        let due = "SELECT phone_number FROM user_sessions WHERE wakes_at IS NOT NULL";
        assert!(select(&shop.bench.url, due).await.is_empty());

        let (_, log) = shop.bench.service.stop();
        let log = log.concat();
        assert!(log.contains("turn taken after a call"), "{log}");
        for hidden in ["Funghi", "/prices", "/orders", "87.25", "4155552671"] {
            assert!(!log.contains(hidden), "{hidden}: {log}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_failure_has_its_branch() {
    each_database(async |database| {
        for (part, text, code) in [
            (Part::status(404, ""), "Not today.", None),
            (Part::status(503, ""), "The shop is away.", Some("503")),
            (Part::status(403, ""), "Something is wrong.", None),
            (Part::status(200, "{}"), "Something is wrong.", None),
            (Part::Close, "Something is wrong.", Some("no_answer")),
            (Part::Answer(b"SSH-2.0\r\n\r\n".to_vec()), "Something is wrong.", Some("bad_answer")),
        ] {
            let shop = Shop::open(database, &[part]).await;
            shop.price(&[text]).await;
            let (_, log) = shop.bench.service.stop();
            let line = log.iter().find(|line| line.contains("a call failed"));
            assert_eq!(line.is_some(), code.is_some(), "{log:#?}");
            if let (Some(line), Some(code)) = (line, code) {
                assert!(line.contains(&format!("\"{code}\"")), "{line}");
                assert!(line.contains(&shop.host.address.to_string()), "{line}");
            }
            run_sql(database.url(), "DELETE FROM user_sessions; DELETE FROM messages").await;
            run_sql(database.url(), "DELETE FROM outgoing").await;
        }
    })
    .await;
}

/// The client's own time limit.
#[tokio::test]
async fn a_host_that_is_silent_leads_to_the_timeout() {
    each_database(async |database| {
        let flow = super::FLOW.replace("20s", "1s");
        let shop = Shop::with(database, &flow, &[Part::Silence], &[]).await;
        shop.price(&["The shop is slow."]).await;
        assert_eq!(shop.bench.state(ANN).await, "END_SLOW");
        assert_eq!(shop.host.requests().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_host_that_is_not_admitted_is_not_called() {
    each_database(async |database| {
        let host = Server::start(&[Part::status(200, r#"{"total": 1}"#)]).await;
        let by_address = host.address.to_string();
        let by_name = format!("localhost:{}", host.port());
        for (place, admitted) in [
            (by_address.as_str(), ""),
            // The list is compared with what the flow says.
            (&by_name, by_address.as_str()),
            ("169.254.169.254", "169.254.169.254"),
            ("[fe80::1]", "[fe80::1]"),
        ] {
            let flow = super::FLOW.replace("HOST", place);
            let bench = Bench::with(database, &flow, &[("CALL_HOSTS", admitted)]).await;
            for (id, says, told) in
                [("SMa", "order", "Which pizza?"), ("SMb", "Funghi", "Something is wrong.")]
            {
                assert_eq!(say(&bench.service, id, ANN, says).await, [told], "{place}");
            }
            let (_, log) = bench.service.stop();
            let is_told = |line: &String| line.contains("refused_address");
            assert!(log.iter().any(is_told), "{place}: {log:#?}");
            run_sql(database.url(), "DELETE FROM user_sessions; DELETE FROM messages").await;
            run_sql(database.url(), "DELETE FROM outgoing").await;
        }
        assert_eq!(host.connections(), 0);
    })
    .await;
}
