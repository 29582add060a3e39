//! The refusals of requests.
//!
//! Bodies are one line of plain text. That is safe: Twilio sends a `text/plain`
//! body to the person only with a 2xx (Twilio docs, "`TwiML` for Programmable
//! SMS"). A refusal is never a 401, which would make Twilio repeat the request
//! with credentials. Details for the operator go to the log, not into the body.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::limits::MAX_BODY;
use crate::bot::Refusal;
use crate::telemetry::{self, Reason};

/// The seconds after which a refused message should be tried again.
const RETRY_AFTER: &str = "1";

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing proves that the provider sent it. The reason is not disclosed.
    Forbidden,
    /// The body cannot be read as a form; the text says what is wrong.
    BadForm(String),
    /// The request is authentic, but not a message; the text says what is wrong.
    NoMessage(String),
    /// The body is not a form.
    NotAForm,
    /// The body is not JSON.
    NotJson,
    /// The conversation cannot use the result; the text says why.
    Unfit(String),
    /// The callback has another result.
    Conflict,
    /// The body is larger than [`MAX_BODY`].
    TooLarge,
    /// The body did not arrive completely.
    Incomplete,
    /// There is nothing at this path.
    NotFound,
    /// There is something at this path, with another method.
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
            Self::BadForm(_) | Self::NoMessage(_) | Self::NotJson | Self::Incomplete => {
                StatusCode::BAD_REQUEST
            }
            Self::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict => StatusCode::CONFLICT,
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

    /// Counts a request that was refused before it became a message. The bot
    /// counts what becomes of messages.
    pub(super) fn count(&self) {
        let reason = match self {
            Self::Forbidden | Self::Refused(Refusal::Recut) => Reason::Signature,
            Self::BadForm(_) => Reason::Form,
            Self::NoMessage(_) => Reason::NoMessage,
            Self::NotAForm => Reason::NotAForm,
            Self::TooLarge => Reason::TooLarge,
            Self::Incomplete => Reason::Incomplete,
            Self::NotFound | Self::MethodNotAllowed => Reason::Path,
            // The route of callbacks counts what becomes of them.
            Self::NotJson
            | Self::Unfit(_)
            | Self::Conflict
            | Self::Refused(
                Refusal::Busy
                | Refusal::Unavailable
                | Refusal::Rejected
                | Refusal::Closed
                | Refusal::Outdated
                | Refusal::Defect,
            )
            | Self::Internal => return,
        };
        telemetry::request_refused(reason);
    }

    fn text(&self) -> String {
        match self {
            Self::Forbidden | Self::Refused(Refusal::Recut) => "forbidden".to_owned(),
            Self::BadForm(text) | Self::NoMessage(text) => text.clone(),
            Self::NotAForm => {
                "the body must be a form (application/x-www-form-urlencoded)".to_owned()
            }
            Self::NotJson => "the body must be JSON".to_owned(),
            Self::Unfit(why) => why.clone(),
            Self::Conflict => "another result came before".to_owned(),
            Self::TooLarge => format!("the body is larger than {MAX_BODY} bytes"),
            Self::Incomplete => "the body did not arrive completely".to_owned(),
            Self::NotFound => "there is nothing here".to_owned(),
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
