//! What is refused, with what, and that it costs nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{ACCOUNT, PATH, Service, message, request, signed, signed_body};
use crate::support::database::{each_database, select};

const FORM: &str = "application/x-www-form-urlencoded";
const GOOD: &str = "MessageSid=SM1&AccountSid=AC00000000000000000000000000000000&From=%2B14155552671&To=%2B15005550006&Body=hello";

/// A request, and what it is refused with.
struct Case {
    what: &'static str,
    request: Request<Body>,
    status: u16,
    says: &'static str,
}

fn case(what: &'static str, status: u16, says: &'static str, request: Request<Body>) -> Case {
    Case { what, request, status, says }
}

/// A signed form with one parameter written otherwise.
fn with(name: &str, value: &str) -> Request<Body> {
    let mut form = message("SM1", "+14155552671", "hello");
    form.retain(|(other, _)| *other != name);
    form.push((name, value));
    signed(&form)
}

fn without(name: &str) -> Request<Body> {
    let mut form = message("SM1", "+14155552671", "hello");
    form.retain(|(other, _)| *other != name);
    signed(&form)
}

fn cases() -> Vec<Case> {
    let many = "&p=".repeat(1_000);
    vec![
        case("no signature", 403, "forbidden", {
            let mut request = request("POST", PATH, "", FORM, GOOD);
            request.headers_mut().remove("X-Twilio-Signature");
            request
        }),
        case("an empty signature", 403, "forbidden", request("POST", PATH, "", FORM, GOOD)),
        case("no Base64", 403, "forbidden", request("POST", PATH, "???", FORM, GOOD)),
        case(
            "another's signature",
            403,
            "forbidden",
            request("POST", PATH, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", FORM, GOOD),
        ),
        case("a body of JSON that nothing covers", 403, "forbidden", {
            request("POST", PATH, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "application/json", "{}")
        }),
        case("no content type", 403, "forbidden", {
            let mut request = signed_body(PATH, GOOD);
            request.headers_mut().remove("content-type");
            request
        }),
        case("1,000 parameters", 400, "parameters", {
            request("POST", PATH, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", FORM, &format!("a=b{many}"))
        }),
        case("GET", 405, "method", request("GET", PATH, "x", FORM, "")),
        case("another path", 404, "nothing", request("POST", "/webhooks", "x", FORM, GOOD)),
        case("a slash more", 404, "nothing", request("POST", "/webhooks/twilio/", "x", FORM, GOOD)),
        case("the page, which is off", 404, "nothing", request("GET", "/", "x", FORM, "")),
        case("no body", 400, "no parameters", signed_body(PATH, "")),
        case("no UTF-8", 400, "UTF-8", signed_body(PATH, &format!("{GOOD}%FE"))),
        case("no MessageSid", 400, "`MessageSid` is missing", without("MessageSid")),
        case("no AccountSid", 400, "`AccountSid` is missing", without("AccountSid")),
        case("no From", 400, "`From` is missing", without("From")),
        case("no To", 400, "`To` is missing", without("To")),
        case("no Body", 400, "`Body` is missing", without("Body")),
        case("two Bodies", 400, "`Body`", signed_body(PATH, &format!("{GOOD}&Body=x"))),
        case("another account", 400, "TWILIO_ACCOUNT_SID", with("AccountSid", "AC1")),
        case("an id with a space", 400, "`MessageSid`", with("MessageSid", "SM 1")),
        case("an id of 65", 400, "`MessageSid`", with("MessageSid", LONG_ID)),
        case("an empty sender", 400, "`From` is empty", with("From", "")),
        case("a sender beyond ASCII", 400, "`From`", with("From", "+１４１５")),
        case("a `+` that was not encoded", 400, "%2B", with("From", " 14155552671")),
        case("a status callback", 400, "status callback", {
            signed(&[("MessageSid", "SM1"), ("MessageStatus", "sent"), ("AccountSid", ACCOUNT)])
        }),
        case("a voice call", 400, "a voice call's webhook", {
            signed(&[("CallSid", "CA1"), ("AccountSid", ACCOUNT), ("From", "+14155552671")])
        }),
        case("a call of another account", 400, "a voice call's webhook", {
            signed(&[("CallSid", "CA1"), ("AccountSid", "AC1"), ("CallStatus", "completed")])
        }),
    ]
}

const LONG_ID: &str = "SM000000000000000000000000000000000000000000000000000000000000000";

#[tokio::test]
async fn bad_requests_are_refused_clearly_and_leave_nothing_behind() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        for case in cases() {
            let answer = service.send(case.request).await;
            assert_eq!(answer.status.as_u16(), case.status, "{}: {}", case.what, answer.body);
            assert!(answer.body.contains(case.says), "{}: {}", case.what, answer.body);
            assert_eq!(answer.content_type, "text/plain; charset=utf-8", "{}", case.what);
        }
        assert!(select(url, "SELECT phone_number FROM user_sessions").await.is_empty());
        assert!(select(url, "SELECT message_id FROM messages").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_body_of_more_than_64_kib_is_too_large() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        let body = |size: usize| format!("{GOOD}{}", "x".repeat(size - GOOD.len()));
        let fits = service.send(signed_body(PATH, &body(64 * 1024))).await;
        assert_eq!(fits.status, StatusCode::OK, "{}", fits.body);
        let too_large = service.send(signed_body(PATH, &body(64 * 1024 + 1))).await;
        assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(too_large.body.contains("65536 bytes"), "{}", too_large.body);
    })
    .await;
}

#[tokio::test]
async fn a_signed_body_that_is_no_form_is_of_the_wrong_type() {
    each_database(async |database| {
        let url = database.url();
        let service = Service::start(url).await;
        // Made with the hash of `{}`, as Twilio docs (usage/security) describe.
        let target = format!(
            "{PATH}?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        let mut request = signed_body(&target, "");
        *request.body_mut() = Body::from("{}");
        request
            .headers_mut()
            .insert("content-type", axum::http::HeaderValue::from_static("application/json"));
        let answer = service.send(request).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", answer.body);
    })
    .await;
}
