//! The flows that are served, where a person stands in them, and why.

use std::sync::Arc;

use super::transcript::Reading;
use crate::bot::Bot;
use crate::conversation::{Explained, Flows, Session};
use crate::message::Sender;
use crate::store::Store;

/// Says which flows are served, where each person stands in them, and why. The bot
/// with its store implements it.
pub trait Stage: Send + Sync {
    /// Returns the flows that are served, and the hash of their version.
    fn flows(&self) -> (Arc<Flows>, String);

    /// Returns the session of a sender, if they have one.
    fn session<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Session>;

    /// Returns what explains the newest turns of a sender, oldest first.
    fn explained(&self, sender: &Sender) -> Vec<Arc<Explained>>;
}

impl Stage for (Bot, Store) {
    fn flows(&self) -> (Arc<Flows>, String) {
        let served = self.0.served();
        (served.flows, served.hash)
    }

    fn session<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Session> {
        Box::pin(async move {
            let person = self.1.person(sender).await?;
            Ok(person.map(|person| person.session).into_iter().collect())
        })
    }

    fn explained(&self, sender: &Sender) -> Vec<Arc<Explained>> {
        self.0.explained(sender)
    }
}
