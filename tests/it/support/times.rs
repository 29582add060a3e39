//! How long many things took: printed, and where much room is left, bounded.

use std::fmt;
use std::time::Duration;

/// How long each of many things took.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// The time that so many in a hundred took at most.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).copied().unwrap_or_default()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99, max) = (self.at(50), self.at(99), self.at(100));
        write!(f, "{} (p50 {p50:.1?}, p99 {p99:.1?}, max {max:.1?})", self.0.len())
    }
}

#[test]
fn times_are_told_by_how_many_they_suffice_for() {
    let times = Times::of((1..=200).rev().map(Duration::from_millis).collect());
    assert_eq!(times.to_string(), "200 (p50 100.0ms, p99 198.0ms, max 200.0ms)");
    assert_eq!(Times::of(Vec::new()).to_string(), "0 (p50 0.0ns, p99 0.0ns, max 0.0ns)");
}
