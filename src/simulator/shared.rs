//! The parts of the simulator, and the state that its handlers share.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::account::Account;
use super::next_text::{NextText, NextTexts};
use super::phone::Files;
use super::requests::Requests;
use super::silence::Silence;
use super::stage::Stage;
use super::transcript::Transcript;
use crate::bot::feed::{Feed, News, Notice};
use crate::message::Sender;
use crate::twilio::public_url::PublicUrl;
use crate::twilio::signature::AuthToken;
use crate::web::{Feeds, Key};

/// The parts of the simulator.
pub struct Simulator {
    /// The router that takes Twilio's requests: messages and reports. Those of the
    /// page are marked as its own.
    pub webhook: Router,
    /// The requests that came in, from this page and from elsewhere.
    pub requests: Requests,
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
    /// What became of the flow files when they were read last.
    pub flows_read: watch::Receiver<FlowNews>,
    /// The words that begin a conversation.
    pub start_words: StartWords,
    /// The transcripts.
    pub transcript: Arc<dyn Transcript>,
    /// What silence will do.
    pub silence: Arc<dyn Silence>,
    /// The flows, and where people stand in them.
    pub stage: Arc<dyn Stage>,
    /// Ends the live feeds.
    pub shutdown: CancellationToken,
    /// The address on which the service listens.
    pub address: SocketAddr,
    /// The key that a request must bring.
    pub key: Key,
}

/// What became of flow files that were read again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FlowNews {
    /// Why they are not served; `None` if they are.
    pub problem: Option<FlowProblem>,
}

/// Why flow files that were read again are not served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlowProblem {
    /// What is wrong, and what happens now.
    pub summary: &'static str,
    /// The details, as a terminal shows them.
    pub details: String,
}

/// Returns the words that begin a conversation in the flows that are served now.
pub type StartWords = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// The state of every handler.
pub(super) struct Shared {
    pub(super) simulator: Simulator,
    pub(super) feeds: Feeds,
    pub(super) next_texts: NextTexts,
    pub(super) files: Files,
}

impl Shared {
    /// Chooses what becomes of the next text by REST to a phone.
    pub(super) fn choose_next_text(&self, sender: Sender, becomes: NextText) {
        self.next_texts.choose(sender.clone(), becomes);
        self.tell_pages(sender);
    }

    /// Returns what becomes of a text that has just come for this address. The
    /// one after it is delivered.
    pub(super) fn take_next_text(&self, address: &str) -> NextText {
        let Ok(sender) = Sender::from_address(address) else { return NextText::default() };
        let next = self.next_texts.take(&sender);
        self.tell_pages(sender);
        next
    }

    /// Lets the pages of a phone look again.
    fn tell_pages(&self, sender: Sender) {
        self.simulator.feed.publish(Notice { sender, news: News::Texts });
    }
}
