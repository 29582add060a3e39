//! Webhooks of every channel, signed by the official Python package, become messages.

use std::fs;

use ringback::{
    message::AddressError,
    twilio::{
        form::{FormError, Pairs},
        inbound::{InboundError, read},
        signature::sign,
    },
};
use serde::Deserialize;

use super::{encode, origin_and_target, request, token, verifier};

#[derive(Deserialize)]
struct Webhook {
    about: String,
    url: String,
    token: String,
    signature: String,
}

#[test]
fn webhooks_become_messages() {
    insta::glob!("../../../fixtures/webhooks", "*.form", |path| {
        let form = fs::read(path).unwrap();
        let webhook: Webhook =
            serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap()).unwrap();
        let (origin, target) = origin_and_target(&webhook.url);
        let verifier = verifier(origin, &webhook.token);
        let pairs = verifier.verify(&request(target, &webhook.signature, &form)).unwrap();
        insta::with_settings!({
            description => webhook.about,
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "snapshots/inbound",
        }, {
            insta::assert_debug_snapshot!(read(pairs, None));
        });
    });
}

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const ID: &str = "SM00000000000000000000000000000001";

/// The parameters of a message, with some changed; `None` removes one.
fn form(changes: &[(&str, Option<&str>)]) -> Pairs {
    let mut pairs = vec![
        ("MessageSid", ID),
        ("AccountSid", ACCOUNT),
        ("From", "+15551234567"),
        ("To", "+14155238886"),
        ("Body", "hello"),
    ];
    for &(name, value) in changes {
        pairs.retain(|(known, _)| *known != name);
        pairs.extend(value.map(|value| (name, value)));
    }
    let pairs: Vec<_> = pairs.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    Pairs::decode(encode(&pairs).as_bytes()).unwrap()
}

#[test]
fn what_is_no_message_is_refused_by_name() {
    let from = |error| InboundError::Address { parameter: "From", error };
    let to = |error| InboundError::Address { parameter: "To", error };
    let long = "x".repeat(65);
    let far = format!("whatsapp:{}", "x".repeat(190));
    let replayed = format!("{ID}NumMedia0");
    for (name, value, expected) in [
        ("MessageSid", None, InboundError::Missing("MessageSid")),
        ("AccountSid", None, InboundError::Missing("AccountSid")),
        ("From", None, InboundError::Missing("From")),
        ("To", None, InboundError::Missing("To")),
        ("Body", None, InboundError::Missing("Body")),
        ("MessageSid", Some(""), InboundError::MessageId),
        ("MessageSid", Some("SM 1"), InboundError::MessageId),
        ("MessageSid", Some("SMñ"), InboundError::MessageId),
        ("MessageSid", Some(long.as_str()), InboundError::MessageId),
        ("MessageSid", Some("S"), InboundError::MessageIdCut),
        ("MessageSid", Some(replayed.as_str()), InboundError::MessageIdTail),
        (
            "MessageSid",
            Some("0f6a1b2c-3d4e-4f5a-8b9c-0d1e2f3a4b5cNumMedia0"),
            InboundError::MessageIdTail,
        ),
        ("AccountSid", Some("AC1"), InboundError::OtherAccount),
        ("From", Some(""), from(AddressError::Empty)),
        ("From", Some(" 15551234567"), from(AddressError::OuterSpace)),
        ("From", Some("+1555ñ"), from(AddressError::NotAscii)),
        ("From", Some(far.as_str()), from(AddressError::TooLong)),
        ("To", Some(""), to(AddressError::Empty)),
    ] {
        let result = read(form(&[(name, value)]), Some(ACCOUNT));
        assert_eq!(result, Err(expected), "{name}={value:?}");
    }
    assert_eq!(read(Pairs::default(), None), Err(InboundError::Empty));
    let no_text = Pairs::decode(b"MessageSid=1&Body=%FF").unwrap();
    let no_text_error = FormError::ValueNotUtf8("Body".to_owned());
    assert_eq!(read(no_text, None), Err(InboundError::Form(no_text_error)));
}

#[test]
fn each_of_the_five_is_there_once() {
    for name in ["MessageSid", "AccountSid", "From", "To", "Body"] {
        let once = form(&[]);
        let twice = once.iter().chain([(name.as_bytes(), b"x".as_slice())]).collect::<Pairs>();
        assert_eq!(read(twice, None), Err(InboundError::Repeated(name)));
    }
}

#[test]
fn errors_say_what_to_do_and_quote_no_value() {
    let wrong = form(&[("From", Some(" 15551234567"))]);
    insta::assert_snapshot!(
        read(wrong, None).unwrap_err(),
        @"parameter `From` begins or ends with a space; write a leading `+` as `%2B` in a form"
    );
    insta::assert_snapshot!(
        read(form(&[("Body", None)]), None).unwrap_err(),
        @"parameter `Body` is missing; every message has it, even if it is empty"
    );
}

