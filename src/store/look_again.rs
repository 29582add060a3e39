//! Repeats a look if another process did the same work at the same time.
//!
//! A lock of the server separates processes that migrate at once. The nodes of
//! a cluster share no such lock: there, the work of another process appears as
//! a conflict, or as an object that exists already or not yet.

use std::time::Duration;

use tokio::time::sleep;

/// The pauses between two looks, in milliseconds: a quarter of a minute in all.
/// A server needs some seconds to change the tables.
const RESTS: [u64; 14] =
    [50, 100, 200, 400, 800, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500];

/// The remaining looks.
#[derive(Debug)]
pub(super) struct Patience(std::array::IntoIter<u64, 14>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(RESTS.into_iter())
    }

    /// Pauses before the next look; returns false at once if there is none.
    pub(super) async fn rest(&mut self) -> bool {
        match self.0.next() {
            Some(rest) => sleep(Duration::from_millis(rest)).await,
            None => return false,
        }
        true
    }
}
