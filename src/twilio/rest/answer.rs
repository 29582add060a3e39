//! From an HTTP answer to an outcome.
//!
//! The status decides whether a text was sent. The body only adds to that, and
//! may be cut off, not JSON, or echo what was sent, so nothing of it is kept but
//! an id, a status and numbers.

use std::time::Duration;

use serde_json::Value;

use super::codes::{self, Class};
use super::outcome::{Doubt, NotSent, Outcome, Refused, Sent};
use super::status::Status;
use crate::message::MAX_MESSAGE_ID;

/// The longest time that the provider can ask to wait.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Reads an answer. `body` is `None` if it did not come to its end.
#[must_use]
pub fn read(status: u16, retry_after: Option<&str>, body: Option<&[u8]>) -> Outcome {
    let body = body.and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let field = |name| body.as_ref().and_then(|body| body.get(name));
    let code = field("code").and_then(number);
    match status {
        200..=299 => match sid(field("sid")) {
            // Another page than the API's may say 200, but only the API says 201.
            None if status != 201 => Outcome::Unknown(Doubt::Unreadable),
            sid => Outcome::Sent(Sent {
                sid,
                status: field("status")
                    .and_then(Value::as_str)
                    .map_or(Status::Accepted, Status::of_name),
                // A Messaging Service says 0 at first.
                segments: field("num_segments").and_then(number).filter(|count| *count > 0),
            }),
        },
        429 => Outcome::NotSent(NotSent::Busy { retry_after: retry_after.and_then(wait) }),
        300..=499 => match class(status, code) {
            Class::Uncertain => Outcome::Unknown(Doubt::Fault { status }),
            class => Outcome::Refused(Refused { status, code, class }),
        },
        500..=599 => Outcome::Unknown(Doubt::Fault { status }),
        _ => Outcome::Unknown(Doubt::Unreadable),
    }
}

/// Returns what a refusal asks of the sender. Without a code it comes from
/// something in between or at a wrong address.
fn class(status: u16, code: Option<u32>) -> Class {
    if let Some(meaning) = code.and_then(codes::meaning) {
        return meaning.class;
    }
    match (status, code) {
        (401 | 407, _) | (300..=399 | 403 | 404 | 405, None) => Class::Configuration,
        _ => Class::Permanent,
    }
}

/// Returns an id that can be stored. Other providers have other forms than Twilio.
fn sid(value: Option<&Value>) -> Option<String> {
    let sid = value?.as_str()?;
    let is_id = (1..=MAX_MESSAGE_ID).contains(&sid.len())
        && sid.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| sid.to_owned())
}

