//! How long one attempt waits for an address and a connection, and how long the
//! next attempt waits.

use std::time::Duration;

/// How long the parts of a call may take. The time limit of the call counts
/// above all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait for the addresses of a name.
    pub addresses: Duration,
    /// The longest wait for a connection, TLS included. A host that swallows
    /// packets leaves time for another attempt.
    pub connection: Duration,
    /// The pause after each attempt. The last one counts for all further ones.
    pub pauses: [Duration; 3],
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            addresses: Duration::from_secs(5),
            connection: Duration::from_secs(5),
            pauses: [1, 2, 4].map(Duration::from_secs),
        }
    }
}

impl Patience {
    /// Returns the pause after an attempt, the first of which is 0.
    pub fn pause(&self, attempt: usize) -> Duration {
        let [.., last] = self.pauses;
        self.pauses.get(attempt).copied().unwrap_or(last)
    }
}
