//! Chance that a seed repeats.

use std::ops::Range;

/// `SplitMix64` (Steele, Lea and Flood: Fast splittable pseudorandom number
/// generators, 2014): small, and good enough to choose moments.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of these numbers.
    pub(crate) fn of(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// Whether something happens that happens once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }

    /// Another chance, which goes its own way from here.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }
}

#[test]
fn the_same_seed_is_the_same_chance() {
    let numbers = |seed| {
        let mut chance = Chance::new(seed);
        [chance.next(), chance.split().next(), chance.of(3..9)]
    };
    assert_eq!(numbers(1), numbers(1));
    assert_ne!(numbers(1), numbers(2));
    // The first number from seed 0 in the algorithm's reference implementation.
    assert_eq!(Chance::new(0).next(), 0xe220_a839_7b1d_cdaf);
}
