//! The flows that are served, and where a person stands in them.

use std::sync::Arc;

use super::transcript::Reading;
use crate::bot::Bot;
use crate::conversation::{Flows, Session};
use crate::message::Sender;
use crate::store::Store;

/// Says which flows are served, and where each person stands in them. The bot with
/// its store implements it.
pub trait Stage: Send + Sync {
    /// Returns the flows that are served, and the hash of their version.
    fn flows(&self) -> (Arc<Flows>, String);

    /// Returns the session of a sender, if they have one.
    fn session<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Session>;
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
}
