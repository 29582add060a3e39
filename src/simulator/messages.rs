//! `POST /simulator/messages`: the page's message, delivered as Twilio would deliver it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tower::ServiceExt as _;
use uuid::Uuid;

use super::phone::{Phone, PhoneChannel};
use super::shared::{Shared, Simulator};
use crate::message::MAX_TEXT;
use crate::telemetry::Outcome;
use crate::twilio::form::Pairs;
use crate::twilio::public_url::WEBHOOK_PATH;
use crate::twilio::signature;

/// The longest request of the page in bytes: a full message, with every character escaped.
pub(super) const MAX_REQUEST: usize = 32 * 1024;

/// How long Twilio waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The text on the page if a phone receives no reply.
const TOO_FAST: &str = "too fast. A sender of so many messages gets no reply until they rest: at \
                        once 60, then one in 5 seconds, and for long one in a minute.\n";

/// How much of a webhook's error the page shows, in bytes.
const MAX_COMPLAINT: usize = 4096;

/// The bot's own number: Twilio's number for tests, which belongs to nobody.
const BOT: &str = "+15005550006";

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outgoing {
    /// Made by the page and kept while it repeats an unanswered request, so
    /// that a message that did arrive is not taken twice.
    id: Uuid,
    from: Phone,
    channel: PhoneChannel,
    text: String,
}

/// Delivers a message. The reply arrives through the live feed, not here.
pub(super) async fn send(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if !is_json(&headers) {
        let complaint = "the page posts its messages as `application/json`\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, complaint).into_response();
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let outgoing: Outgoing = match Json::from_bytes(&body) {
        Ok(Json(outgoing)) => outgoing,
        Err(rejection) => return rejection.into_response(),
    };
    if outgoing.text.encode_utf16().count() > MAX_TEXT {
        let complaint = format!("a message has at most {MAX_TEXT} characters\n");
        return (StatusCode::BAD_REQUEST, complaint).into_response();
    }
    let request = match webhook_request(&shared.simulator, &outgoing) {
        Ok(request) => request,
        Err(error) => {
            tracing::error!(%error, "the phone page could not write its request to the webhook");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let answer = shared.simulator.webhook.clone().oneshot(request);
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) if answer.extensions().get() == Some(&Outcome::Flooding) => {
            (StatusCode::TOO_MANY_REQUESTS, TOO_FAST).into_response()
        }
        Ok(Ok(answer)) if answer.status().is_success() => StatusCode::NO_CONTENT.into_response(),
        Ok(Ok(answer)) => complaint(answer).await,
        Ok(Err(never)) => match never {},
        Err(_elapsed) => (
            StatusCode::GATEWAY_TIMEOUT,
            "the webhook did not answer in the 15 seconds that Twilio would wait\n",
        )
            .into_response(),
    }
}

/// Returns whether the body is declared as JSON exactly as our page does, which
/// no form of another site can do. axum would also take `application/json+x`
/// and the like.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(first), None) = (types.next(), types.next()) else { return false };
    let essence = first.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// Returns the webhook's refusal, with its status and text.
async fn complaint(answer: Response) -> Response {
    let status = answer.status();
    let retry_after = answer.headers().get(header::RETRY_AFTER).cloned();
    let words = to_bytes(answer.into_body(), MAX_COMPLAINT).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&words).into_owned();
    let mut response = (status, words).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

/// Returns the signed request.
fn webhook_request(
    simulator: &Simulator,
    outgoing: &Outgoing,
) -> Result<Request<Body>, Box<dyn std::error::Error>> {
    let form = form(outgoing, simulator.account_sid.as_deref());
    let body = serde_urlencoded::to_string(&form)?;
    let pairs = Pairs::decode(body.as_bytes())?;
    let url = simulator.public_url.webhook_url();
    let signature = signature::sign(&url, &pairs, &simulator.token);
    let request = Request::post(WEBHOOK_PATH)
        .header(header::HOST, simulator.address.to_string())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header(header::USER_AGENT, concat!("ringback-simulator/", env!("CARGO_PKG_VERSION")))
        .header("X-Twilio-Signature", signature)
        .body(Body::from(body))?;
    Ok(request)
}

/// Returns the parameters that Twilio sends with such a message.
fn form(outgoing: &Outgoing, account_sid: Option<&str>) -> Vec<(&'static str, String)> {
    let Outgoing { id, from, channel, text } = outgoing;
    let sid = format!("SM{}", id.simple());
    let account_sid =
        account_sid.map_or_else(|| format!("AC{}", Uuid::nil().simple()), str::to_owned);
    let mut form = vec![
        ("MessageSid", sid.clone()),
        ("SmsSid", sid.clone()),
        ("SmsMessageSid", sid),
        ("AccountSid", account_sid),
        ("ApiVersion", "2010-04-01".to_owned()),
        ("From", from.address(*channel)),
        ("Body", text.clone()),
        ("NumMedia", "0".to_owned()),
        ("NumSegments", "1".to_owned()),
        ("SmsStatus", "received".to_owned()),
    ];
    match channel {
        PhoneChannel::Sms => form.extend([
            ("To", BOT.to_owned()),
            ("FromCity", String::new()),
            ("FromState", String::new()),
            ("FromZip", String::new()),
            ("FromCountry", String::new()),
        ]),
        PhoneChannel::Whatsapp => form.extend([
            ("To", format!("whatsapp:{BOT}")),
            ("WaId", from.digits().to_owned()),
            ("MessageType", "text".to_owned()),
        ]),
    }
    form
}
