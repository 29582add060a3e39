//! `POST /simulator/now`: the next thing that silence does to a phone happens now,
//! or some minutes pass for that phone.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::phone::Phone;
use super::shared::{Shared, Simulator};
use super::transcript::ReadError;
use crate::message::Sender;
use crate::outbox::state::State;

/// The most minutes that pass at once: a day.
const MOST_MINUTES: u32 = 24 * 60;

/// The most things that happen in that time. Nobody gets more than three texts
/// without writing, and a conversation ends once.
const MOST_EVENTS: usize = 8;

/// How long each of them may take to happen. The service looks for silence once a
/// second.
const HAPPENS_WITHIN: Duration = Duration::from_secs(10);

/// How often the page looks whether it has happened.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Now {
    phone: Phone,
    /// How many minutes pass; without a number the next thing comes now.
    minutes: Option<u32>,
}

pub(super) async fn hasten(
    extract::State(shared): extract::State<Arc<Shared>>,
    body: Result<Json<Now>, JsonRejection>,
) -> Response {
    let Json(Now { phone, minutes }) = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let sender = match phone.sender() {
        Ok(sender) => sender,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let Some(minutes) = minutes else {
        shared.simulator.silence.hasten(sender).await;
        return StatusCode::NO_CONTENT.into_response();
    };
    if !(1..=MOST_MINUTES).contains(&minutes) {
        let complaint = format!("1 to {MOST_MINUTES} minutes can pass at once\n");
        return (StatusCode::BAD_REQUEST, complaint).into_response();
    }
    let time = SignedDuration::from_mins(i64::from(minutes));
    match pass(&shared.simulator, &sender, time).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            tracing::warn!(%error, "the phone page could not let time pass");
            (StatusCode::SERVICE_UNAVAILABLE, "the database is not available; try again\n")
                .into_response()
        }
    }
}

/// Lets time pass for a sender. The things that silence does in that time happen one
/// after the other, as they really would. In one leap, two reminders would become
/// one.
async fn pass(
    simulator: &Simulator,
    sender: &Sender,
    time: SignedDuration,
) -> Result<(), ReadError> {
    let mut left = time;
    for _ in 0..MOST_EVENTS {
        let Some(until) = until_next(simulator, sender).await?.filter(|until| *until <= left)
        else {
            break;
        };
        simulator.silence.pass(sender.clone(), until).await;
        left -= until;
        if !happens(simulator, sender).await? {
            break;
        }
    }
    simulator.silence.pass(sender.clone(), left).await;
    Ok(())
}

/// Returns the time until silence does something.
async fn until_next(
    simulator: &Simulator,
    sender: &Sender,
) -> Result<Option<SignedDuration>, ReadError> {
    let next = simulator.silence.upcoming(sender).await?;
    let until = |at: Timestamp| at.duration_since(Timestamp::now()).max(SignedDuration::ZERO);
    Ok(next.first().map(|next| until(next.at)))
}

/// Waits until nothing is due any more and everything that was said is on the
/// phone. Returns whether that came about in time.
async fn happens(simulator: &Simulator, sender: &Sender) -> Result<bool, ReadError> {
    let deadline = Instant::now() + HAPPENS_WITHIN;
    while Instant::now() < deadline {
        sleep(LOOK_EVERY).await;
        let until = until_next(simulator, sender).await?;
        if until.is_none_or(|until| !until.is_zero()) && !is_saying(simulator, sender).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a text waits to be sent to a person. The time of the next
/// reminder must not come before it.
async fn is_saying(simulator: &Simulator, sender: &Sender) -> Result<bool, ReadError> {
    let texts = simulator.transcript.texts(sender).await?;
    Ok(texts.iter().any(|text| matches!(text.state, State::Pending | State::Claimed)))
}
