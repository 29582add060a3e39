//! What a person's conversation waits for: an answer, the next thing that silence
//! does, and the callback of a third party.

use std::pin::Pin;

use super::transcript::Reading;
use crate::bot::{Bot, Shift};
use crate::conversation::{Awaited, Offer, Upcoming};
use crate::message::Sender;
use crate::store::Store;

/// Tells what silence will do. The bot with its store implements it.
pub trait Silence: Send + Sync {
    /// Returns what silence will do to a sender, in order.
    fn upcoming<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Upcoming>;

    /// Returns the callback that a sender's conversation waits for.
    fn awaited<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Awaited>;

    /// Returns the options of the question that a sender is asked.
    fn options<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Offer>;

    /// Shifts the conversation of one sender. The service's clock stays as it is.
    fn shift(&self, sender: Sender, shift: Shift) -> Done<'_>;
}

impl Silence for (Bot, Store) {
    fn upcoming<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Upcoming> {
        Box::pin(async move {
            let person = self.1.person(sender).await?;
            Ok(person.map(|person| self.0.upcoming(&person.session)).unwrap_or_default())
        })
    }

    fn awaited<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Awaited> {
        Box::pin(async move {
            let person = self.1.person(sender).await?;
            Ok(person.and_then(|person| self.0.awaited(&person.session)).into_iter().collect())
        })
    }

    fn options<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Offer> {
        Box::pin(async move {
            let person = self.1.person(sender).await?;
            Ok(person.map(|person| self.0.options(&person.session)).unwrap_or_default())
        })
    }

    fn shift(&self, sender: Sender, shift: Shift) -> Done<'_> {
        Box::pin(self.0.shift(sender, shift))
    }
}

/// Something being done, and whether the person could be served.
pub type Done<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
