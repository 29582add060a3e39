//! Our `TwiML` says what the official Python package's `MessagingResponse` says.

use ringback::{message::Reply, twilio::twiml};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    about: String,
    replies: Vec<CaseReply>,
    document: String,
}

#[derive(Deserialize)]
struct CaseReply {
    text: String,
    media: Vec<String>,
}

#[test]
fn replies_are_written_as_by_the_sdk() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../fixtures/twiml/sdk.json")).unwrap();
    for Case { about, replies, document } in cases {
        let replies: Vec<Reply> =
            replies.into_iter().map(|CaseReply { text, media }| Reply { text, media }).collect();
        let written = String::from_utf8(twiml::write(&replies).bytes).unwrap();
        // It puts a space into the tag of an empty element.
        assert_eq!(written, document.replace(" />", "/>"), "{about}");
        assert_eq!(twiml::read(document.as_bytes()), Ok(replies), "{about}");
    }
}
