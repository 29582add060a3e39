//! How often a diagnosis is made.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a request may be diagnosed.
const INTERVAL: Duration = Duration::from_secs(1);

/// Lets one diagnosis a second through, so that a flood of forged requests
/// costs neither time nor log. The time is told to it.
#[derive(Debug, Default)]
pub struct Limiter {
    last: Mutex<Option<Instant>>,
}

impl Limiter {
    /// Whether a request that is rejected `now` may be diagnosed.
    pub fn allow(&self, now: Instant) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let allowed = last.is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if allowed {
            *last = Some(now);
        }
        allowed
    }
}
