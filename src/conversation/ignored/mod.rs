//! Messages that move nothing and get no reply, whatever waits for them.

mod decide;

use jiff::{SignedDuration, Timestamp};

pub(super) use self::decide::why;
use super::flow::Flows;
use super::session::{Session, State};
use super::words::normalise;

/// The reason why a message is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// It is a reaction to something that we said.
    Reaction,
    /// The provider answers it, as it does HELP.
    Provider,
    /// It repeats the text that caused the current question a moment ago.
    Double,
    /// The conversation ended a short time ago, with an outcome after which the
    /// flow is quiet: a colleague may be writing to the person.
    Quiet,
}

impl Ignored {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Reaction, Self::Provider, Self::Double, Self::Quiet];
}

/// Facts about a message and its sender that neither the message nor the
/// session holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the sender wants no messages on its line.
    pub opted_out: bool,
    /// Whether it is a reaction to something that we said to the sender.
    pub is_reaction: bool,
    /// Whether the sender's same text caused the current question so recently
    /// that they can hardly have read the question.
    pub is_double: bool,
}

/// Returns whether two texts are the same, normalised.
#[must_use]
pub fn say_the_same(one: &str, other: &str) -> bool {
    // Most pairs differ in their first letter, and need no closer look.
    let first = |text: &str| text.trim_start().bytes().next().filter(u8::is_ascii_alphanumeric);
    let differ = first(one).zip(first(other)).is_some_and(|(a, b)| !a.eq_ignore_ascii_case(&b));
    !differ && normalise(one) == normalise(other)
}

/// Returns when the current question was asked, derived from the deadline of
/// the conversation. `None` means that nothing waits.
#[must_use]
pub fn asked_at(flows: &Flows, session: &Session) -> Option<Timestamp> {
    let expires_at = session.expires_at.filter(|_| matches!(session.state, State::Waiting(_)))?;
    let flow = flows.get(session.outermost_flow()?)?;
    expires_at.checked_sub(SignedDuration::try_from(flow.expire).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_letter_decides_nothing_that_the_whole_would_not(
            one in "[ *aAbBéÉ1１\u{200b}\u{301}'!]{0,4}",
            other in "[ *aAbBéÉ1１\u{200b}\u{301}'!]{0,4}",
        ) {
            prop_assert_eq!(say_the_same(&one, &other), normalise(&one) == normalise(&other));
        }
    }
}
