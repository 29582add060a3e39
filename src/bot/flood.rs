//! A limit for each sender: a sender who writes faster than people do meets silence.
//!
//! The limit also ends a conversation of two bots that answer each other
//! forever, since a bot does not answer silence. Over SMS such a pair takes
//! some seconds for each message, as people do, but never tires. Therefore
//! there is one limit for speed, and one for writing for hours. Nobody else
//! notices, because the limits are counted for each sender. Only messages that
//! were taken count, so repeats of one message never use up the limits.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::Duration;

use tokio::time::Instant;

use super::number_hash::NumberHash;
use crate::message::{Message, Sender, Wish};

/// A number of messages at any speed, and after that one message in this time.
#[derive(Clone, Copy, Debug)]
struct Limit {
    burst: u32,
    one_in: Duration,
}

/// The limit for senders who write faster than people do.
const FAST: Limit = Limit { burst: 60, one_in: Duration::from_secs(5) };

/// The limit for senders who never rest. A sender who writes four times a
/// minute reaches it after nearly three hours, and a bot that answers within
/// ten seconds after a hundred minutes.
const LONG: Limit = Limit { burst: 500, one_in: Duration::from_mins(1) };

/// How often the log names the same sender.
const TELL_ONCE_IN: Duration = Duration::from_mins(10);

/// The initial room for senders: the capacity of a table with 16,384 slots.
const ROOM: usize = 14_336;

/// A sender with no more recent messages than this is forgotten: thousands of
/// people who write a few messages each would fill the memory.
const FEW: u32 = 8;

/// The speed of each sender. It is kept small, since under load a hundred
/// thousand senders have not rested yet.
#[derive(Debug)]
pub(super) struct Flood {
    /// By a keyed hash of the sender, so that nobody can choose to share
    /// another sender's meter.
    meters: HashMap<u64, Meter>,
    /// The time from which the log may name a sender again, by the same hash.
    tell_at: HashMap<u64, Tenths>,
    /// The number of senders that are kept before quiet ones are forgotten.
    room: usize,
    hash: RandomState,
    began: Instant,
}

/// A sender's speed in the form of the generic cell rate algorithm: the time at
/// which the sender has used up nothing of each burst.
#[derive(Clone, Copy, Debug)]
struct Meter {
    fast: Tenths,
    long: Tenths,
}

/// Tenths of a second since the start, enough for thirteen years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tenths(u32);

impl Tenths {
    fn of(time: Duration) -> Self {
        Self(u32::try_from(time.as_millis() / 100).unwrap_or(u32::MAX))
    }

    fn and(self, time: Duration) -> Self {
        Self(self.0.saturating_add(Self::of(time).0))
    }

    fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(100) * self.0.saturating_sub(earlier.0)
    }
}

/// Whether a message is within its sender's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The message is within the limits.
    Within,
    /// The message exceeds a limit, which `tell` names if the log should report it.
    Over { tell: Option<Over> },
}

/// The limit that a sender exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// The limit on speed.
    Speed,
    /// The limit on duration.
    Length,
}

impl Over {
    /// Logs the limit.
    fn log(self, sender_hash: &str) {
        match self {
            Self::Speed => tracing::warn!(
                sender.hash = sender_hash,
                "a sender writes faster than people do, and gets no replies until it rests"
            ),
            Self::Length => tracing::warn!(
                sender.hash = sender_hash,
                "a sender keeps writing as machines do, and gets no replies until it rests"
            ),
        }
    }
}

impl Meter {
    /// Returns the meter of a sender who has rested.
    fn new(now: Tenths) -> Self {
        Self { fast: now, long: now }
    }
}

impl Limit {
    /// Returns whether one more message is too much for a sender who has rested at this time, with
    /// `waiting` others at work.
    fn is_reached(self, rested_at: Tenths, waiting: u32, now: Tenths) -> bool {
        let used = rested_at.since(now) + self.one_in * waiting;
        used > self.one_in * (self.burst - 1)
    }
}

impl Default for Flood {
    fn default() -> Self {
        let (meters, tell_at) = (HashMap::new(), HashMap::new());
        Self { meters, tell_at, room: ROOM, hash: RandomState::new(), began: Instant::now() }
    }
}

impl Flood {
    fn time(&self, now: Instant) -> Tenths {
        Tenths::of(now.saturating_duration_since(self.began))
    }

    /// Judges the next message of a sender who has `waiting` others at work.
    fn judge(&mut self, sender: &Sender, waiting: u32, now: Instant) -> Verdict {
        let now = self.time(now);
        let key = self.hash.hash_one(sender);
        let meter = self.meters.get(&key).copied().unwrap_or(Meter::new(now));
        let over = if FAST.is_reached(meter.fast, waiting, now) {
            Over::Speed
        } else if LONG.is_reached(meter.long, waiting, now) {
            Over::Length
        } else {
            return Verdict::Within;
        };
        let tell_at = self.tell_at.entry(key).or_insert(now);
        let tell = (*tell_at <= now).then_some(over);
        if tell.is_some() {
            *tell_at = now.and(TELL_ONCE_IN);
        }
        Verdict::Over { tell }
    }

