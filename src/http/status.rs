//! The route to which the provider reports what became of a text.
//!
//! A report is answered once it is kept, since the provider repeats none that
//! was answered. One about a text that is not here is taken all the same: it may
//! have been deleted, or belong to another database.

use std::time::Duration;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::error::Error;
use super::gate::Gate;
use super::notes::Notes;
use crate::bot::outgoing::TextWork;
use crate::bot::{Bot, Refusal};
use crate::dispatch::news;
use crate::twilio::rest::callback;
use crate::twilio::rest::status::Status;

/// How long a report may take to be kept.
const KEPT_WITHIN: Duration = Duration::from_millis(1_800);

/// The pause before a report of a person who is locked is brought again.
const AGAIN: Duration = Duration::from_millis(20);

/// The parts of the route. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Reports {
    /// What keeps the reports.
    pub bot: Bot,
    /// Which reports pass.
    pub gate: Gate,
}

/// `POST /webhooks/twilio/status?m=…`: what became of the text with this number.
pub(super) async fn receive(
    State(reports): State<Reports>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    notes: Option<Extension<Notes>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Error> {
    let notes = notes.as_deref();
    reports.take(&uri, &headers, notes, body).await.inspect_err(Error::count)
}

impl Reports {
    async fn take(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        notes: Option<&Notes>,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<StatusCode, Error> {
        let authentic = self.gate.authentic(uri, headers, notes, body)?;
        let read = callback::read(&authentic.into_pairs(), self.gate.account_sid());
        let callback = read.map_err(|error| {
            tracing::warn!(%error, "an authentic request is no report about a text");
            Error::NoMessage(error.to_string())
        })?;
        let Some(id) = text_id(uri) else {
            tracing::debug!("a report does not say which text it is about");
            return Ok(StatusCode::NO_CONTENT);
        };
        if let Status::Other(status) = &callback.status {
            tracing::info!(text.id = id, status, "a report has a status that is not known here");
        }
        let until = Instant::now() + KEPT_WITHIN;
        let mut news = vec![(id, news::of_callback(callback))];
        while !news.is_empty() {
            let work = TextWork { news: news.clone(), ..TextWork::default() };
            let done = timeout_at(until, self.bot.texts(work)).await;
            let Ok(Some(done)) = done else { return Err(Error::Refused(Refusal::Unavailable)) };
            news = done.later;
            if !news.is_empty() {
                if until <= Instant::now() + AGAIN {
                    return Err(Error::Refused(Refusal::Busy));
                }
                sleep_until(Instant::now() + AGAIN).await;
            }
        }
        Ok(StatusCode::NO_CONTENT)
    }
}

/// Returns the number of the text, which is in the query.
fn text_id(uri: &Uri) -> Option<i64> {
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == "m")?.1.parse().ok()
}
