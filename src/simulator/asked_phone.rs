//! `?phone=…`: the phone that a request asks about.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::phone::Phone;
use crate::message::Sender;

/// The sender of the phone that a request asks about.
pub(super) struct AskedPhone(pub(super) Sender);

#[derive(Deserialize)]
struct Parameters {
    phone: Phone,
}

impl<S: Send + Sync> FromRequestParts<S> for AskedPhone {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let parameters = Query::<Parameters>::from_request_parts(parts, state).await;
        let Query(Parameters { phone }) = parameters.map_err(IntoResponse::into_response)?;
        let refused = |error| (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response();
        phone.sender().map(Self).map_err(refused)
    }
}
