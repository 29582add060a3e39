//! What the page posts arrives at the webhook as Twilio would have sent it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::{FakeBot, Mood};

const ID: &str = "0189f7ea-ae2c-7809-8aeb-b819cf5e9e7f";
const PHONE: &str = "+14155552671";

async fn post(bot: &Arc<FakeBot>, content_type: &str, body: String) -> (StatusCode, String) {
    post_as(bot, &[content_type], body).await
}

async fn post_as(bot: &Arc<FakeBot>, content_types: &[&str], body: String) -> (StatusCode, String) {
    let address = "127.0.0.1:5000".parse().unwrap();
    let router = bot.simulator(address, CancellationToken::new());
    let mut request = Request::post("/simulator/messages")
        .header("host", "127.0.0.1:5000")
        .header("cookie", bot.cookie(address));
    for content_type in content_types {
        request = request.header("content-type", *content_type);
    }
    let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status();
    if !status.is_success() {
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn send(bot: &Arc<FakeBot>, message: serde_json::Value) -> (StatusCode, String) {
    post(bot, "application/json", message.to_string()).await
}

fn message(channel: &str, text: &str) -> serde_json::Value {
    json!({"id": ID, "from": PHONE, "channel": channel, "text": text})
}

#[tokio::test]
async fn a_message_is_a_signed_form() {
    for channel in ["sms", "whatsapp", "rcs"] {
        let bot = FakeBot::new();
        let text = " Ünï & 100% + 😀\nsecond line ";
        let (status, body) = send(&bot, message(channel, text)).await;
        assert_eq!((status, &*body), (StatusCode::NO_CONTENT, ""));
        let forms = bot.forms.lock().unwrap();
        assert_eq!(forms[0]["Body"], text);
        insta::assert_json_snapshot!(format!("form_{channel}"), &forms[0]);
    }
}

#[tokio::test]
async fn a_repeated_post_is_the_same_message() {
    let bot = FakeBot::new();
    bot.set_mood(Mood::Forgetful);
    assert_eq!(send(&bot, message("sms", "hello")).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    bot.set_mood(Mood::Well);
    assert_eq!(send(&bot, message("sms", "hello")).await.0, StatusCode::NO_CONTENT);
    assert_eq!(bot.transcript(PHONE).len(), 1);
}

#[tokio::test]
async fn all_channels_are_one_conversation() {
    let bot = FakeBot::new();
    send(&bot, message("sms", "hello")).await;
    let second = json!({"id": "0189f7ea-ae2c-7809-8aeb-b819cf5e9e80", "from": PHONE, "channel": "whatsapp", "text": "John"});
    send(&bot, second).await;
    assert_eq!(bot.transcript(PHONE)[1].state_after, "WAITING_FOR_SONG");
}

#[tokio::test]
async fn the_webhooks_refusal_is_handed_on() {
    let bot = FakeBot::new();
    bot.set_mood(Mood::Busy);
    let (status, body) = send(&bot, message("sms", "hello")).await;
    assert_eq!((status, &*body), (StatusCode::SERVICE_UNAVAILABLE, "too busy\n"));
}

#[tokio::test]
async fn a_message_that_meets_silence_is_told_from_one_that_is_taken() {
    let bot = FakeBot::new();
    bot.set_mood(Mood::Silent);
    let (status, body) = send(&bot, message("sms", "hello")).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(body.starts_with("too fast. "), "{body}");
    bot.set_mood(Mood::Well);
    assert_eq!(send(&bot, message("sms", "hello")).await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn bad_posts_get_a_reason_and_reach_no_webhook() {
    let bot = FakeBot::new();
    let with = |key: &str, value: &str| {
        let mut message = message("sms", "hello");
        message[key] = value.into();
        message.to_string()
    };
    let json = "application/json";
    let cases = [
        (json, "{".to_owned(), StatusCode::BAD_REQUEST, "JSON"),
        (json, "{}".to_owned(), StatusCode::UNPROCESSABLE_ENTITY, "missing field"),
        (json, with("id", "7"), StatusCode::UNPROCESSABLE_ENTITY, "id"),
        (json, with("from", "4155552671"), StatusCode::UNPROCESSABLE_ENTITY, "+14155552671"),
        (json, with("channel", "pigeon"), StatusCode::UNPROCESSABLE_ENTITY, "pigeon"),
        (json, with("text", &"a".repeat(1601)), StatusCode::BAD_REQUEST, "1600"),
        (json, with("text", &"😀".repeat(801)), StatusCode::BAD_REQUEST, "1600"),
        (json, with("text", &"a".repeat(40_000)), StatusCode::PAYLOAD_TOO_LARGE, "limit"),
    ];
    for (content_type, body, expected, words) in cases {
        let shown: String = body.chars().take(120).collect();
        let (status, complaint) = post(&bot, content_type, body).await;
        assert_eq!(status, expected, "{shown}: {complaint}");
        assert!(complaint.contains(words), "{shown}: {complaint}");
    }
    assert!(bot.forms.lock().unwrap().is_empty());
    assert_eq!(send(&bot, message("sms", &"😀".repeat(800))).await.0, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn only_what_is_called_json_is_json() {
    let good = message("sms", "hello").to_string();
    for content_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=utf-8",
        "application/json ; charset=\"utf-8\"; version=1",
    ] {
        let bot = FakeBot::new();
        let (status, complaint) = post(&bot, content_type, good.clone()).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{content_type}: {complaint}");
    }
    let others: [&[&str]; 17] = [
        &[],
        &[""],
        &["json"],
        &["text/json"],
        &["text/plain"],
        &["text/plain; application/json"],
        &["text/plain; charset=application/json"],
        &["application/x-www-form-urlencoded"],
        &["multipart/form-data; boundary=application/json"],
        &["application/json+x"],
        &["application/x+json"],
        &["application/vnd.api+json; charset=utf-8"],
        &["application/jsonp"],
        &["application/json, text/plain"],
        &["application/ json"],
        &["application/json", "text/plain"],
        &["application/json", "application/json"],
    ];
    for content_types in others {
        let bot = FakeBot::new();
        let (status, complaint) = post_as(&bot, content_types, good.clone()).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_types:?}");
        assert!(complaint.contains("`application/json`"), "{complaint}");
        assert!(bot.forms.lock().unwrap().is_empty(), "{content_types:?}");
    }
}
