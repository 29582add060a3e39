//! The route that Twilio calls: reads the message of an authentic request, and answers.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};

use super::error::Error;
use super::gate::Gate;
use super::notes::{Notes, Verdict};
use crate::bot::{Bot, Refusal};
use crate::message::consent::OptOutWords;
use crate::twilio::diagnosis::Limiter;
use crate::twilio::{inbound, twiml};

/// The parts of the route. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Webhook(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    bot: Bot,
    gate: Gate,
    opt_out_words: OptOutWords,
    recuts: Limiter,
}

impl Webhook {
    /// Returns a webhook behind a gate.
    pub fn new(bot: Bot, gate: Gate, opt_out_words: OptOutWords) -> Self {
        Self(Arc::new(Parts { bot, gate, opt_out_words, recuts: Limiter::default() }))
    }
}

/// `POST /webhooks/twilio`: an inbound message, answered with `TwiML`.
pub(super) async fn receive(
    State(Webhook(parts)): State<Webhook>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    notes: Option<Extension<Notes>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let notes = notes.as_deref();
    parts.answer(&uri, &headers, notes, body).await.inspect_err(Error::count)
}

impl Parts {
    /// Returns the answer to a request, or why there is none.
    async fn answer(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        notes: Option<&Notes>,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Response, Error> {
        let authentic = self.gate.authentic(uri, headers, notes, body)?;
        let message = inbound::read(authentic, self.gate.account_sid()).map_err(|error| {
            tracing::warn!(%error, "an authentic request is no message");
            Error::NoMessage(error.to_string())
        })?;
        let message = self.opt_out_words.heed(message);
        let (twiml, outcome) = self.bot.answer(message).await.map_err(|refusal| {
            if refusal == Refusal::Recut {
                self.log_recut(refusal);
                if let Some(notes) = notes {
                    notes.note(Verdict::Recut);
                }
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
}
