//! The limits that every route has. Only what streams is without them.

use std::time::Duration;

/// The largest request body in bytes. Twilio's are a few thousand at most.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a request may take as a whole; Twilio waits 15 s.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(10);
