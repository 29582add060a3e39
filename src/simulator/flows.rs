//! The flows as pictures, and where a phone stands in them.
//!
//! `GET /simulator/flows` answers with a picture of each flow that is served, and
//! `GET /simulator/place?phone=…` with the place of a phone. Both name the
//! version of the flows, so that a page notices when its pictures are out of date.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::asked_phone::AskedPhone;
use super::shared::{Shared, Simulator};
use super::transcript::ReadError;
use crate::conversation::diagram::Drawing;
use crate::conversation::{Standpoint, Told, short_hash, standpoint};
use crate::message::{Message, Sender, consent};
use crate::store::transcript::Entry;

/// The number of messages from which the way of a person is worked out.
const MESSAGES: u32 = 200;

/// The flows as pictures.
#[derive(Serialize)]
struct FlowsData {
    version: String,
    flows: Vec<Drawing>,
}

/// Where a phone stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PlaceData {
    /// The version of the flows that are served.
    version: String,
    #[serde(flatten)]
    standpoint: Standpoint,
}

impl PlaceData {
    /// Returns whether a conversation has ever begun.
    pub(super) fn has_begun(&self) -> bool {
        self.standpoint.flow.is_some()
    }
}

/// Answers with all flows that are served.
pub(super) async fn pictures(State(shared): State<Arc<Shared>>) -> Response {
    let (flows, hash) = shared.simulator.stage.flows();
    // Drawing long flows takes a moment, and messages must not wait for that.
    let drawn = spawn_blocking(move || flows.iter().map(Drawing::of).collect()).await;
    match drawn {
        Ok(flows) => Json(FlowsData { version: version(&hash), flows }).into_response(),
        Err(error) => {
            tracing::error!(%error, "the phone page could not draw the flows");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Answers with where a phone stands.
pub(super) async fn place(
    State(shared): State<Arc<Shared>>,
    AskedPhone(sender): AskedPhone,
) -> Response {
    match place_of(&shared.simulator, &sender).await {
        Ok(place) => Json(place).into_response(),
        Err(error) => {
            tracing::warn!(%error, "the phone page could not read where a phone stands");
            let complaint = "the place of the phone could not be read; try again\n";
            (StatusCode::SERVICE_UNAVAILABLE, complaint).into_response()
        }
    }
}

/// Returns where a sender stands.
pub(super) async fn place_of(
    simulator: &Simulator,
    sender: &Sender,
) -> Result<PlaceData, ReadError> {
    let session = simulator.stage.session(sender).await?.into_iter().next().unwrap_or_default();
    let entries = simulator.transcript.latest(sender, MESSAGES).await?;
    let told: Vec<Told> = entries.into_iter().filter_map(|entry| told(sender, entry)).collect();
    let (flows, hash) = simulator.stage.flows();
    let version = version(&hash);
    // It goes through every message again, and other messages must not wait for that.
    let standpoint = spawn_blocking(move || standpoint(&flows, &session, &told)).await?;
    Ok(PlaceData { version, standpoint })
}

fn version(hash: &str) -> String {
    short_hash(hash).to_owned()
}

/// Returns a message as it was taken, as far as the transcript keeps it. Returns
/// `None` if it has an address that no message can have.
fn told(sender: &Sender, entry: Entry) -> Option<Told> {
    let mut message = Message::text(&entry.message_id, sender.as_str(), "", &entry.body).ok()?;
    message.consent = consent::of_text(entry.channel, &entry.body);
    message.channel = entry.channel;
    message.media = entry.media;
    Some(Told {
        message,
        at: entry.received_at,
        before: entry.state_before,
        after: entry.state_after,
    })
}
