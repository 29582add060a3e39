//! The gate of all routes that the provider calls: only authentic forms pass.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::error::Error;
use crate::twilio::diagnosis::{self, Limiter, Named};
use crate::twilio::signature::{Authentic, Rejection, SIGNATURE_HEADER, SignedRequest, Verifier};

/// Lets authentic forms pass. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    verifier: Verifier,
    account_sid: Option<Box<str>>,
    diagnoses: Limiter,
}

impl Gate {
    /// Returns a gate for what `verifier` accepts; if `account_sid` is given, only for forms of
    /// that account.
    pub fn new(verifier: Verifier, account_sid: Option<&str>) -> Self {
        let account_sid = account_sid.map(Box::from);
        Self(Arc::new(Parts { verifier, account_sid, diagnoses: Limiter::default() }))
    }

    /// Returns the only account whose forms count, if there is such a limit.
    pub(super) fn account_sid(&self) -> Option<&str> {
        self.0.account_sid.as_deref()
    }

    /// Returns the parameters of a request, or why it does not pass.
    pub(super) fn authentic(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Authentic, Error> {
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
        let authentic = self.0.verifier.verify(&request).map_err(|rejection| {
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
        Ok(authentic)
    }

    /// Logs one line that tells the operator the reason, at most once a second in full.
    fn log_rejection(
        &self,
        request: &SignedRequest<'_>,
        headers: &HeaderMap,
        rejection: &Rejection,
    ) {
        if !self.0.diagnoses.allow(Instant::now()) {
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
        let diagnosis = diagnosis::diagnose(&self.0.verifier, request, &named);
        tracing::warn!(reason = %rejection, %diagnosis, "a request was refused");
    }
}
