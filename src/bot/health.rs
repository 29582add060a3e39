//! Whether the database takes messages, according to the most recent ones.
//!
//! There are two signs against it: it was away, or it rejected messages of more
//! than one sender and has taken none since. Rejections of one sender alone say
//! nothing, since the message itself may be at fault.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::message::Sender;

/// How long a failure counts against the database. If nobody writes, or nothing
/// is forwarded to a service that is not ready, only the next message can show
/// that it works again.
const FAILURE_COUNTS: Duration = Duration::from_secs(3);

/// The time and kind of the database's last failure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Troubles {
    away: Option<Instant>,
    rejecting: Option<Instant>,
}

impl Troubles {
    /// Returns whether the database failed a moment ago.
    pub(super) fn are_recent(&self, now: Instant) -> bool {
        let is_recent = |at: &Instant| now.saturating_duration_since(*at) < FAILURE_COUNTS;
        [self.away, self.rejecting].iter().flatten().any(is_recent)
    }
}

/// What the worker has seen of the database.
#[derive(Debug)]
pub(super) struct Health {
    troubles: watch::Sender<Troubles>,
    /// The sender of the first message that was rejected since one was taken.
    rejected: Option<Sender>,
    /// Whether another sender's message was rejected since.
    rejects_several: bool,
    /// What the batch at work has shown so far.
    has_taken: bool,
    has_rejected: bool,
}

impl Health {
    pub(super) fn new() -> (Self, watch::Receiver<Troubles>) {
        let (troubles, seen) = watch::channel(Troubles::default());
        let health = Self {
            troubles,
            rejected: None,
            rejects_several: false,
            has_taken: false,
            has_rejected: false,
        };
        (health, seen)
    }

    /// Records that a batch found no database.
    pub(super) fn is_away(&self, now: Instant) {
        self.troubles.send_modify(|troubles| troubles.away = Some(now));
    }

    /// Records that the database answered.
    pub(super) fn is_there(&self) {
        self.troubles.send_if_modified(|troubles| troubles.away.take().is_some());
    }

    /// Records that a turn was committed.
    pub(super) fn took(&mut self) {
        self.has_taken = true;
    }

    /// Records that a message of this sender was rejected.
    pub(super) fn rejected(&mut self, sender: &Sender) {
        self.has_rejected = true;
        match &self.rejected {
            Some(first) => self.rejects_several |= first != sender,
            None => self.rejected = Some(sender.clone()),
        }
    }

    /// Draws the conclusion at the end of a batch, since within a batch the
    /// order of rejected and taken messages is mere chance.
    pub(super) fn batch_done(&mut self, now: Instant) {
        let (has_taken, has_rejected) = (self.has_taken, self.has_rejected);
        (self.has_taken, self.has_rejected) = (false, false);
        if has_taken {
            (self.rejected, self.rejects_several) = (None, false);
            if self.troubles.send_if_modified(|troubles| troubles.rejecting.take().is_some()) {
                tracing::info!("the database takes messages again");
            }
        } else if has_rejected && self.rejects_several {
            let before = self.troubles.borrow().rejecting;
            self.troubles.send_modify(|troubles| troubles.rejecting = Some(now));
            if before.is_none() {
                tracing::error!(
                    "the database rejects every message, and /readyz is 503 until it takes one: \
                     the lines above say why"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Health {
        /// Plays a batch: `A` is a sender whose message was rejected, `+` a
        /// turn that was committed.
        fn play(&mut self, batch: &str, now: Instant) {
            for what in batch.chars() {
                match what {
                    '+' => self.took(),
                    name => self.rejected(&Sender::from_key(name.to_string())),
                }
            }
            self.batch_done(now);
        }
    }

    #[test]
    fn only_rejections_of_several_senders_count_against_the_database() {
        for (batches, is_well) in [
            (&[] as &[&str], true),
            (&["A"], true),
            (&["A", "A", "A"], true),
            (&["A", "B"], false),
            (&["AB"], false),
            (&["A", "", "B"], false),
            // Two poisoned messages with a good one.
            (&["AB+"], true),
            (&["+AB"], true),
            (&["A", "+", "B"], true),
            (&["A", "B", "+"], true),
            (&["A", "B", "+", "A"], true),
            (&["A", "B", "+", "C", "A"], false),
        ] {
            let (mut health, troubles) = Health::new();
            let now = Instant::now();
            for batch in batches {
                health.play(batch, now);
            }
            assert_eq!(!troubles.borrow().are_recent(now), is_well, "{batches:?}");
        }
    }

    #[test]
    fn a_failure_counts_for_some_seconds() {
        let (mut health, troubles) = Health::new();
        let (now, later) = (Instant::now(), Instant::now() + FAILURE_COUNTS);
        let are_recent = |at| troubles.borrow().are_recent(at);
        health.is_away(now);
        assert!(are_recent(now));
        health.is_there();
        assert!(!are_recent(now));
        health.play("AB", now);
        // An answer is not a turn: a flood is looked up, and never written.
        health.is_there();
        assert!(are_recent(now));
        assert!(!are_recent(later));
        // Nothing was taken since: one more rejection is enough.
        health.play("A", later);
        assert!(are_recent(later));
    }
}
