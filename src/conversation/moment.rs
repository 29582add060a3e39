//! The moment of a turn: what comes from outside beside the event.

use jiff::Timestamp;

/// The time of a turn, and the callback that a conversation may get in it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The time.
    pub now: Timestamp,
    /// Where third parties can call back.
    pub callbacks: Callbacks<'a>,
}

/// Where third parties can call back.
#[derive(Clone, Copy, Debug)]
pub struct Callbacks<'a> {
    /// What stands before a name in a URL.
    pub base: &'a str,
    /// A name that nobody knows yet, for a conversation that shows its first
    /// callback in this turn. One is enough: only an early result passes a wait
    /// within a turn, and a callback of this turn has none yet.
    pub fresh: &'a str,
}

impl Callbacks<'_> {
    /// For flows that wait for no callback.
    pub const NONE: Self = Self { base: "", fresh: "" };
}

/// A moment for flows that wait for no callback.
impl From<Timestamp> for Moment<'_> {
    fn from(now: Timestamp) -> Self {
        Self { now, callbacks: Callbacks::NONE }
    }
}
