//! Routes, limits, and errors as responses.
//!
//! The [`twilio`](crate::twilio) module reads requests, and the bot decides
//! what becomes of them. This module only receives and answers. It knows no
//! flows and no SQL.

mod astray;
mod callbacks;
mod error;
mod gate;
mod health;
mod limits;
mod metrics;
mod notes;
mod status;
mod watched;
mod webhook;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

pub use self::astray::Astray;
pub use self::callbacks::Callbacks;
pub use self::error::Error;
pub use self::gate::Gate;
use self::limits::ANSWER_WITHIN;
pub use self::limits::MAX_BODY;
pub use self::metrics::metrics_router;
pub use self::notes::Verdict;
pub use self::status::Reports;
pub use self::watched::{Copied, MAX_COPY, OfPage, Seen, SeenAs, Watcher, watched};
pub use self::webhook::Webhook;
use crate::bot::Bot;
use crate::store::Store;
use crate::twilio::public_url::{CALLBACKS_PATH, STATUS_PATH, WEBHOOK_PATH};

/// Returns the route that Twilio calls.
pub fn webhook_router(webhook: Webhook, astray: Astray) -> Router {
    let router = Router::new().route(WEBHOOK_PATH, post(webhook::receive)).with_state(webhook);
    limited(router, astray)
}

/// Returns the route to which the provider reports what became of texts.
pub fn status_router(reports: Reports, astray: Astray) -> Router {
    let router = Router::new().route(STATUS_PATH, post(status::receive)).with_state(reports);
    limited(router, astray)
}

/// Returns the route at which third parties bring results.
pub fn callback_router(callbacks: Callbacks, astray: Astray) -> Router {
    let path = format!("{CALLBACKS_PATH}{{name}}");
    let router = Router::new().route(&path, post(callbacks::receive)).with_state(callbacks);
    limited(router, astray)
}

/// Returns the routes that a supervisor or load balancer calls.
pub fn health_router(store: Store, bot: Bot, astray: Astray) -> Router {
    let router = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state((store, bot));
    limited(router, astray)
}

/// Returns the same routes, with an answer to requests that match none of them.
pub fn with_not_found(router: Router, astray: Astray) -> Router {
    router.fallback(astray.refusing(Error::NotFound))
}

/// Returns the answer to messages that are sent to the address without a path,
/// where there is a page.
pub fn root_router(astray: Astray) -> Router {
    Router::new().route("/", post(astray.refusing(Error::NotFound)))
}

/// Returns the same routes within the limits that every route has.
fn limited(router: Router, astray: Astray) -> Router {
    router
        .method_not_allowed_fallback(astray.refusing(Error::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a request handler panicked: this is a defect of Ringback");
            axum::response::IntoResponse::into_response(Error::Internal)
        }))
}
