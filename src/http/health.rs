//! Whether the service is alive, and whether it can answer a message.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::error::Error;
use crate::bot::{Bot, Refusal};
use crate::store::Store;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// The same where another host may answer. A silent one is left after 0.75 s.
const PATIENCE_WITH_HOSTS: Duration = Duration::from_secs(2);

/// Answers as long as the process runs.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// Answers whether the database responds, is migrated, and took the last messages.
pub(super) async fn ready(State((store, bot)): State<(Store, Bot)>) -> Response {
    if bot.failed_lately() {
        return Error::Refused(Refusal::Unavailable).into_response();
    }
    let patience = if store.has_another_host() { PATIENCE_WITH_HOSTS } else { PATIENCE };
    match tokio::time::timeout(patience, store.ready()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n").into_response(),
        Ok(Err(error)) => {
            tracing::debug!(%error, "not ready");
            Error::Refused(Refusal::Unavailable).into_response()
        }
        Err(_) => Error::Refused(Refusal::Unavailable).into_response(),
    }
}
