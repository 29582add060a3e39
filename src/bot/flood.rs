//! A limit per sender: who writes faster than people do is met with silence.
//!
//! It also ends a conversation of two bots that answer each other for ever,
//! since silence is what a bot does not answer. Over SMS such a pair takes some
//! seconds for each message, as people do, but never tires: there is one limit
//! for who is fast, and one for who goes on for hours. Nobody else notices:
//! the limits are the sender's own. Only messages that were taken count, so
//! that repeats of one message, however many, never use them up.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use tokio::time::Instant;

use crate::message::Sender;

/// So many messages at any speed, and after that one in this time.
#[derive(Clone, Copy, Debug)]
struct Limit {
    burst: u32,
    one_in: Duration,
}

/// For who is faster than people are.
const FAST: Limit = Limit { burst: 60, one_in: Duration::from_secs(5) };

/// For who never rests: whoever writes four times a minute reaches it after
/// nearly three hours, a bot that answers within ten seconds after a hundred
/// minutes.
const LONG: Limit = Limit { burst: 500, one_in: Duration::from_mins(1) };

/// How often the log names the same sender.
const TELL_ONCE_IN: Duration = Duration::from_mins(10);

/// Above so many senders, those who have been quiet are forgotten.
const FORGET_ABOVE: usize = 10_000;

/// So few messages of the last while are forgotten with their sender: thousands
/// of people who write a few each would fill the memory.
const FEW: u32 = 8;

/// What is known of senders' speed. It is kept small: under load there are a
/// hundred thousand senders who have not rested yet.
#[derive(Debug)]
pub(super) struct Flood {
    /// By a keyed hash of the sender: nobody can choose to share another's.
    meters: HashMap<u64, Meter>,
    hash: RandomState,
    began: Instant,
    /// How many senders were left when the quiet ones were last forgotten.
    left: usize,
}

/// One sender's speed, as the generic cell rate algorithm keeps it: when the
/// sender has used up nothing of each burst. Times are those since the begin.
#[derive(Debug)]
struct Meter {
    fast: Milliseconds,
    long: Milliseconds,
    /// When the log may name the sender again.
    tell_at: Milliseconds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Milliseconds(u64);

impl Milliseconds {
    fn of(time: Duration) -> Self {
        Self(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }

    fn and(self, time: Duration) -> Self {
        Self(self.0.saturating_add(Self::of(time).0))
    }

    fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// Whether a message is within its sender's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is.
    Within,
    /// It is not; which one it is over, where the log should say so.
    Over { tell: Option<Over> },
}

/// What a sender overdoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// Writing fast.
    Speed,
    /// Going on.
    Length,
}

impl Limit {
    /// Whether one more is too much for who rests at this time, with `waiting` others in hand.
    fn is_reached(self, rested_at: Milliseconds, waiting: u32, now: Milliseconds) -> bool {
        let used = rested_at.since(now) + self.one_in * waiting;
        used > self.one_in * (self.burst - 1)
    }
}

impl Default for Flood {
    fn default() -> Self {
        let (meters, hash) = (HashMap::new(), RandomState::new());
        Self { meters, hash, began: Instant::now(), left: 0 }
    }
}

impl Flood {
    fn time(&self, now: Instant) -> Milliseconds {
        Milliseconds::of(now.saturating_duration_since(self.began))
    }

    /// Judges the next message of a sender who has `waiting` others in hand.
    pub(super) fn judge(&mut self, sender: &Sender, waiting: u32, now: Instant) -> Verdict {
        let now = self.time(now);
        let Some(meter) = self.meters.get_mut(&self.hash.hash_one(sender)) else {
            let is_over = FAST.is_reached(now, waiting, now);
            return if is_over { Verdict::Over { tell: None } } else { Verdict::Within };
        };
        let over = if FAST.is_reached(meter.fast, waiting, now) {
            Over::Speed
        } else if LONG.is_reached(meter.long, waiting, now) {
            Over::Length
        } else {
            return Verdict::Within;
        };
        let tell = (meter.tell_at <= now).then_some(over);
        if tell.is_some() {
            meter.tell_at = now.and(TELL_ONCE_IN);
        }
        Verdict::Over { tell }
    }

