//! What silence will do to a person, and making it come now.

use std::pin::Pin;

use super::transcript::Reading;
use crate::bot::Bot;
use crate::conversation::Upcoming;
use crate::message::Sender;
use crate::store::Store;

/// Tells what silence will do. The bot with its store implements it.
pub trait Silence: Send + Sync {
    /// Returns what silence will do to a sender, in order.
    fn upcoming<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Upcoming>;

    /// Moves the next of it to now. The service's clock stays as it is.
    fn hasten(&self, sender: Sender) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

impl Silence for (Bot, Store) {
    fn upcoming<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Upcoming> {
        Box::pin(async move {
            let person = self.1.person(sender).await?;
            Ok(person.map(|person| self.0.upcoming(&person.session)).unwrap_or_default())
        })
    }

    fn hasten(&self, sender: Sender) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.hasten(sender))
    }
}
