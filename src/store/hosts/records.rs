//! What is remembered about the hosts of a list: which ones to avoid, for how
//! long, and why.

use std::time::Duration;

use tokio::time::Instant;

use crate::store::StoreError;

/// How long a host is avoided after a failure. It is still tried if all others
/// fail as well.
const REST: Duration = Duration::from_secs(5);

/// The longest rest of a host that fails again and again while it is used. It
/// may accept connections and no message, as with a full disk.
const LONGEST_REST: Duration = Duration::from_mins(5);

/// One record for each host, in the order of the list.
#[derive(Debug)]
pub(super) struct Records(Vec<Record>);

#[derive(Clone, Debug, Default)]
struct Record {
    avoided_until: Option<Instant>,
    why: String,
    /// Whether it did not answer when it failed last.
    is_silent: bool,
    /// When it failed last while it was used, and the rest after that.
    lost: Option<(Instant, Duration)>,
}

impl Record {
    fn is_avoided(&self, now: Instant) -> bool {
        self.avoided_until.is_some_and(|until| now < until)
    }
}

impl Records {
    pub(super) fn of(hosts: usize) -> Self {
        Self(vec![Record::default(); hosts])
    }

    /// Returns the hosts in the order in which they are tried: the present one,
    /// then the others as listed, and those that are avoided at the end. Of these
    /// the silent ones come last: waiting for one may take all the time of a batch,
    /// while another host can be written to again.
    pub(super) fn order(&self, present: Option<usize>, now: Instant) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|host| {
            let is_avoided = self.is_avoided(*host, now);
            (is_avoided, is_avoided && self.0[*host].is_silent, Some(*host) != present)
        });
        order
    }

    /// Records that a host took no connection, or cannot be written to.
    pub(super) fn passed_over(&mut self, host: usize, error: &StoreError, now: Instant) {
        let record = &mut self.0[host];
        record.avoided_until = record.avoided_until.max(Some(now + REST));
        record.why = error.reason();
        record.is_silent = error.is_late();
    }

    /// Records that a host failed while it was used.
    pub(super) fn lost(&mut self, host: usize, error: &StoreError, now: Instant) {
        let record = &mut self.0[host];
        let rest = match record.lost {
            Some((at, rest)) if now < at + rest + LONGEST_REST => (2 * rest).min(LONGEST_REST),
            _ => REST,
        };
        *record = Record {
            avoided_until: Some(now + rest),
            why: error.reason(),
            is_silent: error.is_late(),
            lost: Some((now, rest)),
        };
    }

    /// Records that a host can be written to.
    pub(super) fn answered(&mut self, host: usize, now: Instant) {
        let record = &mut self.0[host];
        record.avoided_until = record.avoided_until.min(Some(now));
    }

    pub(super) fn is_avoided(&self, host: usize, now: Instant) -> bool {
        self.0[host].is_avoided(now)
    }

    /// Returns whether there is a host that need not be avoided.
    pub(super) fn is_any_left(&self, now: Instant) -> bool {
        self.0.iter().any(|record| !record.is_avoided(now))
    }

    /// Returns the hosts that are avoided, and why.
    pub(super) fn avoided(&self, now: Instant) -> impl Iterator<Item = (usize, &str)> {
        let hosts = self.0.iter().enumerate();
        hosts
            .filter(move |(_, record)| record.is_avoided(now))
            .map(|(host, record)| (host, &record.why[..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(why: &str) -> StoreError {
        StoreError::Unavailable(why.to_owned())
    }

    #[test]
    fn those_that_failed_are_tried_last() {
        let (mut records, now) = (Records::of(3), Instant::now());
        assert_eq!(records.order(None, now), [0, 1, 2]);
        assert_eq!(records.order(Some(1), now), [1, 0, 2]);
        records.passed_over(0, &failed("gone"), now);
        assert_eq!(records.order(None, now), [1, 2, 0]);
        records.lost(1, &failed("full"), now);
        assert_eq!(records.order(Some(1), now), [2, 1, 0]);
        assert!(records.is_any_left(now));
        records.passed_over(2, &failed("read-only"), now);
        assert!(!records.is_any_left(now));
        let avoided: Vec<_> = records.avoided(now).collect();
        assert_eq!(avoided, [(0, "gone"), (1, "full"), (2, "read-only")]);
        records.answered(2, now);
        assert_eq!(records.order(Some(1), now), [2, 1, 0]);
        assert_eq!(records.order(Some(1), now + REST), [1, 0, 2]);
    }

    #[test]
    fn those_that_are_silent_are_tried_after_those_that_answer() {
        let (mut records, now) = (Records::of(3), Instant::now());
        records.lost(0, &StoreError::late(), now);
        records.passed_over(1, &StoreError::late(), now);
        records.passed_over(2, &failed("read-only"), now);
        assert_eq!(records.order(Some(0), now), [2, 0, 1]);
        // One that answers again is not silent, whatever it says.
        records.passed_over(1, &failed("read-only"), now);
        assert_eq!(records.order(Some(0), now), [1, 2, 0]);
        assert_eq!(records.order(Some(0), now + REST), [0, 1, 2]);
    }

    #[test]
    fn one_that_fails_again_and_again_rests_longer() {
        let (mut records, mut now) = (Records::of(2), Instant::now());
        for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
            records.lost(0, &StoreError::late(), now);
            let rest = Duration::from_secs(seconds);
            assert!(records.is_avoided(0, now + rest - Duration::from_millis(1)), "{seconds}");
            now += rest;
            assert!(!records.is_avoided(0, now), "{seconds}");
        }
        // To take no connection is no reason for a longer rest, nor for a shorter one.
        records.passed_over(0, &StoreError::late(), now);
        assert!(!records.is_avoided(0, now + REST));
        records.lost(0, &StoreError::late(), now);
        records.passed_over(0, &StoreError::late(), now);
        assert!(records.is_avoided(0, now + 2 * REST));
        // One that worked for some minutes begins afresh.
        now += 3 * LONGEST_REST;
        records.lost(0, &StoreError::late(), now);
        assert!(!records.is_avoided(0, now + REST));
    }
}
