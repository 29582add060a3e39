//! `POST /simulator/messages`: the page's message, delivered as Twilio would deliver it.

use std::sync::Arc;

use axum::Json;
use axum::body::{Bytes, to_bytes};
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use super::form::form;
use super::request::{Outgoing, Refusal};
use crate::simulator::delivery;
use crate::simulator::shared::Shared;
use crate::telemetry::Outcome;

/// The longest request of the page in bytes: a full message, with every character escaped.
pub(in crate::simulator) const MAX_REQUEST: usize = 32 * 1024;

/// The text on the page if a phone receives no reply.
const TOO_FAST: &str = "too fast. A sender of so many messages gets no reply until they rest. The \
                        first 60 are answered, then one every 5 seconds, and over hours only one \
                        a minute.\n";

/// The text on the page if a file was forgotten, because of newer ones or a restart.
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
    let simulator = &shared.simulator;
    let form = form(&outgoing, &files, simulator.account_sid.as_deref(), simulator.address);
    let request = match delivery::signed(simulator, &form, &simulator.token) {
        Ok(request) => request,
        Err(error) => {
            tracing::error!(%error, "the phone page could not write its request to the webhook");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let answer = simulator.webhook.clone().oneshot(request);
    match tokio::time::timeout(delivery::PATIENCE, answer).await {
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
pub(in crate::simulator) fn is_json(headers: &HeaderMap) -> bool {
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
