//! A limit per sender: who writes faster than people do is met with silence.
//!
//! It also ends a conversation of two bots that answer each other for ever,
//! since silence is what a bot does not answer. Nobody else notices: the limit
//! is the sender's own, and what is over it never reaches the queue's other
//! messages. A repeat of a message that was taken still gets its reply.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::message::Sender;

/// Messages that a sender may write at any speed.
const BURST: NonZeroU32 = NonZeroU32::new(60).expect("60 is not zero");

/// After that, one message in this time.
const ONE_IN: Duration = Duration::from_secs(5);

/// How often the log names the same sender.
const TELL_ONCE_IN: Duration = Duration::from_mins(10);

/// Of so many senders the ones that have been quiet are forgotten.
const FORGET_ABOVE: usize = 10_000;

type Limiter<C> =
    RateLimiter<Sender, HashMapStateStore<Sender>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// What is known of senders' speed.
pub(super) struct Flood<C: Clock = MonotonicClock> {
    messages: Limiter<C>,
    tellings: Limiter<C>,
    /// How many senders were known when the quiet ones were last forgotten.
    known: usize,
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
    pub(super) fn new() -> Self {
        Self::with_clock(&MonotonicClock)
    }
}

impl<C: Clock + Clone> Flood<C> {
    fn with_clock(clock: &C) -> Self {
        let once_in = |period| Quota::with_period(period).unwrap_or(Quota::per_second(BURST));
        let limiter =
            |quota| RateLimiter::new(quota, HashMapStateStore::default(), C::clone(clock));
        Self {
            messages: limiter(once_in(ONE_IN).allow_burst(BURST)),
            tellings: limiter(once_in(TELL_ONCE_IN)),
            known: 0,
        }
    }

    /// Counts one message.
    pub(super) fn judge(&mut self, sender: &Sender) -> Verdict {
        if self.messages.check_key(sender).is_ok() {
            self.forget();
            return Verdict::Within;
        }
        Verdict::Over { tell: self.tellings.check_key(sender).is_ok() }
    }

    /// Keeps memory in bounds: only who wrote lately is kept, and looking
    /// through all of them costs only as often as their number doubles.
    fn forget(&mut self) {
        let now_known = self.messages.len();
        if now_known > FORGET_ABOVE.max(2 * self.known) {
            self.messages.retain_recent();
            self.tellings.retain_recent();
            self.known = self.messages.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn sender(number: usize) -> Sender {
        Sender::from_address(&format!("+1415{number:07}")).unwrap()
    }

    fn within(flood: &mut Flood<FakeRelativeClock>, messages: usize) -> usize {
        let sender = sender(0);
        (0..messages).filter(|_| flood.judge(&sender) == Verdict::Within).count()
    }

    #[test]
    fn a_burst_passes_then_one_message_in_five_seconds() {
        let clock = FakeRelativeClock::default();
        let mut flood = Flood::with_clock(&clock);
        assert_eq!(within(&mut flood, 100), 60);
        clock.advance(Duration::from_secs(5));
        assert_eq!(within(&mut flood, 100), 1);
        clock.advance(Duration::from_mins(10));
        assert_eq!(within(&mut flood, 100), 60);
    }

    #[test]
    fn one_sender_s_flood_is_not_another_s_and_is_told_once() {
        let mut flood = Flood::with_clock(&FakeRelativeClock::default());
        let told =
            (0..1_000).filter(|_| flood.judge(&sender(0)) == Verdict::Over { tell: true }).count();
        assert_eq!(told, 1);
        assert_eq!(flood.judge(&sender(1)), Verdict::Within);
    }

    #[test]
    fn who_has_been_quiet_is_forgotten() {
        let clock = FakeRelativeClock::default();
        let mut flood = Flood::with_clock(&clock);
        for number in 0..5 * FORGET_ABOVE {
            flood.judge(&sender(number));
            clock.advance(Duration::from_millis(1));
        }
        assert!(flood.messages.len() <= 2 * FORGET_ABOVE + 1, "{}", flood.messages.len());
    }
}
