//! `GET /simulator/mishaps` lists what can go wrong. `POST /simulator/mishaps` lets
//! one of these things go wrong on one phone, and says what the service did and why
//! that is right.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::play::{Played, Unplayed, Who, play as play_out};
use super::what::{What, Words, table};
use crate::simulator::phone::{Phone, PhoneChannel, is_json};
use crate::simulator::requests::{Kept, Word, readable, took_ms};
use crate::simulator::shared::Shared;

/// The request of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    phone: Phone,
    channel: PhoneChannel,
    what: What,
}

/// An entry of the menu.
#[derive(Serialize)]
struct Entry {
    #[serde(flatten)]
    words: &'static Words,
    /// Why it cannot be played in this service, if it cannot.
    unfit: Option<String>,
}

/// What the service did with one request.
#[derive(Serialize)]
struct Answer {
    /// Its number in the list of requests.
    number: u64,
    status: u16,
    took_ms: f64,
    body: String,
    verdict: Word,
}

/// What became of a mishap.
#[derive(Serialize)]
struct Outcome {
    /// What the service did last.
    #[serde(flatten)]
    last: Answer,
    /// What it did before that.
    before: Vec<Answer>,
    /// How many requests there were.
    count: usize,
    /// Whether the service did what it should.
    is_right: bool,
    /// Why that is right, or what happened instead.
    why: String,
}

impl Answer {
    fn of(kept: &Kept) -> Self {
        Self {
            number: kept.number,
            status: kept.status,
            took_ms: took_ms(kept.took_micros),
            body: readable(&kept.answer.bytes),
            verdict: kept.judgement.word,
        }
    }
}

/// Returns what can go wrong.
pub(in crate::simulator) async fn menu(State(shared): State<Arc<Shared>>) -> Response {
    let has_account = shared.simulator.account_sid.is_some();
    let unfit = |what| {
        let is_unfit = what == What::OtherAccount && !has_account;
        is_unfit.then(|| Unplayed::AnyAccount.to_string())
    };
    let entries = table().iter().map(|words| Entry { words, unfit: unfit(words.what) });
    Json(entries.collect::<Vec<Entry>>()).into_response()
}

/// Plays a mishap.
pub(in crate::simulator) async fn play(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    if !is_json(&headers) {
        let complaint = "the page posts mishaps as `application/json`\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, complaint).into_response();
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let Wanted { phone, channel, what } = match Json::from_bytes(&body) {
        Ok(Json(wanted)) => wanted,
        Err(rejection) => return rejection.into_response(),
    };
    let sender = match phone.sender() {
        Ok(sender) => sender,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    let who = Who { simulator: &shared.simulator, phone, channel, sender };
    match play_out(what, &who).await {
        Ok(played) => of_played(what, &played),
        Err(unplayed) => refuse(&unplayed),
    }
}

fn of_played(what: What, played: &Played) -> Response {
    let Some((last, before)) = played.answers.split_last() else {
        return refuse(&Unplayed::Forgotten);
    };
    let why = if played.is_right {
        what.words().right.to_owned()
    } else {
        // Something else got in the way: a limit, or a database that is away.
        last.judgement.why.clone().unwrap_or_default()
    };
    let before = before.iter().map(|kept| Answer::of(kept)).collect();
    let (last, count, is_right) = (Answer::of(last), played.count, played.is_right);
    Json(Outcome { last, before, count, is_right, why }).into_response()
}

fn refuse(unplayed: &Unplayed) -> Response {
    let status = match unplayed {
        Unplayed::NoMessage
        | Unplayed::NoOldRequest
        | Unplayed::AnyAccount
        | Unplayed::DatabaseThere => StatusCode::CONFLICT,
        Unplayed::Late => StatusCode::GATEWAY_TIMEOUT,
        Unplayed::Forgotten => StatusCode::SERVICE_UNAVAILABLE,
        Unplayed::Failed(error) => {
            tracing::error!(%error, "the phone page could not play what can go wrong");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    (status, format!("{unplayed}\n")).into_response()
}
