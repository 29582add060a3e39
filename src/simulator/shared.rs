//! The parts of the simulator, and the state that its handlers share.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::silence::Silence;
use super::transcript::Transcript;
use crate::bot::feed::Feed;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::AuthToken;
use crate::web::{Feeds, Key};

/// The parts of the simulator.
pub struct Simulator {
    /// The router that takes Twilio's requests: messages and reports.
    pub webhook: Router,
    /// The token with which the webhook checks signatures.
    pub token: AuthToken,
    /// The URL to which the webhook expects requests to be addressed.
    pub public_url: PublicUrl,
    /// The account that the messages name; an account of zeros if the webhook
    /// accepts any.
    pub account_sid: Option<String>,
    /// The account of the page's own Twilio; `None` if texts are sent otherwise.
    pub account: Option<Account>,
    /// The source of notices about transcripts that have grown.
    pub feed: Feed,
    /// The words that begin a conversation.
    pub start_words: StartWords,
    /// The transcripts.
    pub transcript: Arc<dyn Transcript>,
    /// What silence will do.
    pub silence: Arc<dyn Silence>,
    /// Ends the live feeds.
    pub shutdown: CancellationToken,
    /// The address on which the service listens.
    pub address: SocketAddr,
    /// The key that a request must bring.
    pub key: Key,
}

/// Returns the words that begin a conversation in the flows that are served now.
pub type StartWords = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// The state of every handler.
pub(super) struct Shared {
    pub(super) simulator: Simulator,
    pub(super) feeds: Feeds,
}