/// Returns a number, which may be written as a text.
fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => number.as_u64().and_then(|number| number.try_into().ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Reads `Retry-After` in seconds. A date would need a clock.
fn wait(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "SM0123456789abcdef0123456789abcdef";

    fn sent(sid: Option<&str>, status: Status, segments: Option<u32>) -> Outcome {
        Outcome::Sent(Sent { sid: sid.map(str::to_owned), status, segments })
    }

    fn refused(status: u16, code: Option<u32>, class: Class) -> Outcome {
        Outcome::Refused(Refused { status, code, class })
    }

    #[test]
    fn success_is_sent_whatever_the_body_says() {
        let lost = sent(None, Status::Accepted, None);
        let long = format!(r#"{{"sid": "{}"}}"#, "x".repeat(MAX_MESSAGE_ID + 1));
        for (body, expected) in [
            (
                r#"{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "num_segments": "2", "error_code": null}"#,
                sent(Some(SID), Status::Queued, Some(2)),
            ),
            (
                r#"{"sid": "0b9a38cf-9d4b-4b8f", "status": "accepted", "num_segments": 0}"#,
                sent(Some("0b9a38cf-9d4b-4b8f"), Status::Accepted, None),
            ),
            (r#"{"sid": "SM1"}"#, sent(Some("SM1"), Status::Accepted, None)),
            (
                r#"{"sid": "SM1", "status": "on its way"}"#,
                sent(Some("SM1"), Status::Other("unreadable".to_owned()), None),
            ),
            (r#"{"sid": null, "status": null, "num_segments": null}"#, lost.clone()),
            (r#"{"sid": 7}"#, lost.clone()),
            (r#"{"sid": ""}"#, lost.clone()),
            (r#"{"sid": "a b"}"#, lost.clone()),
            (&long, lost.clone()),
            ("<html>", lost.clone()),
            ("[]", lost.clone()),
            ("", lost.clone()),
        ] {
            assert_eq!(read(201, None, Some(body.as_bytes())), expected, "{body}");
        }
        assert_eq!(read(201, None, None), lost);
        let as_elsewhere = read(200, None, Some(br#"{"sid": "SM1", "status": "sent"}"#));
        assert_eq!(as_elsewhere, sent(Some("SM1"), Status::Sent, None));
    }

    #[test]
    fn a_refusal_has_the_class_of_its_code() {
        let hour = Class::Retry(Duration::from_hours(1));
        for (status, body, expected) in [
            (400, r#"{"code": 21610}"#, refused(400, Some(21610), Class::OptedOut)),
            (400, r#"{"code": "21610"}"#, refused(400, Some(21610), Class::OptedOut)),
            (400, r#"{"code": 60728}"#, refused(400, Some(60728), hour)),
            (401, r#"{"code": 20003}"#, refused(401, Some(20003), Class::Configuration)),
            (400, r#"{"code": 99999}"#, refused(400, Some(99999), Class::Permanent)),
            (401, r#"{"code": 99999}"#, refused(401, Some(99999), Class::Configuration)),
            (403, r#"{"code": 99999}"#, refused(403, Some(99999), Class::Permanent)),
            (400, r#"{"code": -1}"#, refused(400, None, Class::Permanent)),
            (400, r#"{"code": null}"#, refused(400, None, Class::Permanent)),
            (400, "<html>", refused(400, None, Class::Permanent)),
            (401, "<html>", refused(401, None, Class::Configuration)),
            (403, "<html>", refused(403, None, Class::Configuration)),
            (404, "<html>", refused(404, None, Class::Configuration)),
            (413, "<html>", refused(413, None, Class::Permanent)),
            (302, "", refused(302, None, Class::Configuration)),
            (400, r#"{"code": 20500}"#, Outcome::Unknown(Doubt::Fault { status: 400 })),
        ] {
            assert_eq!(read(status, None, Some(body.as_bytes())), expected, "{status} {body}");
        }
        assert_eq!(read(400, None, None), refused(400, None, Class::Permanent));
    }

    #[test]
    fn what_proves_nothing_is_unknown() {
        for (status, doubt) in [
            (500, Doubt::Fault { status: 500 }),
            (503, Doubt::Fault { status: 503 }),
            (599, Doubt::Fault { status: 599 }),
            (200, Doubt::Unreadable),
            (204, Doubt::Unreadable),
            (101, Doubt::Unreadable),
            (600, Doubt::Unreadable),
        ] {
            let body = Some(br#"{"code": 20003}"#.as_slice());
            assert_eq!(read(status, Some("1"), body), Outcome::Unknown(doubt), "{status}");
        }
    }

    #[test]
    fn a_busy_provider_says_how_long() {
        for (retry_after, seconds) in [
            (None, None),
            (Some("0"), Some(0)),
            (Some(" 7 "), Some(7)),
            (Some("3600"), Some(3600)),
            (Some("3601"), Some(3600)),
            (Some("18446744073709551615"), Some(3600)),
            (Some("-1"), None),
            (Some("1.5"), None),
            (Some("Thu, 24 Aug 2023 05:01:45 GMT"), None),
            (Some(""), None),
        ] {
            let retry_wait = seconds.map(Duration::from_secs);
            let expected = Outcome::NotSent(NotSent::Busy { retry_after: retry_wait });
            assert_eq!(read(429, retry_after, Some(b"{}")), expected, "{retry_after:?}");
            assert_eq!(read(429, retry_after, None), expected, "{retry_after:?}");
        }
    }
}
