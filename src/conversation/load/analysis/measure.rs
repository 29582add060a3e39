//! What is added up along a turn: steps, or the UTF-16 units of texts.

/// How a turn is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// The number of steps that the turn passes.
    Steps,
    /// The most UTF-16 units of all texts.
    Everything,
    /// The most UTF-16 units of the texts that go out as one message. A text
    /// with media is a message of its own.
    OneMessage,
    /// The UTF-16 units of texts into which nobody writes an emoji. A message
    /// with media counts as full. Where even these do not fit, ten messages are
    /// never enough.
    Plain,
}

impl Measure {
    /// Adds up two stretches of a turn. A line break stands between two texts.
    pub(crate) fn join(self, one: u64, other: u64) -> u64 {
        let has_break = self != Self::Steps && one > 0 && other > 0;
        one + other + u64::from(has_break)
    }
}
