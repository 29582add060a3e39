//! A result that a conversation waits for, repeats of it, and what is refused.

use futures_util::future::join_all;

use super::{ANN, FLOW, PAID, Paying, call_back, name_in, told};
use crate::outbox::{Bench, minutes};
use crate::support::database::{each_database, select};
use crate::support::twilio::say;
use crate::support::waiting::until;

#[tokio::test]
async fn a_result_moves_the_conversation_once() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        paying.texts(&["12.5 for Funghi. Thanks!"]).await;
        // The same in another order is the same.
        let same = r#"{"note": "Thanks!", "payment": {"amount": 12.5}, "outcome": "paid"}"#;
        assert_eq!(paying.call_back(same).await, told(202, ""));
        let other = PAID.replace("12.5", "13");
        assert_eq!(paying.call_back(&other).await, told(409, "another result came before"));
        assert_eq!(paying.results().await.len(), 1);
        assert!(paying.results().await[0].starts_with("ORDERED "));
        assert_eq!(paying.bench.twilio.texts().len(), 1);
    })
    .await;
}

/// Nothing but the callback makes such a flow write to anybody.
#[tokio::test]
async fn a_wait_without_a_silence_is_answered_too() {
    const PLAIN: &str = "\
flow: order
start: [order]
steps:
  URL: {say: \"Pay at {{ callback }} then.\"}
  PIZZA: {ask: Which pizza?}
  PAYMENT: {wait_for: payment, when: {paid: PAID}}
  PAID: {say: Thanks., end: ORDERED}
";
    each_database(async |database| {
        let bench = Bench::with(database, PLAIN, &[]).await;
        let name = name_in(&say(&bench.service, "SMorder", ANN, "order").await[0]);
        say(&bench.service, "SMpizza", ANN, "Funghi").await;
        let told_it = call_back(&bench.service, &name, r#"{"outcome": "paid"}"#).await;
        assert_eq!(told_it, told(202, ""));
        assert_eq!(bench.texts(1).await[0].body, "Thanks.");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_used_changes_nothing() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let long = format!(r#"{{"outcome": "paid", "text": "{}"}}"#, "x".repeat(70_000));
        let many_digits = PAID.replace("12.5", "1234567890123456");
        let deep = "[".repeat(1_000);
        for (body, status, why) in [
            ("", 400, "the body must be JSON"),
            ("paid", 400, "the body must be JSON"),
            (deep.as_str(), 400, "the body must be JSON"),
            (long.as_str(), 413, "the body is larger than 65536 bytes"),
            ("[]", 422, "the result must be a JSON object"),
            ("null", 422, "the result must be a JSON object"),
            ("{}", 422, "the result must have an `outcome`"),
            (r#"{"outcome": 1}"#, 422, "`outcome` must be a text"),
            (r#"{"outcome": null}"#, 422, "`outcome` must be a text"),
            (
                r#"{"outcome": "Paid"}"#,
                422,
                "`outcome` must have 1 to 50 small letters, digits or `_`",
            ),
            (r#"{"outcome": "lost"}"#, 422, "`outcome` must be one of: paid, failed"),
            (r#"{"outcome": "paid"}"#, 422, "the result has no `/payment/amount` to keep"),
            (&many_digits, 422, "the number at `/payment/amount` has more than 15 digits"),
        ] {
            assert_eq!(paying.call_back(body).await, told(status, why), "{body:.40}");
        }
        assert_eq!(paying.bench.state(ANN).await, "PAYMENT");
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        paying.texts(&["12.5 for Funghi. Thanks!"]).await;
    })
    .await;
}

#[tokio::test]
async fn names_that_lead_nowhere() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let service = &paying.bench.service;
        let long = "a".repeat(65);
        let unknown = "0".repeat(32);
        for name in ["x", &unknown, &long, "%2e%2e", "%FF", "a%00b", "a'b", "ä"] {
            assert_eq!(call_back(service, name, PAID).await, told(404, "there is nothing here"));
        }
        // One that dies with its conversation.
        assert_eq!(say(service, "SMstop", ANN, "enough").await, ["Say order."]);
        assert_eq!(paying.call_back(PAID).await, told(404, "there is nothing here"));
        // The next conversation has another one.
        let again = name_in(&say(service, "SMagain", ANN, "order").await[0]);
        assert_ne!(again, paying.name);
        assert_eq!(paying.call_back(PAID).await, told(404, "there is nothing here"));
        assert_eq!(call_back(service, &again, PAID).await, told(202, ""));
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_one_counts() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let same = join_all((0..32).map(|_| paying.call_back(PAID))).await;
        assert_eq!(same, vec![told(202, ""); 32]);
        paying.texts(&["12.5 for Funghi. Thanks!"]).await;
        assert_eq!(paying.results().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_different_results_at_once_one_counts() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let bodies: Vec<String> = (1..=16).map(|n| PAID.replace("12.5", &n.to_string())).collect();
        let told = join_all(bodies.iter().map(|body| paying.call_back(body))).await;
        let taken: Vec<usize> = (0..16).filter(|at| told[*at].0 == 202).collect();
        let refused = told.iter().filter(|(status, _)| *status == 409).count();
        assert_eq!((taken.len(), refused), (1, 15), "{told:?}");
        let said = format!("{} for Funghi. Thanks!", taken[0] + 1);
        paying.texts(&[&said]).await;
    })
    .await;
}

#[tokio::test]
async fn a_wait_is_reminded_and_ends() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let said = say(&paying.bench.service, "SMask", ANN, "Is it ready?").await;
        assert_eq!(said, ["We wait for your payment."]);
        paying.bench.pass(ANN, minutes(10)).await;
        paying.texts(&["Please pay."]).await;
        paying.bench.pass(ANN, minutes(120)).await;
        paying.texts(&["Please pay.", "Nothing came."]).await;
        assert_eq!(paying.bench.state(ANN).await, "NOT_PAID");
        assert_eq!(paying.call_back(PAID).await, told(404, "there is nothing here"));
    })
    .await;
}

#[tokio::test]
async fn an_outcome_may_lead_to_another_callback() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        let failed = PAID.replace("paid", "failed");
        assert_eq!(paying.call_back(&failed).await, told(202, ""));
        let texts = paying.bench.texts(1).await;
        let next = name_in(&texts[0].body);
        assert_ne!(next, paying.name);
        // A repeat of the first result is not one of the second.
        assert_eq!(paying.call_back(&failed).await, told(202, ""));
        let service = &paying.bench.service;
        assert_eq!(say(service, "SMagain", ANN, "Diavola").await, [""; 0]);
        assert_eq!(paying.bench.state(ANN).await, "PAYMENT");
        assert_eq!(call_back(service, &next, PAID).await, told(202, ""));
        let said = [texts[0].body.as_str(), "12.5 for Diavola. Thanks!"];
        paying.texts(&said).await;
    })
    .await;
}

