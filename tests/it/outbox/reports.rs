//! The provider's reports about texts, in any order.

use super::{ANN, Bench, minutes};
use crate::support::database::each_database;
use crate::support::fake_twilio::Part;

const NUDGE: &str = "Are you still there?";

#[tokio::test]
async fn reports_count_by_their_rank() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        let text = &bench.texts(1).await[0];
        for (status, code, expected) in [
            ("sending", None, "accepted"),
            ("partially_delivered", None, "accepted"),
            ("undelivered", Some(30_003), "undelivered 30003"),
            ("sent", None, "undelivered 30003"),
            ("undelivered", None, "undelivered 30003"),
            ("delivered", None, "delivered 30003"),
            ("undelivered", Some(30_008), "delivered 30003"),
            ("read", None, "read 30003"),
            ("read", None, "read 30003"),
            ("queued", None, "read 30003"),
        ] {
            assert_eq!(bench.twilio.report(text, status, code).await, 204, "{status}");
            bench.keeps(ANN, &[&format!("{NUDGE} {expected}")]).await;
        }
        // A nudge is never sent again, whatever the code says.
        assert_eq!(bench.twilio.texts().len(), 1);
    })
    .await;
}

/// A report that comes before the answer of the request.
#[tokio::test]
async fn a_report_may_be_first() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.twilio.play(&[Part::ReportFirst(vec!["sent", "delivered"])]);
        bench.pass(ANN, minutes(10)).await;
        let text = &bench.texts(1).await[0];
        bench.keeps(ANN, &[&format!("{NUDGE} delivered")]).await;
        let row = &bench.rows(ANN).await[0];
        assert_eq!(row.sid.as_deref(), Some(text.sid.as_str()));
    })
    .await;
}

/// A report of an opt-out is a STOP, and what else waits is dropped.
#[tokio::test]
async fn an_opt_out_may_come_as_a_report() {
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        let text = &bench.texts(1).await[0];
        assert_eq!(bench.twilio.report(text, "failed", Some(21_610)).await, 204);
        bench.keeps(ANN, &[&format!("{NUDGE} failed 21610")]).await;
        assert_eq!(bench.state(ANN).await, "STOPPED");
    })
    .await;
}

/// What is not signed, of another account or about nothing.
#[tokio::test]
async fn reports_are_checked_like_messages() {
    use crate::support::twilio::client;
    each_database(async |database| {
        let bench = Bench::start(database).await;
        bench.ask(ANN).await;
        bench.pass(ANN, minutes(10)).await;
        let text = &bench.texts(1).await[0];
        bench.keeps(ANN, &[&format!("{NUDGE} accepted")]).await;
        let url = format!("http://{}/webhooks/twilio/status?m=1", bench.service.address());
        let unsigned = client().post(&url).form(&[("MessageStatus", "read")]).send().await;
        assert_eq!(unsigned.unwrap().status(), 403);
        assert_eq!(client().get(&url).send().await.unwrap().status(), 405);
        // Of another text, of no text, and of a text that is not there.
        let mut other = text.clone();
        other.sid = "SM00000000000000000000000000000099".to_owned();
        assert_eq!(bench.twilio.report(&other, "read", None).await, 204);
        let callback = text.status_callback.clone().unwrap();
        let base = callback.split('?').next().unwrap();
        for query in ["", "?m=", "?m=x", "?m=999999", "?n=1"] {
            other.status_callback = Some(format!("{base}{query}"));
            assert_eq!(bench.twilio.report(&other, "read", None).await, 204, "{query}");
        }
        bench.keeps(ANN, &[&format!("{NUDGE} accepted")]).await;
    })
    .await;
}

/// Twilio does not sign the fragment that the URL was given with; others may.
#[tokio::test]
async fn a_report_may_be_signed_with_the_fragment_of_its_url() {
    use ringback::twilio::form::Pairs;
    use ringback::twilio::signature::{AuthToken, sign};

    use crate::support::database::TestDatabase;
    use crate::support::twilio::{TOKEN, client};
    let database = TestDatabase::sqlite();
    let bench = Bench::start(&database).await;
    bench.ask(ANN).await;
    bench.pass(ANN, minutes(10)).await;
    let text = &bench.texts(1).await[0];
    let told = text.status_callback.clone().unwrap();
    let (plain, fragment) = told.split_once('#').unwrap();
    let target = plain.strip_prefix("https://bot.example.com").unwrap();
    let url = format!("http://{}{target}", bench.service.address());
    let body = format!("AccountSid=AC{:032}&MessageSid={}&MessageStatus=sent", 0, text.sid);
    let token = AuthToken::new(&TOKEN.into()).unwrap();
    let pairs = Pairs::decode(body.as_bytes()).unwrap();
    for (signed, status) in [
        (plain.to_owned(), 204),
        (format!("{plain}#{fragment}"), 204),
        (format!("{plain}#rc=5"), 403),
        (format!("{plain}&x=1"), 403),
    ] {
        let request = client()
            .post(&url)
            .header("X-Twilio-Signature", sign(&signed, &pairs, &token))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.clone());
        assert_eq!(request.send().await.unwrap().status(), status, "{signed}");
    }
}