/// Nothing in a signature marks where a value ends, so whoever recorded a request
/// can move the next parameter into the id, and the signature stays right.
#[test]
fn a_recorded_request_cannot_come_again_under_another_id() {
    let sent = include_str!("../../../fixtures/webhooks/sms.form");
    let webhook: Webhook =
        serde_json::from_str(include_str!("../../../fixtures/webhooks/sms.json")).unwrap();
    let replayed = sent
        .replace("&NumMedia=0", "")
        .replace(&format!("&MessageSid={ID}"), &format!("&MessageSid={ID}NumMedia0"));
    assert_ne!(replayed, sent);
    let (origin, target) = origin_and_target(&webhook.url);
    let verifier = verifier(origin, &webhook.token);
    let request = request(target, &webhook.signature, replayed.as_bytes());
    let pairs = verifier.verify(&request).unwrap();
    assert_eq!(read(pairs, None), Err(InboundError::MessageIdTail));
}

/// Cut after its first letter, an id that goes on with `Mf` leaves a name that sorts right.
#[test]
fn a_recorded_request_cannot_come_again_under_the_first_letter_of_its_id() {
    let id = "SMf0000000000000000000000000000001";
    let honest = form(&[("MessageSid", Some(id))]);
    let replayed: Pairs = form(&[("MessageSid", Some("S")), (&id[1..], Some(""))]);
    let signature = sign("https://bot.example.com/sms", &honest, &token("12345"));
    let texts = replayed.texts().unwrap().into_iter();
    let body = encode(&texts.map(|(n, v)| (n.into(), v.into())).collect::<Vec<_>>());
    let request = request("/sms", &signature, body.as_bytes());
    let authentic = verifier("https://bot.example.com", "12345").verify(&request).unwrap();
    assert_eq!(read(authentic, None), Err(InboundError::MessageIdCut));
}

#[test]
fn ids_need_not_be_twilios() {
    for id in ["1", "SM1", ID, "0f6a1b2c-3d4e-4f5a-8b9c-0d1e2f3a4b5c", &"x".repeat(64)] {
        let message = read(form(&[("MessageSid", Some(id))]), None).unwrap();
        assert_eq!(message.id, id);
    }
}

#[test]
fn media_end_where_they_are_said_to_end() {
    let url = |n| format!("https://example.com/{n}");
    let count = |num_media: Option<&str>, present: std::ops::Range<usize>| {
        let media: Vec<_> = present.map(|n| (format!("MediaUrl{n}"), url(n))).collect();
        let mut changes: Vec<_> =
            media.iter().map(|(name, url)| (name.as_str(), Some(url.as_str()))).collect();
        changes.push(("NumMedia", num_media));
        let message = read(form(&changes), None).unwrap();
        let parameters = message.parameters.as_json().unwrap_or("{}");
        let parameters: serde_json::Map<_, _> = serde_json::from_str(parameters).unwrap();
        (message.media.len(), parameters.len())
    };
    assert_eq!(count(Some("0"), 0..0), (0, 0));
    assert_eq!(count(Some("2"), 0..2), (2, 0));
    assert_eq!(count(Some("1"), 0..2), (1, 1), "what is not counted stays a parameter");
    assert_eq!(count(Some("5"), 0..2), (2, 0), "a gap ends them");
    assert_eq!(count(None, 0..3), (3, 0));
    assert_eq!(count(None, 1..3), (0, 2));
    assert_eq!(count(Some("99999999999999999999"), 0..3), (3, 0));
    assert_eq!(count(Some("12"), 0..12), (10, 2));
}

#[test]
fn half_a_place_is_none() {
    let message = read(form(&[("Latitude", Some("1.5"))]), None).unwrap();
    assert_eq!(message.location, None);
    assert_eq!(message.parameters.as_json(), Some(r#"{"Latitude":"1.5"}"#));
}

#[test]
fn what_was_tapped_has_a_payload_and_a_text() {
    for (parameters, payload, text) in [
        (&[][..], None, None),
        (&[("ButtonPayload", "s"), ("ButtonText", "Small")], Some("s"), Some("Small")),
        (&[("ButtonText", "Small")], None, Some("Small")),
        (&[("ListId", "s"), ("ListTitle", "Small")], Some("s"), Some("Small")),
        (&[("ButtonPayload", ""), ("ButtonText", ""), ("ListId", "s")], Some("s"), None),
    ] {
        let changes: Vec<_> = parameters.iter().map(|&(name, value)| (name, Some(value))).collect();
        let message = read(form(&changes), None).unwrap();
        assert_eq!((message.button.as_deref(), message.button_text.as_deref()), (payload, text));
    }
}
