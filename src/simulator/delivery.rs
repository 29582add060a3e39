//! Requests of the page to the service, as Twilio would send them.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Uri, header};
use serde::Serialize;

use super::shared::Simulator;
use crate::twilio::form::Pairs;
use crate::twilio::public_url::WEBHOOK_PATH;
use crate::twilio::signature::{self, AuthToken};

/// How long Twilio waits for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// Why a request could not be written. It may be logged.
pub(super) type Unwritten = Box<dyn std::error::Error + Send + Sync>;

/// Returns a message with these parameters, signed with a token.
pub(super) fn signed(
    simulator: &Simulator,
    form: &[(String, String)],
    token: &AuthToken,
) -> Result<Request<Body>, Unwritten> {
    let (body, signature) = written(&simulator.public_url.webhook_url(), form, token)?;
    recorded(simulator, body, &signature)
}

/// Returns a message with this body and this signature.
pub(super) fn recorded(
    simulator: &Simulator,
    body: Vec<u8>,
    signature: &str,
) -> Result<Request<Body>, Unwritten> {
    request(simulator, WEBHOOK_PATH, body, signature)
}

/// Returns a report about a text, for the address that the service gave for it.
pub(super) fn report(
    simulator: &Simulator,
    callback: &str,
    form: &[(&str, &str)],
) -> Result<Request<Body>, Unwritten> {
    let (body, signature) = written(callback, form, &simulator.token)?;
    let url: Uri = callback.parse()?;
    let target = url.path_and_query().map_or("/", |target| target.as_str());
    request(simulator, target, body, &signature)
}

/// Returns parameters as a body, and their signature.
fn written(
    url: &str,
    form: &(impl Serialize + ?Sized),
    token: &AuthToken,
) -> Result<(Vec<u8>, String), Unwritten> {
    let body = serde_urlencoded::to_string(form)?;
    let pairs = Pairs::decode(body.as_bytes())?;
    let signature = signature::sign(url, &pairs, token);
    Ok((body.into_bytes(), signature))
}

fn request(
    simulator: &Simulator,
    target: &str,
    body: Vec<u8>,
    signature: &str,
) -> Result<Request<Body>, Unwritten> {
    let request = Request::post(target)
        .header(header::HOST, simulator.address.to_string())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header(header::USER_AGENT, concat!("ringback-simulator/", env!("CARGO_PKG_VERSION")))
        .header("X-Twilio-Signature", signature)
        .body(Body::from(body))?;
    Ok(request)
}
