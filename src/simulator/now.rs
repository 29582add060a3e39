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
use crate::bot::Shift;
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
    if minutes.is_some_and(|minutes| !(1..=MOST_MINUTES).contains(&minutes)) {
        let complaint = format!("1 to {MOST_MINUTES} minutes can pass at once\n");
        return (StatusCode::BAD_REQUEST, complaint).into_response();
    }
    let moved = match minutes {
        None => next_happens(&shared.simulator, sender).await,
        Some(minutes) => {
            let time = SignedDuration::from_mins(i64::from(minutes));
            pass(&shared.simulator, &sender, time).await
        }
    };
    let complaint = match moved {
        Ok(()) => return StatusCode::NO_CONTENT.into_response(),
        Err(NotMoved::Unserved) => "the phone could not be served just now; try again\n",
        Err(NotMoved::Unread(error)) => {
            tracing::warn!(%error, "the phone page could not let time pass");
            "the database is not available; try again\n"
        }
    };
    (StatusCode::SERVICE_UNAVAILABLE, complaint).into_response()
}

/// Why time could not be moved for a sender.
enum NotMoved {
    /// The database is away, or another message of the sender was being answered.
    Unserved,
    /// What is to come could not be read.
    Unread(ReadError),
}

impl From<ReadError> for NotMoved {
    fn from(error: ReadError) -> Self {
        Self::Unread(error)
    }
}

async fn next_happens(simulator: &Simulator, sender: Sender) -> Result<(), NotMoved> {
    simulator.silence.shift(sender, Shift::Next).await.then_some(()).ok_or(NotMoved::Unserved)
}

/// Lets time pass for a sender. The things that silence does in that time happen one
/// after the other, as they really would. In one leap, two reminders would become
/// one.
async fn pass(
    simulator: &Simulator,
    sender: &Sender,
    time: SignedDuration,
) -> Result<(), NotMoved> {
    let moves = async |by: SignedDuration| {
        let moved = simulator.silence.shift(sender.clone(), Shift::By(by)).await;
        moved.then_some(()).ok_or(NotMoved::Unserved)
    };
    let mut left = time;
    for _ in 0..MOST_EVENTS {
        let Some(until) = until_next(simulator, sender).await?.filter(|until| *until <= left)
        else {
            break;
        };
        moves(until).await?;
        left -= until;
        if !happens(simulator, sender).await? {
            break;
        }
    }
    moves(left).await
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
