//! The call: its attempts, within its time limit.

use reqwest::{Response, StatusCode};
use rustls::ClientConfig;
use tokio::time::{Instant, sleep, timeout_at};

use super::exchange;
use super::gate::Gate;
use super::outcome::{Outcome, Reason};
use super::patience::Patience;
use super::request::{Prepared, Request};
use super::trust::{Trust, TrustError};

/// Makes calls. How many are under way at the same time is the caller's to
/// limit.
#[derive(Clone, Debug)]
pub struct Client {
    gate: Gate,
    tls: ClientConfig,
    patience: Patience,
}

impl Client {
    /// Makes a client from the rule about where calls may go, and the
    /// authorities that it believes.
    pub fn new(gate: Gate, trust: Trust, patience: Patience) -> Result<Self, TrustError> {
        Ok(Self { gate, tls: trust.config()?, patience })
    }

    /// Makes a call, and returns when its time limit is over at the latest. A
    /// call that is dropped ends at once.
    ///
    /// An attempt is repeated if no connection came about, if the connection
    /// ended before the answer was complete, and after the statuses 429 and
    /// 5xx; but only if its pause ends before the time limit. If not, what the
    /// last attempt brought is the outcome.
    pub async fn call(&self, request: &Request) -> Outcome {
        let request = match request.prepared() {
            Ok(request) => request,
            Err(reason) => return Outcome::Failed(reason),
        };
        let deadline = Instant::now() + request.limit;
        let attempts = self.attempts(&request, deadline);
        timeout_at(deadline, attempts).await.unwrap_or(Outcome::Timeout)
    }

    async fn attempts(&self, request: &Prepared, deadline: Instant) -> Outcome {
        let mut made = 0;
        loop {
            let pause = self.patience.pause(made);
            made += 1;
            let may_repeat = || made < request.attempts && Instant::now() + pause < deadline;
            let failed = match self.attempt(request).await {
                Ok(response) if is_passing(response.status()) && may_repeat() => None,
                Ok(response) => match exchange::read(response).await {
                    Ok(outcome) => return outcome,
                    Err(reason) => Some(reason),
                },
                Err(reason) => Some(reason),
            };
            match failed {
                Some(reason) if !reason.may_pass() || !may_repeat() => {
                    return Outcome::Failed(reason);
                }
                _ => sleep(pause).await,
            }
        }
    }

    async fn attempt(&self, request: &Prepared) -> Result<Response, Reason> {
        let addresses = self.gate.admit(&request.target, self.patience.addresses).await?;
        exchange::send(request, addresses, &self.tls, self.patience.connection).await
    }
}

/// Says whether a status may be another one soon.
fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}
