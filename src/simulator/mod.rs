//! The phone simulator: a page that plays a phone, and the routes behind it.
//!
//! What the page sends is signed like a request of Twilio's and goes through
//! the webhook's own router, so nothing the simulator does is out of reach of
//! a real phone. What it shows is read from the transcript. It answers whoever
//! has its key (`key`, `guard`), and whether it is on at all is the start's to
//! decide. The bot, the store and the webhook are handed in.

mod events;
mod guard;
mod key;
mod messages;
mod page;
mod phone;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub use self::key::Key;
use self::key::Lock;
use crate::bot::feed::Feed;
use crate::message::Sender;
use crate::store::Store;
use crate::store::transcript::Entry;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::AuthToken;

/// Live feeds that may be open at once; a page more is told to come back.
const MAX_FEEDS: usize = 64;

/// What the simulator stands on.
pub struct Simulator {
    /// The router that takes Twilio's requests.
    pub webhook: Router,
    /// The key that the webhook checks signatures with.
    pub token: AuthToken,
    /// Where the webhook takes requests to be addressed to.
    pub public_url: PublicUrl,
    /// The account that messages claim to come from; one of zeros where the
    /// webhook takes any.
    pub account_sid: Option<String>,
    /// Says whose transcript has grown.
    pub feed: Feed,
    /// The words that begin a conversation.
    pub start_words: StartWords,
    /// What was said.
    pub transcript: Arc<dyn Transcript>,
    /// Ends the live feeds.
    pub shutdown: CancellationToken,
    /// Where the service listens.
    pub address: SocketAddr,
    /// What a request must bring.
    pub key: Key,
}

/// Names the words that begin a conversation in the flows that are served now.
pub type StartWords = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// Reads back what was said. The store's to implement.
pub trait Transcript: Send + Sync {
    /// The newest `limit` turns of a sender, oldest first.
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a>;

    /// The first `limit` turns of a sender after turn `after`, oldest first.
    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a>;
}

impl Transcript for Store {
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.last_turns(sender, limit).await?) })
    }

    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.turns_after(sender, after, limit).await?) })
    }
}

/// A transcript being read. The error's text must be fit for the log.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Vec<Entry>, ReadError>> + Send + 'a>>;

/// Why a transcript could not be read.
pub type ReadError = Box<dyn std::error::Error + Send + Sync>;

/// The page at `/`, and the routes that it uses.
pub fn router(simulator: Simulator) -> Router {
    let lock = Arc::new(Lock::new(simulator.key.clone(), simulator.address));
    let state = Arc::new(Shared { simulator, feeds: Arc::new(Semaphore::new(MAX_FEEDS)) });
    Router::new()
        .route("/", get(page::index))
        .route("/simulator/{asset}", get(page::asset))
        .route("/simulator/events", get(events::follow))
        .route("/simulator/messages", post(messages::send))
        .layer(DefaultBodyLimit::max(messages::MAX_REQUEST))
        // `route_layer`, because `layer` would also wrap the fallback of the
        // router that this one is merged into.
        .route_layer(middleware::from_fn(move |request, next| {
            let lock = Arc::clone(&lock);
            async move { guard::guard(&lock, request, next).await }
        }))
        .with_state(state)
}

/// What every handler sees.
struct Shared {
    simulator: Simulator,
    feeds: Arc<Semaphore>,
}
