//! The answer to requests that find no route, with a log line if a message may be lost.
//!
//! Only the provider notices a wrong path in its URL. Therefore a POST to an
//! unknown path, and any signed request, is logged without its query and body,
//! at most once a second.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Instant;

use axum::http::{HeaderMap, Method, Uri};

use super::error::Error;
use crate::twilio::astray;
use crate::twilio::diagnosis::Limiter;
use crate::twilio::public_url::{PublicUrl, WEBHOOK_PATH};
use crate::twilio::signature::SIGNATURE_HEADER;

/// Answers requests that find no route. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Astray(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    public_url: PublicUrl,
    lines: Limiter,
}

impl Astray {
    /// Returns the answer for a service whose messages should go to this address.
    pub fn new(public_url: PublicUrl) -> Self {
        Self(Arc::new(Parts { public_url, lines: Limiter::default() }))
    }

    /// Returns a handler that refuses requests with this error, and logs those that may be
    /// messages.
    pub(super) fn refusing(
        self,
        error: Error,
    ) -> impl Fn(Method, Uri, HeaderMap) -> Ready<Error> + Clone + Send + Sync + 'static {
        move |method, uri, headers| {
            if method == Method::POST || headers.contains_key(SIGNATURE_HEADER) {
                self.log(&error, uri.path());
            }
            ready(error.clone())
        }
    }

    fn log(&self, error: &Error, path: &str) {
        error.count();
        let Parts { public_url, lines } = &*self.0;
        let (status, shown) = (error.status().as_u16(), astray::shown(path, public_url));
        let advice = if path == WEBHOOK_PATH {
            "the method is not POST: choose HTTP POST at the provider".to_owned()
        } else {
            astray::advice(path, public_url)
        };
        if lines.allow(Instant::now()) {
            tracing::warn!(
                status,
                path = shown,
                advice,
                "a request that may be a message found nothing here"
            );
        } else {
            tracing::debug!(
                status,
                path = shown,
                advice,
                "a request that may be a message found nothing here"
            );
        }
    }
}
