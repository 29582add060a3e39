//! What each behaviour of the provider becomes, and whether the person has the
//! text.

use std::time::Duration;

use ringback::twilio::rest::codes::Class;
use ringback::twilio::rest::outcome::{Doubt, NotSent, Outcome, Refused, Sent};
use ringback::twilio::rest::status::Status;
use ringback::twilio::rest::text::{From, Text};

use super::{HURRIED, PATIENT, TEXT, client, form};
use crate::support::fake_twilio::{Answer, FakeTwilio, Part};

fn sent(sid: Option<&str>, status: Status, segments: Option<u32>) -> Outcome {
    Outcome::Sent(Sent { sid: sid.map(str::to_owned), status, segments })
}

fn refused(status: u16, code: u32, class: Class) -> Outcome {
    Outcome::Refused(Refused { status, code: Some(code), class })
}

fn busy(seconds: Option<u64>) -> Outcome {
    Outcome::NotSent(NotSent::Busy { retry_after: seconds.map(Duration::from_secs) })
}

const fn fault(status: u16) -> Outcome {
    Outcome::Unknown(Doubt::Fault { status })
}

#[tokio::test]
async fn each_behaviour_becomes_what_it_proves() {
    let first = "SM00000000000000000000000000000001";
    let lost = sent(None, Status::Accepted, None);
    for (part, expected, has_text) in [
        (Part::Take, sent(Some(first), Status::Queued, Some(1)), true),
        (Part::Send(Answer::Page), lost.clone(), true),
        // The status of the answer came, its body did not.
        (Part::Send(Answer::Half), lost, true),
        (Part::Send(Answer::Close), Outcome::Unknown(Doubt::Lost), true),
        (Part::Lose(Answer::Close), Outcome::Unknown(Doubt::Lost), false),
        (Part::Send(Answer::Fault(500)), fault(500), true),
        (Part::Lose(Answer::Fault(500)), fault(500), false),
        (Part::Lose(Answer::Fault(503)), fault(503), false),
        (Part::Lose(Answer::Half), fault(500), false),
        (Part::CloseUnread, Outcome::Unknown(Doubt::Lost), false),
        (Part::Busy { retry_after: None }, busy(None), false),
        (Part::Busy { retry_after: Some(7) }, busy(Some(7)), false),
        (Part::Refuse { status: 400, code: 21610 }, refused(400, 21610, Class::OptedOut), false),
        (Part::Refuse { status: 400, code: 21211 }, refused(400, 21211, Class::Contact), false),
        (
            Part::Refuse { status: 403, code: 20005 },
            refused(403, 20005, Class::Configuration),
            false,
        ),
        (Part::Refuse { status: 400, code: 99999 }, refused(400, 99999, Class::Permanent), false),
        (
            Part::Refuse { status: 400, code: 21611 },
            refused(400, 21611, Class::Retry(Duration::from_mins(10))),
            false,
        ),
    ] {
        let twilio = FakeTwilio::start().await;
        twilio.play(std::slice::from_ref(&part));
        let outcome = client(&twilio.url(), PATIENT).send(&form()).await;
        assert_eq!(outcome, expected, "{part:?}");
        assert_eq!(twilio.texts().len(), usize::from(has_text), "{part:?}");
    }
}

#[tokio::test]
async fn no_answer_in_time_proves_nothing() {
    for (part, texts) in [(Part::Send(Answer::Never), 1), (Part::Lose(Answer::Never), 0)] {
        let twilio = FakeTwilio::start().await;
        twilio.play(&[part]);
        let outcome = client(&twilio.url(), HURRIED).send(&form()).await;
        assert_eq!(outcome, Outcome::Unknown(Doubt::NoAnswer));
        assert_eq!(twilio.texts().len(), texts);
    }
}

#[tokio::test]
async fn a_late_answer_counts() {
    let twilio = FakeTwilio::start().await;
    twilio.play(&[Part::Send(Answer::Held)]);
    let client = client(&twilio.url(), PATIENT);
    let text = form();
    let release = async {
        twilio.has_read(1).await;
        assert_eq!(twilio.texts().len(), 1, "the text is on its way before the answer");
        twilio.release();
    };
    let (outcome, ()) = tokio::join!(client.send(&text), release);
    assert!(matches!(outcome, Outcome::Sent(Sent { sid: Some(_), .. })), "{outcome:?}");
}

#[tokio::test]
async fn what_was_not_sent_may_be_tried_again() {
    let twilio = FakeTwilio::start().await;
    twilio.play(&[Part::Busy { retry_after: None }, Part::Busy { retry_after: Some(1) }]);
    let client = client(&twilio.url(), PATIENT);
    let text = form();
    assert_eq!(client.send(&text).await, busy(None));
    assert_eq!(client.send(&text).await, busy(Some(1)));
    assert!(matches!(client.send(&text).await, Outcome::Sent(_)));
    assert_eq!((twilio.requests().len(), twilio.texts().len()), (3, 1));
}

#[tokio::test]
async fn a_messaging_service_has_not_counted_the_segments_yet() {
    let twilio = FakeTwilio::start().await;
    let text = Text { from: From::Service("MG1"), ..TEXT }.form().unwrap();
    let outcome = client(&twilio.url(), PATIENT).send(&text).await;
    let sid = twilio.texts()[0].sid.clone();
    assert_eq!(outcome, sent(Some(&sid), Status::Accepted, None));
}
