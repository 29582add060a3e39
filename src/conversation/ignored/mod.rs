//! Messages that move nothing and get no reply, whatever waits for them.

mod decide;

use jiff::{SignedDuration, Timestamp};

pub(super) use self::decide::why;
use super::flow::Flows;
use super::session::{Session, State};
use super::words::normalise;

/// Why a message is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// It is a reaction to something that we said.
    Reaction,
    /// The provider answers it, as it does HELP.
    Provider,
    /// It says once more what asked the question at hand a moment ago.
    Double,
    /// The conversation ended a short time ago, with an outcome after which it
    /// is quiet: the person may be spoken to by somebody else.
    Quiet,
}

impl Ignored {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Reaction, Self::Provider, Self::Double, Self::Quiet];
}

/// What is known of a message and its sender, beside what both hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the sender wants no messages on its line.
    pub opted_out: bool,
    /// Whether it is a reaction to something that we said to the sender.
    pub is_reaction: bool,
    /// Whether an equal text of the sender's asked the question at hand so short
    /// a time ago that the question can hardly have been read.
    pub is_double: bool,
}

/// Whether two texts say the same, as words are compared.
#[must_use]
pub fn say_the_same(one: &str, other: &str) -> bool {
    // Most pairs differ in their first letter, and need no closer look.
    let first = |text: &str| text.trim_start().bytes().next().filter(u8::is_ascii_alphanumeric);
    let differ = first(one).zip(first(other)).is_some_and(|(a, b)| !a.eq_ignore_ascii_case(&b));
    !differ && normalise(one) == normalise(other)
}

/// When the question at hand was asked, as far as the deadline of the
/// conversation tells; `None` where nothing waits.
#[must_use]
pub fn asked_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    let expires_at = session.expires_at.filter(|_| matches!(session.state, State::Waiting(_)))?;
    let flow = flows.get(session.outermost_flow()?)?;
    expires_at.checked_sub(SignedDuration::try_from(flow.expire).ok()?).ok()
}
