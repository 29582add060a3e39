//! `POST /simulator/messages`: the page's message, delivered as Twilio would deliver it.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use super::files::Kept;
use super::form::form;
use super::request::{Outgoing, Refusal};
use crate::simulator::shared::{Shared, Simulator};
use crate::telemetry::Outcome;
use crate::twilio::form::Pairs;
use crate::twilio::public_url::WEBHOOK_PATH;
use crate::twilio::signature;

/// The longest request of the page in bytes: a full message, with every character escaped.
pub(in crate::simulator) const MAX_REQUEST: usize = 32 * 1024;

/// How long Twilio waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The text on the page if a phone receives no reply.
const TOO_FAST: &str = "too fast. A sender of so many messages gets no reply until they rest: at \
                        once 60, then one in 5 seconds, and for long one in a minute.\n";

/// The text on the page if a file was forgotten in favour of newer ones, or at a restart.
const FORGOTTEN: &str = "a file is not kept any more. Discard the message, and attach it again.\n";

/// How much of a webhook's error the page shows, in bytes.
const MAX_COMPLAINT: usize = 4096;

/// Delivers a message. The reply arrives through the live feed, not here.
pub(in crate::simulator) async fn send(
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
    let files = match outgoing.check(&shared.files) {
        Ok(files) => files,
        Err(Refusal::Impossible(complaint)) => {
            return (StatusCode::BAD_REQUEST, complaint).into_response();
        }
        Err(Refusal::Forgotten) => return (StatusCode::GONE, FORGOTTEN).into_response(),
    };
    let request = match webhook_request(&shared.simulator, &outgoing, &files) {
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
    files: &[Kept],
) -> Result<Request<Body>, Box<dyn std::error::Error>> {
    let form = form(outgoing, files, simulator.account_sid.as_deref(), simulator.address);
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
