//! How often a diagnosis is made.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The interval between two diagnoses.
const INTERVAL: Duration = Duration::from_secs(1);

/// Allows one diagnosis a second, so that a flood of forged requests costs
/// neither time nor log. The caller passes the time.
#[derive(Debug, Default)]
pub struct Limiter {
    last: Mutex<Option<Instant>>,
}

impl Limiter {
    /// Returns whether a request that is rejected `now` may be diagnosed.
    pub fn allow(&self, now: Instant) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let allowed = last.is_none_or(|last| now.saturating_duration_since(last) >= INTERVAL);
        if allowed {
            *last = Some(now);
        }
        allowed
    }
}
