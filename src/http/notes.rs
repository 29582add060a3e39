//! The notes that the routes make about a request for a watcher.
//!
//! The answer to a refused request does not say the reason, and the log says it at
//! most once a second. The layer `watched` gives each request notes of its own,
//! into which the gate writes its verdict. Where nobody watches, requests have no
//! notes, and nothing is written.

use std::sync::{Arc, Mutex, PoisonError};

use crate::twilio::diagnosis::Diagnosis;
use crate::twilio::signature::Rejection;

/// The result of examining a request's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request is what the provider signed.
    Authentic,
    /// Nothing proves that the provider sent it.
    Refused {
        /// The reason.
        rejection: Rejection,
        /// If the signature is wrong, what the request would have been valid for.
        diagnosis: Option<Diagnosis>,
    },
    /// The signature is right, but it belongs to another message.
    Recut,
}

/// The notes about one request.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes(Arc<Mutex<Option<Verdict>>>);

impl Notes {
    /// Notes a verdict; a later one replaces it.
    pub(super) fn note(&self, verdict: Verdict) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
    }

    /// Returns the last verdict.
    pub(super) fn verdict(&self) -> Option<Verdict> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