#[tokio::test]
async fn a_callback_is_remembered_for_a_day() {
    each_database(async |database| {
        let paying = Paying::waiting(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        let url = &paying.bench.url;
        let age = async |hours: i64| {
            let at = crate::outbox::written(
                jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours),
            );
            let sql = format!("UPDATE callbacks SET over_at = '{at}'");
            crate::support::database::run_sql(url, &sql).await;
        };
        age(23).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        age(25).await;
        assert_eq!(paying.call_back(PAID).await, told(404, "there is nothing here"));
        assert_eq!(select(url, "SELECT name FROM callbacks").await, [paying.name.as_str()]);
    })
    .await;
}

#[tokio::test]
async fn two_processes_take_one_result_once() {
    each_database(async |database| {
        if !database.is_mysql() {
            // A file belongs to one process.
            return;
        }
        let paying = Paying::waiting(database).await;
        let other = Bench::with(database, FLOW, &[]).await;
        let (one, two) = tokio::join!(
            join_all((0..8).map(|_| paying.call_back(PAID))),
            join_all((0..8).map(|_| call_back(&other.service, &paying.name, PAID)))
        );
        assert_eq!([one, two].concat(), vec![told(202, ""); 16]);
        let texts = || paying.bench.twilio.texts().len() + other.twilio.texts().len();
        until("the text", async || texts() == 1).await;
        assert_eq!(paying.results().await.len(), 1);
    })
    .await;
}
