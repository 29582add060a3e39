//! `POST /simulator/anew` makes a phone that of a person who has never written.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::phone::Phone;
use super::shared::Shared;
use crate::bot::Shift;

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Anew {
    phone: Phone,
}

/// Ends the conversation of a phone. The next message begins one as an unknown
/// person; the history stays.
pub(super) async fn begin(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Anew>, JsonRejection>,
) -> Response {
    let Json(Anew { phone }) = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let sender = match phone.sender() {
        Ok(sender) => sender,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    if shared.simulator.silence.shift(sender, Shift::Anew).await {
        return StatusCode::NO_CONTENT.into_response();
    }
    let complaint = "the phone could not be served just now; try again\n";
    (StatusCode::SERVICE_UNAVAILABLE, complaint).into_response()
}
