//! What a bot is made of.

use std::sync::Arc;

use jiff::Timestamp;

use super::number_hash::NumberHash;
use crate::conversation::Flows;
use crate::store::Store;

/// The clock that turns are dated by.
pub type Clock = fn() -> Timestamp;

/// What a bot is made of.
#[derive(Clone, Debug)]
pub struct Parts {
    /// Where people and messages are kept; migrated.
    pub store: Store,
    /// The conversations.
    pub served: Served,
    /// How numbers are named in logs.
    pub number_hash: NumberHash,
    /// What time it is.
    pub clock: Clock,
}

/// Flows that are served, and which version they are.
#[derive(Clone, Debug)]
pub struct Served {
    /// The flows.
    pub flows: Arc<Flows>,
    /// What the version is known by.
    pub hash: String,
    /// Its place in the order in which versions appeared, as the store keeps it.
    pub id: i64,
}