    /// Counts a message that was taken.
    pub(super) fn count(&mut self, sender: &Sender, now: Instant) {
        let now = self.time(now);
        let fresh = || Meter { fast: now, long: now, tell_at: now };
        let meter = self.meters.entry(self.hash.hash_one(sender)).or_insert_with(fresh);
        meter.fast = meter.fast.max(now).and(FAST.one_in);
        meter.long = meter.long.max(now).and(LONG.one_in);
        self.forget(now);
    }

    /// Keeps memory in bounds: looking through all senders costs only as often
    /// as their number doubles.
    fn forget(&mut self, now: Milliseconds) {
        if self.meters.len() > FORGET_ABOVE.max(2 * self.left) {
            self.meters.retain(|_, meter| {
                meter.fast.max(meter.tell_at) > now || meter.long > now.and(LONG.one_in * FEW)
            });
            self.left = self.meters.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(number: usize) -> Sender {
        Sender::from_address(&format!("+1415{number:07}")).unwrap()
    }

    /// How many of so many messages at this moment are taken.
    fn taken(flood: &mut Flood, messages: usize, now: Instant) -> usize {
        let sender = sender(0);
        (0..messages)
            .filter(|_| {
                let within = flood.judge(&sender, 0, now) == Verdict::Within;
                if within {
                    flood.count(&sender, now);
                }
                within
            })
            .count()
    }

    #[test]
    fn a_burst_passes_then_one_message_in_five_seconds() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        assert_eq!(taken(&mut flood, 100, now), 60);
        assert_eq!(taken(&mut flood, 100, now + Duration::from_secs(5)), 1);
        assert_eq!(taken(&mut flood, 100, now + Duration::from_mins(10)), 60);
    }

    #[test]
    fn messages_in_hand_are_as_good_as_taken() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        assert_eq!(flood.judge(&sender(0), 59, now), Verdict::Within);
        assert_ne!(flood.judge(&sender(0), 60, now), Verdict::Within);
        flood.count(&sender(0), now);
        assert_eq!(flood.judge(&sender(0), 58, now), Verdict::Within);
        assert_ne!(flood.judge(&sender(0), 59, now), Verdict::Within);
    }

    /// After how many messages somebody who writes one in so many seconds meets silence.
    fn silent_after(one_in: u64, strangers: usize) -> Option<u64> {
        let (mut flood, began) = (Flood::default(), Instant::now());
        (0..10_000).find(|n| {
            let now = began + Duration::from_secs(one_in * n);
            for stranger in 0..strangers {
                let number = usize::try_from(*n).unwrap() * strangers + stranger + 1;
                flood.count(&sender(number), now);
            }
            let is_over = flood.judge(&sender(0), 0, now) != Verdict::Within;
            if !is_over {
                flood.count(&sender(0), now);
            }
            is_over
        })
    }

    #[test]
    fn two_bots_that_answer_each_other_meet_silence_in_the_end_at_any_speed() {
        let after = [1, 4, 6, 10, 30, 60].map(|one_in| silent_after(one_in, 0));
        assert_eq!(after, [Some(74), Some(296), Some(555), Some(599), Some(999), None]);
        // Also where others come and go, and who is quiet is forgotten.
        assert_eq!(silent_after(6, 200), Some(555));
    }

    #[test]
    fn one_sender_s_flood_is_not_another_s_and_is_told_once() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        taken(&mut flood, 60, now);
        let told = (0..1_000)
            .filter(|_| matches!(flood.judge(&sender(0), 0, now), Verdict::Over { tell: Some(_) }))
            .count();
        assert_eq!(told, 1);
        assert_eq!(flood.judge(&sender(1), 0, now), Verdict::Within);
    }

    #[test]
    fn who_has_been_quiet_is_forgotten() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        for number in 0..5 * FORGET_ABOVE {
            let at = u32::try_from(number).unwrap();
            flood.count(&sender(number), now + Duration::from_millis(1) * at);
        }
        assert!(flood.meters.len() <= 2 * FORGET_ABOVE + 1, "{}", flood.meters.len());
    }
}
