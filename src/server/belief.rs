//! Whether the clock by which old messages are deleted can be believed.
//!
//! To a clock that is half a year ahead every message is old. Therefore the
//! earlier of this machine's clock and the database server's counts, and it is
//! doubted if it is far ahead of what the database knows. The doubt ends when
//! the clock is corrected, or when the process has run for half a day in which
//! the clock did not jump: a clock that is wrong at a start is corrected within
//! minutes.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::config::Retention;
use crate::store::Times;

/// How far a running service's clock may be ahead of its last round.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// How long a clock that does not jump is doubted.
const STEADY_FOR: Duration = Duration::from_hours(12);

/// How much further than the process a clock may have moved between two looks.
const JUMP: SignedDuration = SignedDuration::from_hours(1);

/// One look at this machine's clocks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The time that the clock shows.
    pub time: Timestamp,
    /// How long the process has run, which nobody can set.
    pub running: Duration,
}

/// Why the clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The clock is far ahead of the time at which old messages were deleted last.
    Ahead {
        /// The time that the clock shows.
        now: Timestamp,
        /// The time of the last deletion.
        kept: Timestamp,
    },
    /// By this clock even the newest message is old, and all would be deleted.
    AllOld {
        /// The time that the clock shows.
        now: Timestamp,
        /// The time at which that message was received.
        newest: Timestamp,
    },
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M:%S UTC");
        match self {
            Self::Ahead { now, kept } => write!(
                f,
                "the clock says {}, and old messages were last looked for at {}",
                shown(now),
                shown(kept)
            ),
            Self::AllOld { now, newest } => write!(
                f,
                "the clock says {}, by which even the newest message is old, which was received at {}",
                shown(now),
                shown(newest)
            ),
        }
    }
}

/// Returns the time that counts: the earlier one.
pub(super) fn time(ours: Timestamp, times: &Times) -> Timestamp {
    times.clock.map_or(ours, |theirs| ours.min(theirs))
}

/// Returns the doubt about this time, if any.
pub(super) fn doubt(
    now: Timestamp,
    times: &Times,
    retention: Retention,
    ahead: SignedDuration,
) -> Option<Doubt> {
    let kept = times.retention_kept.filter(|kept| now.duration_since(*kept) > ahead);
    let newest = times.last_message.filter(|newest| *newest < retention.before(now));
    match (kept, newest) {
        (Some(kept), _) => Some(Doubt::Ahead { now, kept }),
        (_, Some(newest)) => Some(Doubt::AllOld { now, newest }),
        (None, None) => None,
    }
}

/// How the clock has moved since the process began.
#[derive(Debug)]
pub(super) struct Belief {
    last: Look,
    /// The time since which it has not jumped.
    steady_since: Duration,
}

impl Belief {
    pub(super) fn since(look: Look) -> Self {
        Self { last: look, steady_since: look.running }
    }

    /// Returns the time, or why it is not believed.
    pub(super) fn judge(
        &mut self,
        look: Look,
        times: &Times,
        retention: Retention,
    ) -> Result<Timestamp, Doubt> {
        let by_clock = look.time.duration_since(self.last.time);
        let ran = look.running.saturating_sub(self.last.running);
        let ran = SignedDuration::try_from(ran).unwrap_or(SignedDuration::MAX);
        if by_clock.saturating_sub(ran).abs() > JUMP {
            self.steady_since = look.running;
        }
        self.last = look;
        let now = time(look.time, times);
        let is_steady = look.running.saturating_sub(self.steady_since) >= STEADY_FOR;
        match doubt(now, times, retention, AHEAD) {
            Some(doubt) if !is_steady => Err(doubt),
            _ => Ok(now),
        }
    }
}
