//! `POST /simulator/now`: the next thing that silence does to a phone comes now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::phone::Phone;
use super::shared::Shared;

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Now {
    phone: Phone,
}

pub(super) async fn hasten(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Now>, JsonRejection>,
) -> Response {
    let Json(Now { phone }) = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    match phone.sender() {
        Ok(sender) => {
            shared.simulator.silence.hasten(sender).await;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}
