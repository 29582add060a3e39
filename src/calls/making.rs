//! One call: what the engine asks for as a request, and the outcome as an answer.

use std::sync::Arc;

use tokio::time::Instant;

use super::secrets::Secrets;
use crate::bot::calls::{Called, Wanted};
use crate::bot::number_hash::NumberHash;
use crate::conversation::{CallAnswer, Request as Asking};
use crate::outbound::client::Client;
use crate::outbound::outcome::Outcome;
use crate::outbound::request::{Body, Request};
use crate::telemetry::{self, CallOutcome};

/// Makes single calls. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Maker {
    client: Arc<Client>,
    secrets: Secrets,
    number_hash: NumberHash,
}

impl Maker {
    /// Returns a maker of calls with these secrets.
    #[must_use]
    pub fn new(client: Client, secrets: Secrets, number_hash: NumberHash) -> Self {
        Self { client: Arc::new(client), secrets, number_hash }
    }

    /// Makes a call that was handed out at this time, from which its time limit
    /// counts. Logs and counts what became of it.
    pub(super) async fn make(&self, wanted: Wanted, since: Instant) -> Called {
        let Wanted { sender, turns, request: asked, replied_at } = wanted;
        let id = self.number_hash.of_call(&sender, &asked.call, turns);
        let answer = match self.request(&asked, id, since) {
            Some(request) if request.limit.is_zero() => told(&request, Outcome::Timeout),
            Some(request) => {
                let outcome = self.client.call(&request).await;
                told(&request, outcome)
            }
            // The flow came from another process, which has the secret.
            None => {
                telemetry::call(CallOutcome::Failed);
                let Asking { call, .. } = &*asked;
                tracing::error!(
                    flow = call.flow,
                    step = call.step,
                    "a call was not made: a secret of its flow is not set here"
                );
                CallAnswer::Failed("no_secret".to_owned())
            }
        };
        Called { sender, call: asked.call, answer, replied_at }
    }

    /// Returns the request; `None` if a secret is missing.
    fn request(&self, asked: &Asking, id: String, since: Instant) -> Option<Request> {
        let secret = |name: &str| self.secrets.exposed(name);
        let body = asked.body.as_ref().map(|body| Body {
            content_type: body.content_type.to_owned(),
            content: body.content.clone().into_bytes(),
        });
        Some(Request {
            method: asked.method,
            url: asked.url(&secret)?,
            headers: asked.headers(&secret)?,
            body,
            id,
            limit: asked.timeout.saturating_sub(since.elapsed()),
            attempts: asked.attempts,
        })
    }
}

/// Logs and counts an outcome, and returns the answer for the flow.
fn told(request: &Request, outcome: Outcome) -> CallAnswer {
    let host = request.target().map(|target| target.to_string());
    let host = host.unwrap_or_default();
    let failed = |code: &str| tracing::warn!(host, code, "a call failed");
    match outcome {
        Outcome::Answered { status, body } => {
            telemetry::call(CallOutcome::of_status(status));
            if status == 429 || status >= 500 {
                failed(&status.to_string());
            }
            CallAnswer::Answered { status, body }
        }
        Outcome::Timeout => {
            telemetry::call(CallOutcome::Timeout);
            failed("timeout");
            CallAnswer::Timeout
        }
        Outcome::Failed(reason) => {
            telemetry::call(CallOutcome::Failed);
            failed(reason.code());
            CallAnswer::Failed(reason.to_string())
        }
    }
}
