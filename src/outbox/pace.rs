//! How many segments a second leave one of our addresses.
//!
//! A text takes its turn when it is claimed, if the address is free by then: a
//! text that is never sent takes no turn from another. Where many texts wait,
//! each gets a time at which to come back, one after the other. These times are
//! only a forecast, and each process makes its own.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

/// How long before its turn a text is claimed, so that one transaction serves
/// several.
pub const AHEAD: Duration = Duration::from_millis(200);

/// The longest time after which a text that waits for its address comes back.
const FARTHEST: Duration = Duration::from_mins(5);

/// Segments a second if nothing is said.
pub const DEFAULT_RATE: u32 = 10;

/// The most segments a second that can be said.
pub const MAX_RATE: u32 = 10_000;

/// The rates of our addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    /// For those that have none of their own.
    pub default: u32,
    /// By address, as it is written in messages.
    pub by_address: BTreeMap<String, u32>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { default: DEFAULT_RATE, by_address: BTreeMap::new() }
    }
}

impl Rates {
    /// Returns how long an address is busy with so many segments.
    #[must_use]
    pub fn time_for(&self, address: &str, segments: u32) -> Duration {
        let rate = self.by_address.get(address).copied().unwrap_or(self.default).max(1);
        Duration::from_secs(segments.into()) / rate
    }
}

/// When each of some addresses of ours is free.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paces {
    /// `None`: nothing was ever sent from it.
    free_at: BTreeMap<String, Option<Timestamp>>,
    changed: BTreeMap<String, Timestamp>,
}

impl Paces {
    /// Returns the paces of these addresses, with the times that are known.
    #[must_use]
    pub fn new(addresses: Vec<String>, known: &BTreeMap<String, Timestamp>) -> Self {
        let free_at = addresses.into_iter().map(|address| {
            let at = known.get(&address).copied();
            (address, at)
        });
        Self { free_at: free_at.collect(), changed: BTreeMap::new() }
    }

    /// Returns when an address is free; `None` if it is not among these.
    #[must_use]
    pub fn free_at(&self, address: &str, now: Timestamp) -> Option<Timestamp> {
        self.free_at.get(address).map(|at| at.unwrap_or(now).max(now))
    }

    /// Takes the next turn at an address for so many segments.
    pub fn take(&mut self, rates: &Rates, address: &str, segments: u32, now: Timestamp) {
        let Some(slot) = self.free_at(address, now) else { return };
        let next = slot.saturating_add(rates.time_for(address, segments)).unwrap_or(Timestamp::MAX);
        self.free_at.insert(address.to_owned(), Some(next));
        self.changed.insert(address.to_owned(), next);
    }

    /// Returns the addresses whose time has changed, in order.
    #[must_use]
    pub fn into_changed(self) -> Vec<(String, Timestamp)> {
        self.changed.into_iter().collect()
    }
}

/// When texts that wait for their address come back, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    next: BTreeMap<String, Timestamp>,
}

impl Plan {
    /// Returns when a text with so many segments comes back to an address that is
    /// busy until `free_at`.
    pub fn place(
        &mut self,
        rates: &Rates,
        address: &str,
        segments: u32,
        (free_at, now): (Timestamp, Timestamp),
    ) -> Timestamp {
        let latest = now.saturating_add(FARTHEST).unwrap_or(Timestamp::MAX);
        let place = self.next.get(address).copied().unwrap_or(free_at).clamp(free_at, latest);
        let next = place.saturating_add(rates.time_for(address, segments));
        self.next.insert(address.to_owned(), next.unwrap_or(Timestamp::MAX));
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_millis(milliseconds)
    }

    #[test]
    fn texts_leave_an_address_one_after_the_other() {
        let rates = Rates { default: 10, by_address: BTreeMap::from([("+1".to_owned(), 2)]) };
        let now = at(0);
        let past = now - Duration::from_secs(9);
        let known = [("+2".to_owned(), at(1_000)), ("+3".to_owned(), past)];
        let addresses = ["+1", "+2", "+3", "+4"].map(str::to_owned);
        let mut paces = Paces::new(addresses.into(), &known.into());
        for (address, segments, expected) in [
            ("+1", 1, 0),
            ("+1", 3, 500),
            ("+1", 1, 2_000),
            ("+2", 1, 1_000),
            ("+2", 1, 1_100),
            ("+3", 1, 0),
            ("+4", 1, 0),
        ] {
            assert_eq!(paces.free_at(address, now), Some(at(expected)), "{address} {segments}");
            paces.take(&rates, address, segments, now);
        }
        assert_eq!(paces.free_at("+5", now), None);
        paces.take(&rates, "+5", 1, now);
        let changed: Vec<(String, Timestamp)> = paces.into_changed();
        let expected = [("+1", 2_500), ("+2", 1_200), ("+3", 100), ("+4", 100)];
        assert_eq!(changed, expected.map(|(address, time)| (address.to_owned(), at(time))));
    }

    #[test]
    fn texts_that_wait_come_back_one_after_the_other() {
        let rates = Rates { default: 10, by_address: BTreeMap::new() };
        let mut plan = Plan::default();
        let mut place = |address, segments, free_at, now| {
            plan.place(&rates, address, segments, (at(free_at), at(now)))
        };
        assert_eq!(place("+1", 1, 500, 0), at(500));
        assert_eq!(place("+1", 5, 500, 0), at(600));
        assert_eq!(place("+1", 1, 500, 0), at(1_100));
        assert_eq!(place("+2", 1, 500, 0), at(500));
        // The address has become busier than was planned, or it has become free.
        assert_eq!(place("+1", 1, 9_000, 0), at(9_000));
        assert_eq!(place("+1", 6_000, 9_000, 0), at(9_100));
        assert_eq!(place("+1", 1, 9_000, 0), at(0) + FARTHEST);
    }
}
