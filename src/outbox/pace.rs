//! How many segments a second leave one of our addresses.
//!
//! Each text gets its turn when it is looked at first: the time at which the
//! address is free, which then moves on by the text's segments. So a long queue
//! at one address is looked at once, and holds up no other.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

/// How long before its turn a text is claimed, so that one transaction serves
/// several.
pub const AHEAD: Duration = Duration::from_millis(200);

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

    /// Gives a text with so many segments its turn at an address; `None` if the
    /// address is not among these.
    pub fn slot(
        &mut self,
        rates: &Rates,
        address: &str,
        segments: u32,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let free_at = self.free_at.get_mut(address)?;
        let slot = free_at.unwrap_or(now).max(now);
        let next = slot.saturating_add(rates.time_for(address, segments)).unwrap_or(Timestamp::MAX);
        *free_at = Some(next);
        self.changed.insert(address.to_owned(), next);
        Some(slot)
    }

    /// Returns the addresses whose time has changed, in order.
    #[must_use]
    pub fn into_changed(self) -> Vec<(String, Timestamp)> {
        self.changed.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_leave_an_address_one_after_the_other() {
        let rates = Rates { default: 10, by_address: BTreeMap::from([("+1".to_owned(), 2)]) };
        let now = Timestamp::UNIX_EPOCH;
        let at = |milliseconds| now + Duration::from_millis(milliseconds);
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
            let slot = paces.slot(&rates, address, segments, now);
            assert_eq!(slot, Some(at(expected)), "{address} {segments}");
        }
        assert_eq!(paces.slot(&rates, "+5", 1, now), None);
        let changed: Vec<(String, Timestamp)> = paces.into_changed();
        let expected = [("+1", 2_500), ("+2", 1_200), ("+3", 100), ("+4", 100)];
        assert_eq!(changed, expected.map(|(address, time)| (address.to_owned(), at(time))));
    }
}
