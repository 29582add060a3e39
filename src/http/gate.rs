//! The gate of all routes that the provider calls: only authentic forms pass.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::error::Error;
use super::notes::{Notes, Verdict};
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

    /// Returns the parameters of a request, or why it does not pass. The verdict on
    /// its signature goes into its notes, if it has any.
    pub(super) fn authentic(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        notes: Option<&Notes>,
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
            self.explain(&request, headers, notes, &rejection);
            match rejection {
                Rejection::Form(error) => Error::BadForm(error.to_string()),
                Rejection::Missing
                | Rejection::Malformed
                | Rejection::BodyNotSigned
                | Rejection::BodyHash
                | Rejection::Mismatch => Error::Forbidden,
            }
        })?;
        if let Some(notes) = notes {
            notes.note(Verdict::Authentic);
        }
        if !request.is_form() && !body.is_empty() {
            return Err(Error::NotAForm);
        }
        Ok(authentic)
    }

    /// Notes the reason, and logs one line for the operator, in full at most once a
    /// second. A wrong signature is diagnosed only if the notes or a full line need it.
    fn explain(
        &self,
        request: &SignedRequest<'_>,
        headers: &HeaderMap,
        notes: Option<&Notes>,
        rejection: &Rejection,
    ) {
        let is_logged = self.0.diagnoses.allow(Instant::now());
        let is_diagnosed = *rejection == Rejection::Mismatch && (is_logged || notes.is_some());
        let diagnosis = is_diagnosed.then(|| {
            let named = Named::read(|name| {
                headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
            });
            diagnosis::diagnose(&self.0.verifier, request, &named)
        });
        if !is_logged {
            tracing::debug!(reason = %rejection, "a request was refused");
        } else if let Some(diagnosis) = &diagnosis {
            tracing::warn!(reason = %rejection, %diagnosis, "a request was refused");
        } else {
            tracing::warn!(reason = %rejection, "a request was refused");
        }
        if let Some(notes) = notes {
            notes.note(Verdict::Refused { rejection: rejection.clone(), diagnosis });
        }
    }
}
