//! The route at which third parties bring the results that conversations wait
//! for.
//!
//! Nothing but the name of a callback proves that somebody may bring one, so a
//! name is logged nowhere. An answer is given once the result is kept. A third
//! party that gets no answer, or a 503, brings the result again.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::Value as Json;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::error::Error;
use crate::bot::callbacks::{CalledBack, Verdict};
use crate::bot::{Bot, Refusal};
use crate::conversation::check_result;
use crate::store::{KnownCallback, Store};
use crate::telemetry;

/// The longest name of a callback. Any longer one is unknown.
const LONGEST_NAME: usize = 64;

/// How long a result may take to be kept.
const KEPT_WITHIN: Duration = Duration::from_millis(1_800);

/// The pause before a result for a person who is locked is brought again.
const AGAIN: Duration = Duration::from_millis(20);

/// The parts of the route. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Callbacks {
    /// What takes the results.
    pub bot: Bot,
    /// Where callbacks are found.
    pub store: Store,
}

/// `POST /callbacks/<name>`: the result of a third party.
pub(super) async fn receive(
    State(callbacks): State<Callbacks>,
    name: Result<Path<String>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Error> {
    // No callback has a name that is not UTF-8.
    let name = name.as_ref().map_or("", |Path(name)| name.as_str());
    let taken = callbacks.take(name, body).await;
    let status = taken.as_ref().map_or_else(Error::status, |status| *status);
    telemetry::called_back(status.as_u16());
    taken
}

impl Callbacks {
    async fn take(
        &self,
        name: &str,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<StatusCode, Error> {
        let body = body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::Incomplete,
        })?;
        let is_name = (1..=LONGEST_NAME).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_name {
            return Err(Error::NotFound);
        }
        let until = Instant::now() + KEPT_WITHIN;
        let known = self.find(name, until).await?;
        let result: Json = serde_json::from_slice(&body).map_err(|_| Error::NotJson)?;
        check_result(&result).map_err(Error::Unfit)?;
        let sender = match known_result(&known, &result) {
            Some(answer) => return answer,
            None => known.sender,
        };
        let called = CalledBack { sender, name: name.to_owned(), result };
        loop {
            let said = timeout_at(until, self.bot.called_back(called.clone())).await;
            match said.unwrap_or(Verdict::Later) {
                Verdict::Taken => return Ok(StatusCode::ACCEPTED),
                Verdict::Conflict => return Err(Error::Conflict),
                Verdict::Unfit(why) => return Err(Error::Unfit(why)),
                Verdict::Gone => {
                    // Somebody else may have brought it a moment ago.
                    let known = self.find(name, until).await?;
                    return known_result(&known, &called.result).unwrap_or(Err(Error::NotFound));
                }
                Verdict::Later if until <= Instant::now() + AGAIN => {
                    return Err(Error::Refused(Refusal::Busy));
                }
                Verdict::Later => sleep_until(Instant::now() + AGAIN).await,
            }
        }
    }

    /// Returns a callback that takes a result, or remembers one.
    async fn find(&self, name: &str, until: Instant) -> Result<KnownCallback, Error> {
        let found = timeout_at(until, self.store.callback(name)).await;
        let found = found.ok().and_then(Result::ok);
        let found = found.ok_or(Error::Refused(Refusal::Unavailable))?;
        found.filter(|known| !known.is_gone(Timestamp::now())).ok_or(Error::NotFound)
    }
}

/// Returns the answer of a callback that is spent.
fn known_result(known: &KnownCallback, result: &Json) -> Option<Result<StatusCode, Error>> {
    Some(if known.was_spent_on(result)? { Ok(StatusCode::ACCEPTED) } else { Err(Error::Conflict) })
}
