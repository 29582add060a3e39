//! `GET /simulator/requests`: what came in, and the news that something came.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::watch;

use super::list::Requests;
use super::shown::{ListData, NewestData, RequestData};
use crate::simulator::shared::Shared;

/// The request of the page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::simulator) struct Parameters {
    /// The number of the last request that the page has.
    #[serde(default)]
    after: u64,
}

/// Returns the requests after a number, oldest first.
pub(in crate::simulator) async fn list(
    State(shared): State<Arc<Shared>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let Query(Parameters { after }) = match parameters {
        Ok(parameters) => parameters,
        Err(rejection) => return rejection.into_response(),
    };
    let requests = &shared.simulator.requests;
    let kept = requests.after(0);
    let newer = kept.iter().filter(|kept| kept.number > after);
    Json(ListData {
        began: requests.began().to_string(),
        oldest: kept.first().map(|kept| kept.number),
        requests: newer.map(|kept| RequestData::of(kept)).collect(),
    })
    .into_response()
}

/// The news that requests came, for a page that follows them.
#[derive(Debug)]
pub(in crate::simulator) struct Newest(watch::Receiver<u64>);

impl Newest {
    /// Returns the news from now on.
    pub(in crate::simulator) fn of(requests: &Requests) -> Self {
        Self(requests.newest())
    }

    /// Waits for the next news: the data of the event `requests`. If it is dropped
    /// while it waits, nothing is lost.
    pub(in crate::simulator) async fn next(&mut self) -> NewestData {
        if self.0.changed().await.is_err() {
            // The list lives as long as the page.
            std::future::pending::<()>().await;
        }
        NewestData { newest: *self.0.borrow_and_update() }
    }
}
