//! Status callbacks, as the service receives them: signed, in any order.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::routing::post;
use ringback::twilio::form::Pairs;
use ringback::twilio::rest::callback::{self, Callback};
use ringback::twilio::rest::outcome::Outcome;
use ringback::twilio::rest::status::Status;
use ringback::twilio::signature::SignedRequest;
use tokio::net::TcpListener;

use super::super::verifier;
use super::{PATIENT, client, form};
use crate::support::fake_twilio::{ACCOUNT, FakeTwilio, Part, TOKEN};

const PUBLIC_URL: &str = "https://bot.example.com";

type Reports = Arc<Mutex<Vec<(String, Callback)>>>;

/// A service that takes reports which are signed right, and keeps them.
async fn service() -> (SocketAddr, Reports) {
    let reports = Reports::default();
    let route = post(take).with_state(reports.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/webhooks/twilio/status", route);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, reports)
}

async fn take(
    State(reports): State<Reports>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let target = uri.path_and_query().unwrap().as_str();
    let header = |name| headers.get(name).map(HeaderValue::as_bytes);
    let request = SignedRequest {
        path_and_query: target,
        content_type: header("content-type"),
        signature: header("x-twilio-signature"),
        body: &body,
    };
    let Ok(authentic) = verifier(PUBLIC_URL, TOKEN).verify(&request) else {
        return StatusCode::FORBIDDEN;
    };
    let pairs: Pairs = authentic.into_pairs();
    let report = callback::read(&pairs, Some(ACCOUNT)).unwrap();
    reports.lock().unwrap().push((target.to_owned(), report));
    StatusCode::NO_CONTENT
}

#[tokio::test]
async fn reports_are_signed_and_read_in_any_order() {
    let (address, reports) = service().await;
    let twilio = FakeTwilio::start().await;
    twilio.reaches_service_at(address);
    client(&twilio.url(), PATIENT).send(&form()).await;
    let text = &twilio.texts()[0];
    let told =
        [("undelivered", Some(30003)), ("delivered", None), ("delivered", None), ("sent", None)];
    for (status, code) in told {
        assert_eq!(twilio.report(text, status, code).await, 204);
    }
    let mut current = Status::Accepted;
    for ((target, report), (status, code)) in reports.lock().unwrap().iter().zip(told) {
        assert_eq!(target, "/webhooks/twilio/status?m=1");
        let (sid, to) = (text.sid.clone(), Some(text.to.clone()));
        let expected = Callback { sid, to, status: Status::of_name(status), code };
        assert_eq!(*report, expected);
        if report.status.replaces(&current) {
            current = report.status.clone();
        }
    }
    assert_eq!(reports.lock().unwrap().len(), told.len());
    assert_eq!(current, Status::Delivered);
}

#[tokio::test]
async fn a_report_can_come_before_the_answer() {
    let (address, reports) = service().await;
    let twilio = FakeTwilio::start().await;
    twilio.reaches_service_at(address);
    twilio.play(&[Part::ReportFirst(vec!["sent", "delivered"])]);
    let outcome = client(&twilio.url(), PATIENT).send(&form()).await;
    let Outcome::Sent(sent) = outcome else { panic!("{outcome:?}") };
    let reports = reports.lock().unwrap();
    let known: Vec<_> = reports
        .iter()
        .map(|(_, report)| (Some(report.sid.clone()), report.status.name()))
        .collect();
    assert_eq!(known, [(sent.sid.clone(), "sent"), (sent.sid, "delivered")]);
}
