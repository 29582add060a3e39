//! The route that Twilio calls: checks authenticity, reads the message, and answers.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error::Error;
use crate::bot::{Bot, Refusal};
use crate::message::consent::OptOutWords;
use crate::twilio::diagnosis::{self, Limiter, Named};
use crate::twilio::signature::{Rejection, SIGNATURE_HEADER, SignedRequest, Verifier};
use crate::twilio::{inbound, twiml};

/// The parts of the route. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Webhook(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    bot: Bot,
    verifier: Verifier,
    account_sid: Option<Box<str>>,
    opt_out_words: OptOutWords,
    diagnoses: Limiter,
    recuts: Limiter,
}

impl Webhook {
    /// Returns a webhook that takes what `verifier` accepts; if `account_sid` is given, only
    /// messages of that account.
    pub fn new(
        bot: Bot,
        verifier: Verifier,
        account_sid: Option<&str>,
        opt_out_words: OptOutWords,
    ) -> Self {
        Self(Arc::new(Parts {
            bot,
            verifier,
            account_sid: account_sid.map(Box::from),
            opt_out_words,
            diagnoses: Limiter::default(),
            recuts: Limiter::default(),
        }))
    }
}

/// `POST /webhooks/twilio`: an inbound message, answered with `TwiML`.
pub(super) async fn receive(
    State(Webhook(parts)): State<Webhook>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    parts.answer(&uri, &headers, body).await.inspect_err(Error::count)
}

impl Parts {
    /// Returns the answer to a request, or why there is none.
    async fn answer(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Response, Error> {
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::Incomplete,
        })?;
        let request = SignedRequest {
            path_and_query: uri.path_and_query().map_or("/", |target| target.as_str()),
            content_type: headers.get(header::CONTENT_TYPE).map(header::HeaderValue::as_bytes),
            signature: headers.get(SIGNATURE_HEADER).map(header::HeaderValue::as_bytes),
            body: &body,
        };
        let authentic = self.verifier.verify(&request).map_err(|rejection| {
            self.log_rejection(&request, headers, &rejection);
            match rejection {
                Rejection::Form(error) => Error::BadForm(error.to_string()),
                Rejection::Missing
                | Rejection::Malformed
                | Rejection::BodyNotSigned
                | Rejection::BodyHash
                | Rejection::Mismatch => Error::Forbidden,
            }
        })?;
        if !request.is_form() && !body.is_empty() {
            return Err(Error::NotAForm);
        }
        let message = inbound::read(authentic, self.account_sid.as_deref()).map_err(|error| {
            tracing::warn!(%error, "an authentic request is no message");
            Error::NoMessage(error.to_string())
        })?;
        let message = self.opt_out_words.heed(message);
        let (twiml, outcome) = self.bot.answer(message).await.map_err(|refusal| {
            if refusal == Refusal::Recut {
                self.log_recut(refusal);
            }
            Error::Refused(refusal)
        })?;
        // The extension stays in this process, for the phone page.
        let headers = [(header::CONTENT_TYPE, twiml::CONTENT_TYPE)];
        Ok((Extension(outcome), headers, twiml).into_response())
    }

    /// Logs one line for a recorded request that was cut differently, at most once a second in
    /// full.
    fn log_recut(&self, reason: Refusal) {
        if self.recuts.allow(Instant::now()) {
            tracing::warn!(%reason, "a recorded request arrived cut into other parameters");
        } else {
            tracing::debug!(%reason, "a recorded request arrived cut into other parameters");
        }
    }

    /// Logs one line that tells the operator the reason, at most once a second in full.
    fn log_rejection(
        &self,
        request: &SignedRequest<'_>,
        headers: &HeaderMap,
        rejection: &Rejection,
    ) {
        if !self.diagnoses.allow(Instant::now()) {
            tracing::debug!(reason = %rejection, "a request was refused");
            return;
        }
        if *rejection != Rejection::Mismatch {
            tracing::warn!(reason = %rejection, "a request was refused");
            return;
        }
        let named = Named::read(|name| {
            headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
        });
        let diagnosis = diagnosis::diagnose(&self.verifier, request, &named);
        tracing::warn!(reason = %rejection, %diagnosis, "a request was refused");
    }
}
