//! How many requests may be under way at the same time.
//!
//! The provider limits concurrent requests and does not publish the limit. So
//! there are few, half as many after each 429, and one more after each success.
//! While the account itself is refused, only one text a minute tries it.

use std::time::Duration;

use tokio::time::Instant;

use crate::twilio::rest::codes;
use crate::twilio::rest::outcome::{NotSent, Outcome, Refused};

/// The most requests at the same time.
const MOST: usize = 10;

/// How long nothing is sent after the account was refused.
const REFUSED_FOR: Duration = Duration::from_mins(1);

/// How many texts in a row become unknown before the provider counts as in trouble.
const IN_TROUBLE: u32 = 5;

/// How long nothing is sent then.
const TROUBLE_LASTS: Duration = Duration::from_secs(10);

/// The codes that refuse the account, whatever the text is.
const OF_THE_ACCOUNT: [u32; 5] = [20_003, 20_005, 20_008, 20_404, 30_002];

/// How many requests may be under way.
#[derive(Debug)]
pub(super) struct Throttle {
    most: usize,
    /// Until when nothing is sent.
    paused_until: Option<Instant>,
    /// How many texts in a row became unknown.
    unknown: u32,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { most: MOST, paused_until: None, unknown: 0 }
    }
}

impl Throttle {
    /// Returns how many more requests may begin, besides those under way.
    pub(super) fn room(&self, under_way: usize, now: Instant) -> usize {
        match self.paused_until {
            Some(until) if now < until => 0,
            Some(_) => usize::from(under_way == 0),
            None => self.most.saturating_sub(under_way),
        }
    }

    /// Learns from an answer.
    pub(super) fn learn(&mut self, outcome: &Outcome, now: Instant) {
        let is_unknown = matches!(outcome, Outcome::Unknown(_));
        self.unknown = if is_unknown { self.unknown + 1 } else { 0 };
        match outcome {
            Outcome::NotSent(NotSent::Busy { .. }) => self.most = (self.most / 2).max(1),
            // A provider in trouble would make texts unknown as fast as they come.
            Outcome::Unknown(_) => {
                self.most = (self.most / 2).max(1);
                if self.unknown >= IN_TROUBLE {
                    self.paused_until = Some(now + TROUBLE_LASTS);
                }
            }
            Outcome::Refused(refused) if is_of_the_account(refused) => {
                self.paused_until = Some(now + REFUSED_FOR);
                let why = refused.code.and_then(codes::meaning);
                let why = why.map_or("Nothing at this address takes texts.", |why| why.sentence);
                tracing::error!(
                    status = refused.status,
                    code = refused.code,
                    why,
                    "the provider refuses the account: other texts wait, and one a minute tries again"
                );
            }
            Outcome::Sent(_) | Outcome::Refused(_) => {
                self.most = (self.most + 1).min(MOST);
                self.paused_until = None;
            }
            Outcome::NotSent(_) => {}
        }
    }
}

fn is_of_the_account(refused: &Refused) -> bool {
    match refused.code {
        Some(code) => OF_THE_ACCOUNT.contains(&code),
        None => matches!(refused.status, 300..=399 | 401 | 403..=405 | 407),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::rest::codes::Class;
    use crate::twilio::rest::outcome::{Doubt, Sent};
    use crate::twilio::rest::status::Status;

    fn sent() -> Outcome {
        Outcome::Sent(Sent { sid: None, status: Status::Queued, segments: None })
    }

    fn refused(code: u32) -> Outcome {
        Outcome::Refused(Refused { status: 400, code: Some(code), class: Class::Permanent })
    }

    #[tokio::test]
    async fn a_busy_provider_gets_fewer_requests() {
        let now = Instant::now();
        let mut throttle = Throttle::default();
        let busy = Outcome::NotSent(NotSent::Busy { retry_after: None });
        assert_eq!(throttle.room(3, now), 7);
        for most in [5, 2, 1, 1] {
            throttle.learn(&busy, now);
            assert_eq!(throttle.room(0, now), most);
        }
        assert_eq!(throttle.room(9, now), 0);
        for most in (2..=10).chain([10]) {
            throttle.learn(&sent(), now);
            assert_eq!(throttle.room(0, now), most);
        }
    }

    #[tokio::test]
    async fn a_provider_in_trouble_is_left_alone_for_a_while() {
        let now = Instant::now();
        let mut throttle = Throttle::default();
        let unknown = Outcome::Unknown(Doubt::NoAnswer);
        for room in [5, 2, 1, 1, 0] {
            throttle.learn(&unknown, now);
            assert_eq!(throttle.room(0, now), room);
        }
        let later = now + TROUBLE_LASTS;
        assert_eq!((throttle.room(0, later), throttle.room(1, later)), (1, 0));
        throttle.learn(&unknown, later);
        assert_eq!(throttle.room(0, later), 0);
        throttle.learn(&sent(), later);
        assert_eq!(throttle.room(0, later), 2);
    }

    #[tokio::test]
    async fn a_refused_account_is_tried_once_a_minute() {
        let now = Instant::now();
        let mut throttle = Throttle::default();
        throttle.learn(&refused(21_211), now);
        assert_eq!(throttle.room(0, now), 10);
        throttle.learn(&refused(20_003), now);
        assert_eq!(throttle.room(0, now + Duration::from_secs(59)), 0);
        let later = now + REFUSED_FOR;
        assert_eq!((throttle.room(0, later), throttle.room(1, later)), (1, 0));
        throttle.learn(&sent(), later);
        assert_eq!(throttle.room(0, later), 10);
    }
}
