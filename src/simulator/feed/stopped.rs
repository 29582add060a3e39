//! Why a feed ends.

use crate::simulator::transcript::ReadError;
use crate::web::Closed;

/// Why a stream ends. The page reconnects and continues after its last turns.
pub(super) enum Stopped {
    /// The page or the service is gone.
    Closed,
    /// The transcript could not be read.
    Unreadable(ReadError),
}

impl From<Closed> for Stopped {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<ReadError> for Stopped {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}
