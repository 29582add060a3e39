//! The states of a text, and which of two counts.

use std::str::FromStr;

/// Where a text is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits to be sent.
    Pending,
    /// Somebody is sending it.
    Claimed,
    /// The provider has it, and has not reported that it sent it.
    Accepted,
    /// The carrier took it. Some routes report nothing after that.
    Sent,
    /// It reached the phone.
    Delivered,
    /// The person opened it.
    Read,
    /// The provider refused it, or it did not leave the provider.
    Failed,
    /// The carrier did not deliver it.
    Undelivered,
    /// Nobody knows whether it was sent.
    Unknown,
    /// It was given up before it was sent.
    Dropped,
    /// It went along with the reply to a message.
    Replied,
}

impl State {
    /// All states.
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::Claimed,
        Self::Accepted,
        Self::Sent,
        Self::Delivered,
        Self::Read,
        Self::Failed,
        Self::Undelivered,
        Self::Unknown,
        Self::Dropped,
        Self::Replied,
    ];

    /// Returns the name that the database, logs and metrics use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Claimed => "claimed",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::Unknown => "unknown",
            Self::Dropped => "dropped",
            Self::Replied => "replied",
        }
    }

    /// Returns the rank. Reports come in any order, twice, and contradict each
    /// other, so one is taken only if its rank is greater than what is known. A
    /// text that was never given to the provider has none.
    #[must_use]
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Pending | Self::Claimed | Self::Unknown => Some(0),
            Self::Accepted => Some(3),
            Self::Sent => Some(4),
            Self::Failed | Self::Undelivered => Some(5),
            // A long SMS can report both: what was delivered was delivered.
            Self::Delivered => Some(6),
            Self::Read => Some(7),
            Self::Dropped | Self::Replied => None,
        }
    }

    /// Returns whether a report of this state replaces what is known.
    #[must_use]
    pub fn replaces(self, known: Self) -> bool {
        matches!((self.rank(), known.rank()), (Some(rank), Some(known)) if rank > known)
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_never_goes_back() {
        let order: [&[State]; 6] = [
            &[State::Pending, State::Claimed, State::Unknown],
            &[State::Accepted],
            &[State::Sent],
            &[State::Failed, State::Undelivered],
            &[State::Delivered],
            &[State::Read],
        ];
        for (line, states) in order.iter().enumerate() {
            for (known_line, known_states) in order.iter().enumerate() {
                for state in *states {
                    for known in *known_states {
                        assert_eq!(
                            state.replaces(*known),
                            line > known_line,
                            "{known:?} {state:?}"
                        );
                    }
                }
            }
        }
        for state in State::ALL {
            assert!(!state.replaces(State::Dropped) && !state.replaces(State::Replied));
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("sending".parse::<State>(), Err(()));
    }
}
