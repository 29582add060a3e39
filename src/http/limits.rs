//! The limits of every route except streams.

use std::time::Duration;

/// The largest request body in bytes. Twilio's bodies have a few thousand at most.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a request may take as a whole; Twilio waits 15 s.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(10);
