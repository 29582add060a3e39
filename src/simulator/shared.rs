//! What the simulator is made of, and what its handlers share.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;

use super::transcript::Transcript;
use crate::bot::feed::Feed;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::AuthToken;
use crate::web::{Feeds, Key};

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

/// What every handler sees.
pub(super) struct Shared {
    pub(super) simulator: Simulator,
    pub(super) feeds: Feeds,
}
