//! Looks again where another process was at the same work.
//!
//! A lock of the server keeps processes apart that migrate at once. The nodes of
//! a cluster share no such lock: there, what another process did meanwhile shows
//! as a conflict, or as something that is there already or not there yet.

use std::time::Duration;

use tokio::time::sleep;

/// The rests between one look and the next, in milliseconds: a quarter
/// of a minute in all. The changes of a table take a server some seconds.
const RESTS: [u64; 14] =
    [50, 100, 200, 400, 800, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500, 1_500];

/// How often it is still looked.
#[derive(Debug)]
pub(super) struct Patience(std::array::IntoIter<u64, 14>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(RESTS.into_iter())
    }

    /// Rests before the next look; false, and at once, where there is none.
    pub(super) async fn rest(&mut self) -> bool {
        match self.0.next() {
            Some(rest) => sleep(Duration::from_millis(rest)).await,
            None => return false,
        }
        true
    }
}
