//! What a request is refused with.
//!
//! Bodies are one line of plain text, which is safe: Twilio sends a
//! `text/plain` body to the person only with a 2xx (Twilio docs, "`TwiML` for
//! Programmable SMS"). Never a 401: it makes Twilio repeat the request with
//! credentials. What an operator should know goes to the log, not in here.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::bot::Refusal;

/// When a refused message should be tried again, in seconds.
const RETRY_AFTER: &str = "1";

/// Why a request is not answered as it wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is not proven that the provider sent it. The reason is not told.
    Forbidden,
    /// It is authentic, but no message; the text says what is wrong.
    BadForm(String),
    /// Its body is no form.
    NotAForm,
    /// Its body is larger than [`MAX_BODY`](super::MAX_BODY).
    TooLarge,
    /// Its body did not arrive whole.
    Incomplete,
    /// Nothing is here.
    NotFound,
    /// Something is here, by another method.
    MethodNotAllowed,
    /// The message was not taken.
    Refused(Refusal),
    /// A defect.
    Internal,
}

impl Error {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Forbidden | Self::Refused(Refusal::Recut) => StatusCode::FORBIDDEN,
            Self::BadForm(_) | Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Refused(
                Refusal::Busy | Refusal::Unavailable | Refusal::Closed | Refusal::Outdated,
            ) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(Refusal::Rejected | Refusal::Defect) | Self::Internal => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Forbidden | Self::Refused(Refusal::Recut) => "forbidden".to_owned(),
            Self::BadForm(text) => text.clone(),
            Self::NotAForm => {
                "the body must be a form (application/x-www-form-urlencoded)".to_owned()
            }
            Self::TooLarge => format!("the body is larger than {} bytes", super::MAX_BODY),
            Self::Incomplete => "the body did not arrive whole".to_owned(),
            Self::NotFound => "nothing is here".to_owned(),
            Self::MethodNotAllowed => "this method is not allowed here".to_owned(),
            Self::Refused(refusal @ (Refusal::Rejected | Refusal::Defect)) => refusal.to_string(),
            Self::Refused(refusal) => format!("{refusal}; try again"),
            Self::Internal => "an internal error".to_owned(),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response =
            (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], self.text() + "\n")
                .into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, header::HeaderValue::from_static(RETRY_AFTER));
        }
        response
    }
}
