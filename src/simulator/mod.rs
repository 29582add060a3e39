//! The phone simulator: a page that plays a phone, and the routes behind it.
//!
//! Requests from the page are signed like requests from Twilio and pass through
//! the webhook's own router, so a real phone can do everything that the
//! simulator does. The page shows what is read from the transcript. It answers
//! requests with its [key](crate::web); the start decides whether it is on at
//! all. The bot, the store and the webhook are passed in.

mod account;
mod anew;
mod asked_phone;
mod choice;
mod delivery;
mod feed;
mod flows;
mod mishaps;
mod next_text;
mod now;
mod page;
mod phone;
mod provider;
mod provider_words;
mod report;
mod requests;
mod sent;
mod shared;
mod shop;
mod shown;
mod silence;
mod size;
mod stage;
mod transcript;
mod turns;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

pub use self::account::Account;
use self::next_text::NextTexts;
use self::phone::Files;
pub use self::requests::Requests;
use self::shared::Shared;
pub use self::shared::{FlowNews, FlowProblem, Simulator, StartWords};
pub use self::shop::{SHOP, shop_router};
pub use self::silence::{Done, Silence};
pub use self::stage::Stage;
pub use self::transcript::{ReadError, Reading, Transcript};
use crate::http::OfPage;
use crate::web::{Feeds, Lock, guarded};

/// The most live feeds that may be open at once; a further page is asked to
/// come back later.
const MAX_FEEDS: usize = 64;

/// Returns the page at `/`, and the routes that it uses.
pub fn router(mut simulator: Simulator) -> Router {
    simulator.webhook = simulator.webhook.layer(Extension(OfPage));
    let lock = Lock::new(simulator.key.clone(), simulator.address);
    let feeds = Feeds::new(MAX_FEEDS, simulator.shutdown.clone());
    let routes = Router::new()
        .route("/", get(page::index))
        .route("/simulator/{asset}", get(page::asset))
        .route("/simulator/events", get(feed::follow))
        .route("/simulator/messages", post(phone::send))
        .route("/simulator/files/{id}", get(phone::download))
        .route("/simulator/flows", get(flows::pictures))
        .route("/simulator/place", get(flows::place))
        .route("/simulator/turns", get(turns::list))
        .route("/simulator/chat", get(turns::chat_file))
        .route("/simulator/now", post(now::hasten))
        .route("/simulator/anew", post(anew::begin))
        .route("/simulator/next-text", post(choice::choose))
        .route("/simulator/requests", get(requests::list))
        .route("/simulator/mishaps", get(mishaps::menu).post(mishaps::play))
        .layer(DefaultBodyLimit::max(phone::MAX_REQUEST));
    let upload = post(phone::upload).layer(DefaultBodyLimit::max(phone::MAX_UPLOAD));
    let routes = routes.route("/simulator/files", upload);
    let (next_texts, files) = (NextTexts::default(), Files::default());
    let shared = Arc::new(Shared { simulator, feeds, next_texts, files });
    // The service itself comes there, with a token in place of the page's key.
    guarded(routes, lock).with_state(Arc::clone(&shared)).merge(provider::router(&shared))
}
