//! The requests that came in, as the page of the real service shows them.

use reqwest::{Client, header};
use serde_json::{Value, json};

use super::opened::Opened;
use crate::support::database::{TestDatabase, each_database};
use crate::support::page::stranger;
use crate::support::service::Service;
use crate::support::twilio::{Form, client, settings};

const ANN: &str = "+14155552671";

const FLOW: &str = "\
flow: order
start: [order]
steps:
  PIZZA: {ask: Which?, max: 20, nudges: {10m: Still there?}}
  URL: {say: \"Pay at {{ callback }} please.\"}
  PAYMENT: {wait_for: payment, when: {paid: THANKS}}
  THANKS: {say: Thank you., end: ORDERED}
";

/// The sender, the path, the status and the verdict of each request.
fn told(requests: &[Value]) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |seen: &Value| {
        let target = word(&seen["target"]);
        let place = target.split(['?']).next().unwrap();
        let place = if place.starts_with("/callbacks/") { "/callbacks/" } else { place };
        format!("{} {place} {} {}", word(&seen["from"]), seen["status"], word(&seen["verdict"]))
    };
    requests.iter().map(line).collect()
}

#[tokio::test]
async fn every_way_in_is_seen() {
    each_database(async |database| {
        let page = Opened::with_flow(database, FLOW, &[]).await;
        let mut feed = page.feed(ANN).await;
        feed.hears("event: live").await;
        page.say(ANN, "order").await;
        feed.hears("event: requests\ndata: {\"newest\":1}").await;
        // A text by itself, and the two reports about it.
        assert_eq!(page.post("now", &json!({ "phone": ANN })).await.0, 204);
        feed.hears("event: requests\ndata: {\"newest\":3}").await;
        page.say(ANN, "Salami").await;
        let path = feed.hears_path().await;
        let paid = "{\"outcome\": \"paid\"}";
        let report = async |client: &Client| {
            let answer = client.post(page.service.url(&path)).body(paid).send().await.unwrap();
            assert_eq!(answer.status(), 202);
        };
        // The page's button brings a result, and then the conversation says something by itself.
        report(&page.person).await;
        feed.hears("event: requests\ndata: {\"newest\":7}").await;
        // A third party brings the same result.
        report(&stranger()).await;
        let forged = Form::new("SM1", ANN, "<b>hello</b>");
        let refused = forged.post(&client(), page.service.address()).await.unwrap();
        assert_eq!(refused.status, 403);
        let requests = page.requests().await;
        assert_eq!(
            told(&requests),
            [
                "page /webhooks/twilio 200 authentic",
                "page /webhooks/twilio/status 204 authentic",
                "page /webhooks/twilio/status 204 authentic",
                "page /webhooks/twilio 200 authentic",
                "page /callbacks/ 202 unsigned",
                "page /webhooks/twilio/status 204 authentic",
                "page /webhooks/twilio/status 204 authentic",
                "elsewhere /callbacks/ 202 unsigned",
                "elsewhere /webhooks/twilio 403 refused",
            ]
        );
        assert_eq!(requests[0]["outcome"], "answered");
        assert!(requests[0]["answer"]["text"].as_str().unwrap().contains("<Message>Which?"));
        assert_eq!(requests[4]["body"]["text"], paid);
        assert_eq!(requests[4]["form"], Value::Null);
        assert!(requests[8]["form"].as_array().unwrap().contains(&json!(["Body", "<b>hello</b>"])));
    })
    .await;
}

/// `Copy as curl` makes a request again like this.
#[tokio::test]
async fn a_request_of_the_page_can_be_made_again() {
    let database = TestDatabase::sqlite();
    let page = Opened::with_flow(&database, FLOW, &[]).await;
    page.say(ANN, "order & \"more\" ü").await;
    let seen = page.requests().await.remove(0);
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let again = stranger()
        .post(page.service.url(&word(&seen["target"])))
        .header("X-Twilio-Signature", word(&seen["signature"]))
        .header(header::CONTENT_TYPE, word(&seen["headers"][2][1]))
        .body(word(&seen["body"]["text"]));
    let answer = again.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), word(&seen["answer"]["text"]));
    let seen = page.requests().await.remove(1);
    assert_eq!((&seen["from"], &seen["outcome"]), (&json!("elsewhere"), &json!("repeated")));
}

/// Without the page there is no list, and nothing copies a request.
#[tokio::test]
async fn where_the_page_is_off_there_is_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let with_token = settings("sqlite:ringback.db");
    for settings in [&with_token[..], &[("SIMULATOR", "off")]] {
        let service = Service::start(folder.path(), settings);
        Form::new("SM1", ANN, "hello").post(&client(), service.address()).await.unwrap();
        for path in ["/simulator/requests", "/simulator/mishaps"] {
            let answer = client().get(service.url(path)).send().await.unwrap();
            assert_eq!(answer.status(), 404, "{path}");
        }
    }
}

/// This holds for any request that comes, and for any way to ask for the list.
#[tokio::test]
async fn the_list_holds_no_secret() {
    let database = TestDatabase::sqlite();
    let account = [
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000"),
        ("TWILIO_API_KEY", "SK00000000000000000000000000000001"),
        ("TWILIO_API_SECRET", "a-secret-of-the-tests"),
        ("TWILIO_API_URL", "http://127.0.0.1:1"),
    ];
    let page = Opened::with_flow(&database, FLOW, &account).await;
    let form = Form::new("SM1", ANN, "hello");
    let answer = stranger()
        .post(page.service.url("/webhooks/twilio"))
        .header("X-Twilio-Signature", &form.signature)
        .header(header::AUTHORIZATION, "Basic c2VjcmV0OnNlY3JldA==")
        .header(header::COOKIE, "session=a-cookie-of-the-tests")
        .header("X-Api-Key", "a-key-of-the-tests")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.body.clone());
    assert_eq!(answer.send().await.unwrap().status(), 403);
    let mut feed = page.feed(ANN).await;
    page.say(ANN, "order").await;
    page.say(ANN, "Salami").await;
    // The browser sends the page's cookie to every path of its host.
    let path = feed.hears_path().await;
    let result = page.person.post(page.service.url(&path)).body("{}");
    assert!(result.send().await.unwrap().status().is_client_error());
    let list = page.get("requests").await.to_string();
    assert!(list.contains("/callbacks/"), "{list}");
    let key = page.cookie.split_once('=').unwrap().1;
    assert!(list.contains("Profile+Marker"), "{list}");
    for secret in [
        &form.signature,
        "c2VjcmV0",
        "a-cookie-of-the-tests",
        "a-key-of-the-tests",
        "a-secret-of-the-tests",
        key,
    ] {
        assert!(!list.contains(secret), "{secret}: {list}");
    }
}
