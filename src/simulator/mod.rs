//! The phone simulator: a page that plays a phone, and the routes behind it.
//!
//! What the page sends is signed like a request of Twilio's and goes through
//! the webhook's own router, so nothing the simulator does is out of reach of
//! a real phone. What it shows is read from the transcript. It answers whoever
//! has its [key](crate::web), and whether it is on at all is the start's to
//! decide. The bot, the store and the webhook are handed in.

mod events;
mod messages;
mod page;
mod phone;
mod shared;
mod transcript;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use self::shared::Shared;
pub use self::shared::{Simulator, StartWords};
pub use self::transcript::{ReadError, Reading, Transcript};
use crate::web::{Feeds, Lock, guarded};

/// Live feeds that may be open at once; a page more is told to come back.
const MAX_FEEDS: usize = 64;

/// The page at `/`, and the routes that it uses.
pub fn router(simulator: Simulator) -> Router {
    let lock = Lock::new(simulator.key.clone(), simulator.address);
    let feeds = Feeds::new(MAX_FEEDS, simulator.shutdown.clone());
    let routes = Router::new()
        .route("/", get(page::index))
        .route("/simulator/{asset}", get(page::asset))
        .route("/simulator/events", get(events::follow))
        .route("/simulator/messages", post(messages::send))
        .layer(DefaultBodyLimit::max(messages::MAX_REQUEST));
    guarded(routes, lock).with_state(Arc::new(Shared { simulator, feeds }))
}