    /// Returns whether a message meets silence, if `in_hand` messages of its
    /// sender are at work already. A wish to stop is accepted at any speed.
    pub(super) fn meets(
        &mut self,
        message: &Message,
        in_hand: &mut HashMap<Sender, u32>,
        now: Instant,
        number_hash: &NumberHash,
    ) -> bool {
        if message.consent.is_some_and(|consent| consent.wish == Wish::Stop) {
            return false;
        }
        let in_hand = in_hand.entry(message.sender.clone()).or_default();
        let Verdict::Over { tell } = self.judge(&message.sender, *in_hand, now) else {
            *in_hand += 1;
            return false;
        };
        if let Some(over) = tell {
            over.log(&number_hash.of(&message.sender));
        }
        true
    }

    /// Counts a message that was taken.
    pub(super) fn count(&mut self, sender: &Sender, now: Instant) {
        let now = self.time(now);
        let key = self.hash.hash_one(sender);
        if self.meters.len() >= self.room {
            self.forget(now);
        }
        let meter = self.meters.entry(key).or_insert(Meter::new(now));
        meter.fast = meter.fast.max(now).and(FAST.one_in);
        meter.long = meter.long.max(now).and(LONG.one_in);
    }

    /// Keeps memory bounded: quiet senders are forgotten before the table
    /// grows. It grows only if most of it is in use, so that the whole table is
    /// searched rarely.
    fn forget(&mut self, now: Tenths) {
        let is_quiet =
            |meter: &Meter| meter.fast <= now && meter.long <= now.and(LONG.one_in * FEW);
        let left = self.meters.values().filter(|meter| !is_quiet(meter)).count();
        if left > self.room / 4 * 3 {
            self.room *= 2;
        } else if left < self.room / 8 {
            self.room = ROOM.max(self.room / 2);
        }
        // Entries removed from a table leave traces, for which it would grow.
        let mut meters = HashMap::with_capacity(self.room);
        meters.extend(self.meters.drain().filter(|(_, meter)| !is_quiet(meter)));
        self.meters = meters;
        self.tell_at.retain(|_, at| *at > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(number: usize) -> Sender {
        Sender::from_address(&format!("+1415{number:07}")).unwrap()
    }

    /// Returns how many of these messages at this moment are taken.
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

    /// Returns after how many messages a sender who writes one in this many seconds meets silence.
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
        // The same while other senders come and go, and quiet ones are forgotten.
        assert_eq!(silent_after(6, 200), Some(555));
    }

    #[test]
    fn a_flood_of_one_sender_affects_no_other_and_is_logged_once() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        taken(&mut flood, 60, now);
        let told = (0..1_000)
            .filter(|_| matches!(flood.judge(&sender(0), 0, now), Verdict::Over { tell: Some(_) }))
            .count();
        assert_eq!(told, 1);
        assert_eq!(flood.judge(&sender(1), 0, now), Verdict::Within);
    }

    #[test]
    fn a_flood_that_arrives_all_at_once_is_logged_once_as_well() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        let verdicts: Vec<Verdict> =
            (0..200).map(|n| flood.judge(&sender(0), n.min(FAST.burst), now)).collect();
        assert!(verdicts[..60].iter().all(|verdict| *verdict == Verdict::Within));
        assert_eq!(verdicts[60], Verdict::Over { tell: Some(Over::Speed) });
        assert!(verdicts[61..].iter().all(|verdict| *verdict == Verdict::Over { tell: None }));
    }

    #[test]
    fn quiet_senders_are_forgotten() {
        let (mut flood, began) = (Flood::default(), Instant::now());
        // A table never holds more than its room, whatever has come and gone.
        for (seconds, newcomers, room) in
            [(0..60, 500, ROOM), (60..90, 4_000, 8 * ROOM), (90..700, 200, 2 * ROOM)]
        {
            for second in seconds.clone() {
                let now = began + Duration::from_secs(second);
                for number in 0..newcomers {
                    let number = usize::try_from(second).unwrap() * 10_000 + number;
                    for _ in 0..3 {
                        flood.count(&sender(number), now);
                    }
                }
            }
            assert_eq!(flood.room, room, "{seconds:?}");
            assert!(flood.meters.capacity() <= room, "{}", flood.meters.capacity());
        }
        // A sender who wrote just now is remembered.
        assert_ne!(
            flood.judge(&sender(6_990_000), 57, began + Duration::from_secs(699)),
            Verdict::Within
        );
    }
}
