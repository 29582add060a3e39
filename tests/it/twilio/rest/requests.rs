//! What a request holds, and whose it is.

use ringback::twilio::rest::codes::Class;
use ringback::twilio::rest::credentials::Credentials;
use ringback::twilio::rest::outcome::{Outcome, Refused};
use ringback::twilio::rest::text::{From, Text};

use super::{PATIENT, TEXT, client, client_with, form};
use crate::support::fake_twilio::{self, ACCOUNT, FakeTwilio, KEY};

#[tokio::test]
async fn a_text_arrives_as_it_was_written() {
    let media = ["https://a.example/1?x=1&y=2+3".to_owned(), "https://a.example/2".to_owned()];
    let twilio = FakeTwilio::start().await;
    let client = client(&twilio.url(), PATIENT);
    let text = Text {
        to: "whatsapp:+15005550001",
        from: From::Address("whatsapp:+15005550006"),
        body: "1 + 1 = 2 & ñ 😀 100%\r\nnext",
        media: &media,
        status_callback: Some("https://bot.example.com/status?m=1&n=%2B"),
        validity: Some(600),
    };
    assert!(matches!(client.send(&text.form().unwrap()).await, Outcome::Sent(_)));
    let expected = fake_twilio::Text {
        sid: "SM00000000000000000000000000000001".to_owned(),
        to: text.to.to_owned(),
        from: Some("whatsapp:+15005550006".to_owned()),
        service: None,
        body: text.body.to_owned(),
        media: media.to_vec(),
        status_callback: text.status_callback.map(str::to_owned),
        validity: Some(600),
    };
    assert_eq!(twilio.texts(), [expected]);
    let longest = "ñ".repeat(1_600);
    let longest = Text { body: &longest, ..TEXT }.form().unwrap();
    assert!(matches!(client.send(&longest).await, Outcome::Sent(_)));
}

#[tokio::test]
async fn a_request_asks_for_a_plain_answer() {
    let twilio = FakeTwilio::start().await;
    client(&twilio.url(), PATIENT).send(&form()).await;
    let [request] = &twilio.requests()[..] else { panic!("one request") };
    for (name, expected) in [
        ("accept", Some("application/json")),
        ("accept-encoding", Some("identity")),
        ("content-type", Some("application/x-www-form-urlencoded")),
        ("content-length", Some(request.body.len().to_string().as_str())),
        ("transfer-encoding", None),
        ("expect", None),
        ("referer", None),
        ("cookie", None),
    ] {
        assert_eq!(request.header(name), expected, "{name}");
    }
}

#[tokio::test]
async fn texts_are_sent_with_a_token_or_a_key() {
    let twilio = FakeTwilio::start().await;
    let key = |secret: &str| Credentials::with_key(ACCOUNT, KEY.0, secret.into()).unwrap();
    let sent = client_with(&twilio.url(), &key(KEY.1), PATIENT).send(&form()).await;
    assert!(matches!(sent, Outcome::Sent(_)), "{sent:?}");

    let wrong_account = Credentials::with_token("AC1", fake_twilio::TOKEN.into()).unwrap();
    let wrong_token = Credentials::with_token(ACCOUNT, "another".into()).unwrap();
    for (credentials, status, code) in
        [(wrong_token, 401, 20003), (key("another"), 401, 20003), (wrong_account, 404, 20404)]
    {
        let outcome = client_with(&twilio.url(), &credentials, PATIENT).send(&form()).await;
        let refused = Refused { status, code: Some(code), class: Class::Configuration };
        assert_eq!(outcome, Outcome::Refused(refused));
    }
    assert_eq!(twilio.texts().len(), 1);
}

#[test]
fn a_client_shows_no_secret() {
    let shown = format!("{:?}", client("https://api.example.com", PATIENT));
    for secret in [fake_twilio::TOKEN, "Basic"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
