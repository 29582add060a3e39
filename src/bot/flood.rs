//! A limit per sender: who writes faster than people do is met with silence.
//!
//! It also ends a conversation of two bots that answer each other for ever,
//! since silence is what a bot does not answer. Nobody else notices: the limit
//! is the sender's own. Only messages that were taken count, so that repeats
//! of one message, however many, never use it up.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::message::Sender;

/// Messages that a sender may write at any speed.
const BURST: u32 = 60;

/// After that, one message in this time.
const ONE_IN: Duration = Duration::from_secs(5);

/// How often the log names the same sender.
const TELL_ONCE_IN: Duration = Duration::from_mins(10);

/// Above so many senders, those who have been quiet are forgotten.
const FORGET_ABOVE: usize = 10_000;

/// What is known of senders' speed.
#[derive(Debug, Default)]
pub(super) struct Flood {
    meters: HashMap<Sender, Meter>,
    /// How many senders were left when the quiet ones were last forgotten.
    left: usize,
}

/// One sender's speed, as the generic cell rate algorithm keeps it.
#[derive(Debug)]
struct Meter {
    /// When the sender has used up nothing of the burst.
    rested_at: Instant,
    /// When the log may name the sender again.
    tell_at: Instant,
}

/// Whether a message is within its sender's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is.
    Within,
    /// It is not; `tell` where the log should say so.
    Over { tell: bool },
}

impl Flood {
    /// Judges the next message of a sender who has `waiting` others in hand.
    pub(super) fn judge(&mut self, sender: &Sender, waiting: u32, now: Instant) -> Verdict {
        let Some(meter) = self.meters.get_mut(sender) else {
            return if waiting < BURST { Verdict::Within } else { Verdict::Over { tell: false } };
        };
        let used = meter.rested_at.saturating_duration_since(now) + ONE_IN * waiting;
        if used <= ONE_IN * (BURST - 1) {
            return Verdict::Within;
        }
        let tell = meter.tell_at <= now;
        if tell {
            meter.tell_at = now + TELL_ONCE_IN;
        }
        Verdict::Over { tell }
    }

    /// Counts a message that was taken.
    pub(super) fn count(&mut self, sender: &Sender, now: Instant) {
        let fresh = || Meter { rested_at: now, tell_at: now };
        let meter = self.meters.entry(sender.clone()).or_insert_with(fresh);
        meter.rested_at = meter.rested_at.max(now) + ONE_IN;
        self.forget(now);
    }

    /// Keeps memory in bounds: looking through all senders costs only as often
    /// as their number doubles.
    fn forget(&mut self, now: Instant) {
        if self.meters.len() > FORGET_ABOVE.max(2 * self.left) {
            self.meters.retain(|_, meter| meter.rested_at.max(meter.tell_at) > now);
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

    #[test]
    fn one_sender_s_flood_is_not_another_s_and_is_told_once() {
        let (mut flood, now) = (Flood::default(), Instant::now());
        taken(&mut flood, 60, now);
        let told = (0..1_000)
            .filter(|_| flood.judge(&sender(0), 0, now) == Verdict::Over { tell: true })
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
