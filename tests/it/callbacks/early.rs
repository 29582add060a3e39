//! A result that comes before the conversation waits for it.

use super::{ANN, PAID, Paying, told};
use crate::support::database::{each_database, run_sql};
use crate::support::twilio::say;

#[tokio::test]
async fn it_is_kept_and_taken_with_the_wait() {
    each_database(async |database| {
        let paying = Paying::asked(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        assert_eq!(paying.bench.state(ANN).await, "PIZZA");
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        let other = PAID.replace("12.5", "13");
        assert_eq!(paying.call_back(&other).await, told(409, "another result came before"));
        let said = say(&paying.bench.service, "SMpizza", ANN, "Funghi").await;
        assert_eq!(said, ["12.5 for Funghi. Thanks!"]);
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        assert_eq!(paying.call_back(&other).await, told(409, "another result came before"));
        assert_eq!(paying.results().await.len(), 1);
        paying.texts(&[]).await;
    })
    .await;
}

#[tokio::test]
async fn one_that_does_not_fit_is_dropped_and_another_taken() {
    each_database(async |database| {
        let mut paying = Paying::asked(database).await;
        // Whether an outcome is one of the wait is not known before that.
        let lost = r#"{"outcome": "lost"}"#;
        assert_eq!(paying.call_back(lost).await, told(202, ""));
        assert_eq!(say(&paying.bench.service, "SMpizza", ANN, "Funghi").await, [""; 0]);
        assert_eq!(paying.bench.state(ANN).await, "PAYMENT");
        let line = paying.bench.service.wait_for_line("the dropped result", |line| {
            line.contains("a result that came early did not fit")
        });
        assert!(!line.contains("lost"), "{line}");
        let why = "`outcome` must be one of: paid, failed";
        assert_eq!(paying.call_back(lost).await, told(422, why));
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        paying.texts(&["12.5 for Funghi. Thanks!"]).await;
    })
    .await;
}

#[tokio::test]
async fn what_no_conversation_could_use_is_refused_at_once() {
    each_database(async |database| {
        let paying = Paying::asked(database).await;
        let why = "the result must have an `outcome`";
        assert_eq!(paying.call_back("{}").await, told(422, why));
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
    })
    .await;
}

#[tokio::test]
async fn it_is_gone_with_its_conversation() {
    each_database(async |database| {
        let paying = Paying::asked(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        assert_eq!(say(&paying.bench.service, "SMstop", ANN, "enough").await, ["Say order."]);
        assert_eq!(paying.call_back(PAID).await, told(404, "there is nothing here"));
    })
    .await;
}

#[tokio::test]
async fn it_is_gone_once_the_conversation_has_expired() {
    each_database(async |database| {
        let paying = Paying::asked(database).await;
        assert_eq!(paying.call_back(PAID).await, told(202, ""));
        let over = "UPDATE user_sessions SET expires_at = '2026-01-01 00:00:00.000'";
        run_sql(&paying.bench.url, over).await;
        let other = r#"{"outcome": "failed", "payment": {"amount": 1}}"#;
        for result in [PAID, other] {
            assert_eq!(paying.call_back(result).await, told(404, "there is nothing here"));
        }
    })
    .await;
}

/// What is taken early can be read again, however it is nested.
#[tokio::test]
async fn the_deepest_result_is_kept() {
    each_database(async |database| {
        let paying = Paying::asked(database).await;
        let nested = |levels: usize| {
            let (open, close) = ("[".repeat(levels), "]".repeat(levels));
            format!(r#"{{"outcome": "paid", "payment": {{"amount": 3}}, "note": "!", "x": {open}{close}}}"#)
        };
        let why = "the result must have at most 100 objects and lists within each other";
        assert_eq!(paying.call_back(&nested(100)).await, told(422, why));
        assert_eq!(paying.call_back(&nested(99)).await, told(202, ""));
        let said = say(&paying.bench.service, "SMpizza", ANN, "Funghi").await;
        assert_eq!(said, ["3 for Funghi. !"]);
    })
    .await;
}
