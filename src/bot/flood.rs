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

use super::number_hash::NumberHash;
use crate::message::{Message, Sender, Wish};

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

/// How many senders there is room for at first: what a table of 16,384 places takes.
const ROOM: usize = 14_336;

/// So few messages of the last while are forgotten with their sender: thousands
/// of people who write a few each would fill the memory.
const FEW: u32 = 8;

/// What is known of senders' speed. It is kept small: under load there are a
/// hundred thousand senders who have not rested yet.
#[derive(Debug)]
pub(super) struct Flood {
    /// By a keyed hash of the sender: nobody can choose to share another's.
    meters: HashMap<u64, Meter>,
    /// When the log may name a sender again, by the same.
    tell_at: HashMap<u64, Tenths>,
    /// So many senders are kept before those who have been quiet are forgotten.
    room: usize,
    hash: RandomState,
    began: Instant,
}

/// One sender's speed, as the generic cell rate algorithm keeps it: when the
/// sender has used up nothing of each burst.
#[derive(Clone, Copy, Debug)]
struct Meter {
    fast: Tenths,
    long: Tenths,
}

/// Tenths of a second since the begin, for thirteen years.
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
    /// It is.
    Within,
    /// It is not; which one it is over, where the log should say so.
    Over { tell: Option<Over> },
}

/// What a sender overdoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// Writing fast.
    Speed,
    /// Going on.
    Length,
}

impl Over {
    /// Logs it.
    fn log(self, sender_hash: &str) {
        match self {
            Self::Speed => tracing::warn!(
                sender.hash = sender_hash,
                "a sender writes faster than people do, and gets no replies until it rests"
            ),
            Self::Length => tracing::warn!(
                sender.hash = sender_hash,
                "a sender writes on and on as machines do, and gets no replies until it rests"
            ),
        }
    }
}

impl Meter {
    /// Of a sender who has rested.
    fn new(now: Tenths) -> Self {
        Self { fast: now, long: now }
    }
}

impl Limit {
    /// Whether one more is too much for who rests at this time, with `waiting` others in hand.
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

    /// Judges the next message of a sender who has `waiting` others in hand.
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

    /// Whether a message meets silence, of whose sender so many are `in_hand`
    /// already. A wish to stop is heard at any speed.
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

    /// Keeps memory in bounds: who is quiet is forgotten before the table
    /// grows. There is more room only where most of it is in use, so that
    /// looking through all of it is seldom.
    fn forget(&mut self, now: Tenths) {
        let is_quiet =
            |meter: &Meter| meter.fast <= now && meter.long <= now.and(LONG.one_in * FEW);
        let left = self.meters.values().filter(|meter| !is_quiet(meter)).count();
        if left > self.room / 4 * 3 {
            self.room *= 2;
        } else if left < self.room / 8 {
            self.room = ROOM.max(self.room / 2);
        }
        // What is taken out of a table leaves traces, for which it would grow.
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
    fn a_flood_that_comes_all_at_once_is_told_once_as_well() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        let verdicts: Vec<Verdict> =
            (0..200).map(|n| flood.judge(&sender(0), n.min(FAST.burst), now)).collect();
        assert!(verdicts[..60].iter().all(|verdict| *verdict == Verdict::Within));
        assert_eq!(verdicts[60], Verdict::Over { tell: Some(Over::Speed) });
        assert!(verdicts[61..].iter().all(|verdict| *verdict == Verdict::Over { tell: None }));
    }

    #[test]
    fn who_has_been_quiet_is_forgotten() {
        let (mut flood, began) = (Flood::default(), Instant::now());
        // A table never holds more than there is room for, whatever came and went.
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
        // Who wrote just now is remembered.
        assert_ne!(
            flood.judge(&sender(6_990_000), 57, began + Duration::from_secs(699)),
            Verdict::Within
        );
    }
}
