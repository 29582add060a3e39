//! Each kind of message has the form that Twilio sends, as in
//! `fixtures/webhooks`, and what no phone can send is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::fake::FakeBot;

const ID: &str = "0189f7ea-ae2c-7809-8aeb-b819cf5e9e7f";
const PHONE: &str = "+15551234567";
const QUESTION: &str = "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

type Form = BTreeMap<String, String>;

/// Some of them, with their values.
type Parameters<'a> = &'a [(&'a str, &'a str)];

/// A page with the key.
struct Page {
    bot: Arc<FakeBot>,
    router: Router,
}

impl Page {
    fn open() -> Self {
        let bot = FakeBot::new();
        let address = "127.0.0.1:5000".parse().unwrap();
        let router = bot.simulator(address, CancellationToken::new());
        Self { bot, router }
    }

    async fn ask(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (StatusCode, String) {
        let cookie = self.bot.cookie("127.0.0.1:5000".parse().unwrap());
        let mut request =
            Request::post(path).header("host", "127.0.0.1:5000").header("cookie", cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Attaches a file, and returns its id.
    async fn attach(&self, media_type: &str, size: usize) -> String {
        let headers = [("content-type", media_type), ("x-file-name", "a%20file")];
        let (status, body) =
            self.ask("/simulator/files?channel=whatsapp", &headers, vec![b'a'; size]).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        let file: Value = serde_json::from_str(&body).unwrap();
        file["id"].as_str().unwrap().to_owned()
    }

    /// Sends a message with these further members.
    async fn send(&self, channel: &str, content: &Value) -> (StatusCode, String) {
        let mut message = json!({"id": ID, "from": PHONE, "channel": channel});
        for (name, value) in content.as_object().unwrap() {
            message[name] = value.clone();
        }
        let json = [("content-type", "application/json")];
        self.ask("/simulator/messages", &json, message.to_string().into_bytes()).await
    }
}

/// The form of a message that is taken.
async fn form_of(page: &Page, channel: &str, content: &Value) -> Form {
    let (status, body) = page.send(channel, content).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{content}: {body}");
    page.bot.forms.lock().unwrap().last().unwrap().clone()
}

fn fixture(name: &str) -> Form {
    let path = format!("{}/fixtures/webhooks/{name}.form", env!("CARGO_MANIFEST_DIR"));
    serde_urlencoded::from_str(std::fs::read_to_string(path).unwrap().trim()).unwrap()
}

/// Parameters that Twilio sends and the page does not: a second name of the person,
/// and how often a message was forwarded.
const LEFT_OUT: [&str; 3] = ["ExternalUserId", "Forwarded", "FrequentlyForwarded"];

/// Whether a parameter is an id, an address of ours, or a place. These differ here
/// from those in the fixtures.
fn is_other(name: &str) -> bool {
    let others = ["MessageSid", "SmsSid", "SmsMessageSid", "To", "ToCountry", "ToState", "ToCity"];
    others.contains(&name)
        || ["ToZip", "FromCountry", "OriginalRepliedMessageSid"].contains(&name)
        || ["OriginalRepliedMessageSender", "ChannelMetadata"].contains(&name)
        || name.starts_with("MediaUrl")
}

#[tokio::test]
async fn each_kind_has_the_form_of_its_fixture() {
    let page = Page::open();
    let picture = page.attach("image/jpeg", 10).await;
    let another = page.attach("image/png", 10).await;
    let voice = page.attach("audio/ogg", 10).await;
    let name = "Zoë 🎶";
    for (fixture_name, channel, content) in [
        ("sms", "sms", json!({"text": "hello"})),
        ("mms", "sms", json!({"media": [picture, another]})),
        ("whatsapp", "whatsapp", json!({"text": "hello", "profile_name": name})),
        ("whatsapp-voice", "whatsapp", json!({"media": [voice], "profile_name": name})),
        (
            "whatsapp-location",
            "whatsapp",
            json!({"profile_name": name, "location": {
                "latitude": 37.7879, "longitude": -122.3965,
                "label": "Twilio", "address": "375 Beale St, San Francisco",
            }}),
        ),
        (
            "whatsapp-button",
            "whatsapp",
            json!({"profile_name": name,
                "button": {"id": "confirm:17", "label": "Confirm", "to": QUESTION}}),
        ),
        (
            "whatsapp-list",
            "whatsapp",
            json!({"profile_name": name,
                "button": {"id": "day:2", "label": "Tuesday", "in_list": true}}),
        ),
        ("rcs", "rcs", json!({"text": "hello"})),
    ] {
        let (expected, found) = (fixture(fixture_name), form_of(&page, channel, &content).await);
        let names = |form: &Form| -> Vec<String> {
            form.keys().filter(|name| !LEFT_OUT.contains(&name.as_str())).cloned().collect()
        };
        assert_eq!(names(&found), names(&expected), "{fixture_name}");
        for (name, value) in expected
            .iter()
            .filter(|(name, _)| !is_other(name) && !LEFT_OUT.contains(&name.as_str()))
        {
            assert_eq!(&found[name], value, "{fixture_name}: {name}");
        }
        let kind = |form: &Form| form["MessageSid"][..2].to_owned();
        assert_eq!(kind(&found), kind(&expected), "{fixture_name}");
        assert_eq!(found["MessageSid"], found["SmsMessageSid"], "{fixture_name}");
    }
}

#[tokio::test]
async fn what_the_fixtures_do_not_have() {
    let page = Page::open();
    let card = page.attach("text/vcard; charset=utf-8", 10).await;
    let film = page.attach("video/mp4", 10).await;
    let paper = page.attach("application/pdf", 10).await;
    let reaction = |to_own| json!({"reaction": {"emoji": "👍🏽", "to": QUESTION, "to_own": to_own}});
    let cases: [(&str, Value, Parameters); 9] = [
        (
            "whatsapp",
            reaction(false),
            &[
                ("MessageType", "reaction"),
                ("Body", "👍🏽"),
                ("OriginalRepliedMessageSid", QUESTION),
                ("OriginalRepliedMessageSender", "whatsapp:+15005550006"),
            ],
        ),
        ("whatsapp", reaction(true), &[("OriginalRepliedMessageSender", "whatsapp:+15551234567")]),
        (
            "whatsapp",
            json!({"media": [card]}),
            &[("MessageType", "contacts"), ("MediaContentType0", "text/vcard"), ("Body", "")],
        ),
        ("whatsapp", json!({"media": [film], "text": "look"}), &[("MessageType", "video")]),
        ("whatsapp", json!({"media": [paper]}), &[("MessageType", "document")]),
        (
            "rcs",
            json!({"button": {"id": "l", "label": "Large"}}),
            &[
                ("ButtonPayload", "l"),
                ("ButtonText", "Large"),
                ("Body", "Large"),
                ("From", "rcs:+15551234567"),
            ],
        ),
        ("sms", json!({"text": "a".repeat(161)}), &[("NumSegments", "2")]),
        ("sms", json!({"text": "’".repeat(135)}), &[("NumSegments", "3")]),
        ("whatsapp", json!({"text": "a".repeat(1600)}), &[("NumSegments", "1")]),
    ];
    for (channel, content, expected) in cases {
        let form = form_of(&page, channel, &content).await;
        for (name, value) in expected {
            assert_eq!(form.get(*name).map(String::as_str), Some(*value), "{content}: {name}");
        }
    }
}

#[tokio::test]
async fn a_file_is_found_at_its_url() {
    let page = Page::open();
    let picture = page.attach("image/png", 10).await;
    let form = form_of(&page, "sms", &json!({"media": [picture]})).await;
    let path = form["MediaUrl0"].strip_prefix("http://127.0.0.1:5000").unwrap();
    assert_eq!(path, format!("/simulator/files/{}", picture.replace('-', "")));
}

#[tokio::test]
async fn what_no_phone_sends_is_refused_in_words() {
    let page = Page::open();
    let file = page.attach("image/png", 10).await;
    let large = page.attach("application/pdf", 500_001).await;
    let place = json!({"latitude": 1.0, "longitude": 2.0});
    let at = |latitude: f64, longitude: f64| json!({"location": {"latitude": latitude, "longitude": longitude}});
    let tap = json!({"id": "a", "label": "A"});
    let react = |emoji: &str, to: &str| json!({"reaction": {"emoji": emoji, "to": to}});
    let (bad, unclear, gone) =
        (StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::GONE);
    for (channel, content, status, words) in [
        ("sms", json!({"media": vec![&file; 11]}), bad, "at most 10 files"),
        ("whatsapp", json!({"media": [file, file]}), bad, "by WhatsApp has at most 1 file"),
        ("rcs", json!({"media": [file, file]}), bad, "by RCS has at most 1 file"),
        ("sms", json!({"media": [large]}), bad, "by SMS a file of this type has at most 500 kB"),
        ("sms", json!({"media": [ID]}), gone, "attach it again"),
        ("sms", json!({"media": ["../phone.js"]}), unclear, "media"),
        ("sms", json!({"location": place}), bad, "goes by WhatsApp only"),
        ("rcs", json!({"location": place}), bad, "goes by WhatsApp only"),
        ("whatsapp", at(90.1, 0.0), bad, "latitude from -90 to 90"),
        ("whatsapp", at(0.0, -180.1), bad, "longitude from -180"),
        (
            "whatsapp",
            json!({"location": {"latitude": 1.0, "longitude": 2.0, "label": "a".repeat(201)}}),
            bad,
            "at most 200 characters",
        ),
        ("whatsapp", json!({"location": place, "text": "here"}), bad, "messages of their own"),
        ("whatsapp", json!({"location": place, "button": tap}), bad, "messages of their own"),
        ("whatsapp", json!({"location": place, "media": [file]}), bad, "messages of their own"),
        ("sms", json!({"button": tap}), bad, "SMS has no buttons"),
        ("whatsapp", json!({"button": {"id": "", "label": "A"}}), bad, "an id of 1 to 256"),
        ("whatsapp", json!({"button": {"id": "a".repeat(257), "label": "A"}}), bad, "an id of"),
        ("whatsapp", json!({"button": {"id": "a", "label": "A", "to": "7"}}), bad, "a tap names"),
        ("sms", react("👍", QUESTION), bad, "goes by WhatsApp only"),
        ("whatsapp", react("", QUESTION), bad, "one emoji"),
        ("whatsapp", react("👍 👍", QUESTION), bad, "one emoji"),
        ("whatsapp", react("👍", "SM1"), bad, "names the id"),
        ("whatsapp", json!({"profile_name": ""}), bad, "a profile name has 1 to 200"),
        ("whatsapp", json!({"profile_name": "a".repeat(201)}), bad, "a profile name has 1 to 200"),
        ("sms", json!({"profile_name": "Anna"}), bad, "comes with WhatsApp only"),
        ("sms", json!({"colour": "red"}), unclear, "unknown field"),
    ] {
        let (found, body) = page.send(channel, &content).await;
        assert_eq!(found, status, "{channel} {content}: {body}");
        assert!(body.contains(words), "{channel} {content}: {body}");
    }
    assert!(page.bot.forms.lock().unwrap().is_empty());
}

/// Hostile text in every part stays the value of its parameter.
#[tokio::test]
async fn what_a_person_names_stays_in_its_parameter() {
    let page = Page::open();
    let hostile = "\"}},\u{202e}&To=%2B1<b>\n'";
    let form = form_of(
        &page,
        "whatsapp",
        &json!({"profile_name": hostile, "location":
            {"latitude": 1.5, "longitude": 2.0, "label": hostile, "address": hostile}}),
    )
    .await;
    for name in ["ProfileName", "Label", "Address"] {
        assert_eq!(form[name], hostile);
    }
    assert_eq!((&*form["To"], &*form["Latitude"]), ("whatsapp:+15005550006", "1.5"));
    let metadata: Value = serde_json::from_str(&form["ChannelMetadata"]).unwrap();
    assert_eq!(metadata["data"]["context"]["ProfileName"], hostile);
}
