//! The transcript, as the page reads it.

use std::pin::Pin;

use crate::message::Sender;
use crate::store::Store;
use crate::store::transcript::Entry;

/// Reads transcripts. The store implements it.
pub trait Transcript: Send + Sync {
    /// Returns the newest `limit` turns of a sender, oldest first.
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a>;

    /// Returns the first `limit` turns of a sender after turn `after`, oldest first.
    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a>;
}

impl Transcript for Store {
    fn latest<'a>(&'a self, sender: &'a Sender, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.last_turns(sender, limit).await?) })
    }

    fn after<'a>(&'a self, sender: &'a Sender, after: i64, limit: u32) -> Reading<'a> {
        Box::pin(async move { Ok(self.turns_after(sender, after, limit).await?) })
    }
}

/// A transcript being read. The error's text must be fit for the log.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<Vec<Entry>, ReadError>> + Send + 'a>>;

/// Why a transcript could not be read.
pub type ReadError = Box<dyn std::error::Error + Send + Sync>;
