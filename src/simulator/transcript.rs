//! The transcript, as the page reads it.

use std::pin::Pin;

use crate::message::Sender;
use crate::outbox::text::Text;
use crate::store::Store;
use crate::store::transcript::Entry;

/// Reads transcripts. The store implements it.
pub trait Transcript: Send + Sync {
    /// Returns the newest `limit` turns of a sender, oldest first.
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a>;

    /// Returns the first `limit` turns of a sender after turn `after`, oldest first.
    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a>;

    /// Returns the texts of a sender that answer no message, oldest first.
    fn texts<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Text>;
}

impl Transcript for Store {
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.last_turns(sender, limit).await?) })
    }

    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.turns_after(sender, after, limit).await?) })
    }

    fn texts<'a>(&'a self, sender: &'a Sender) -> Reading<'a, Text> {
        Box::pin(async move { Ok(self.texts_of(sender).await?) })
    }
}

/// A part of a transcript being read. The error's text must be fit for the log.
pub type Reading<'a, T = Entry> =
    Pin<Box<dyn Future<Output = Result<Vec<T>, ReadError>> + Send + 'a>>;

/// Why a transcript could not be read.
pub type ReadError = Box<dyn std::error::Error + Send + Sync>;
