//! `POST /simulator/next-text`: the page chooses what becomes of the next text by
//! REST to its phone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::next_text::NextText;
use super::phone::Phone;
use super::shared::Shared;

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    phone: Phone,
    becomes: NextText,
}

pub(super) async fn choose(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Choice>, JsonRejection>,
) -> Response {
    let Json(Choice { phone, becomes }) = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    if shared.simulator.account.is_none() {
        let complaint = "the page's own Twilio takes no texts: the settings name another account\n";
        return (StatusCode::CONFLICT, complaint).into_response();
    }
    match phone.sender() {
        Ok(sender) => {
            shared.choose_next_text(sender, becomes);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}
