//! Requests of the page to the webhook, as Twilio would send them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};

use super::shared::Simulator;
use crate::twilio::form::Pairs;
use crate::twilio::public_url::WEBHOOK_PATH;
use crate::twilio::signature::{self, AuthToken};

/// How long Twilio waits for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// Why a request could not be written. It may be logged.
pub(super) type Unwritten = Box<dyn std::error::Error + Send + Sync>;

/// Returns a request with these parameters, signed with a token.
pub(super) fn signed(
    simulator: &Simulator,
    form: &[(String, String)],
    token: &AuthToken,
) -> Result<Request<Body>, Unwritten> {
    let body = serde_urlencoded::to_string(form)?;
    let pairs = Pairs::decode(body.as_bytes())?;
    let signature = signature::sign(&simulator.public_url.webhook_url(), &pairs, token);
    recorded(simulator, body.into_bytes(), &signature)
}

/// Returns a request with this body and this signature.
pub(super) fn recorded(
    simulator: &Simulator,
    body: Vec<u8>,
    signature: &str,
) -> Result<Request<Body>, Unwritten> {
    let request = Request::post(WEBHOOK_PATH)
        .header(header::HOST, simulator.address.to_string())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header(header::USER_AGENT, concat!("ringback-simulator/", env!("CARGO_PKG_VERSION")))
        .header("X-Twilio-Signature", signature)
        .body(Body::from(body))?;
    Ok(request)
}
