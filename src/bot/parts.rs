//! The parts of a bot.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::calls::Wanted;
use super::explanations::Explanations;
use super::number_hash::NumberHash;
use crate::conversation::Flows;
use crate::outbox::order::{Mode, Policy};
use crate::outbox::pace::Rates;
use crate::store::Store;

/// The clock that dates turns.
pub type Clock = fn() -> Timestamp;

/// The parts of a bot.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The migrated store for people and messages.
    pub store: Store,
    /// The flows.
    pub served: Served,
    /// The names of numbers in logs.
    pub number_hash: NumberHash,
    /// The current time.
    pub clock: Clock,
    /// How texts are sent that answer no message.
    pub sending: Sending,
    /// What stands before the names of callbacks in their URLs.
    pub callback_base: Arc<str>,
    /// Who makes the calls of committed turns.
    pub calls: mpsc::UnboundedSender<Wanted>,
    /// Where turns are explained; `None` if nobody looks at that.
    pub explanations: Option<Explanations>,
}

/// How texts are sent that answer no message.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Whether they are sent at all.
    pub policy: Policy,
    /// How fast.
    pub rates: Arc<Rates>,
}

impl Default for Sending {
    fn default() -> Self {
        Self { policy: Policy { mode: Mode::On, resends: false }, rates: Arc::default() }
    }
}

/// The flows that are served, and their version.
#[derive(Clone, Debug)]
pub struct Served {
    /// The flows.
    pub flows: Arc<Flows>,
    /// The hash of the version.
    pub hash: String,
    /// The version's place in the order of appearance, as stored.
    pub id: i64,
}
