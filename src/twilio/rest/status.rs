//! The statuses of a text, and which of two counts.
//!
//! Reports arrive in any order, twice, and sometimes contradict each other, so
//! a status is taken only if its rank is greater than that of the one before.

use std::fmt;

/// The longest unknown status that is named as it is.
const MAX_NAME: usize = 32;

/// The name of an unknown status that is not a plain word.
const UNREADABLE: &str = "unreadable";

/// What the provider says about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// The provider sends it at a later time.
    Scheduled,
    /// A Messaging Service has it and has not chosen a sender.
    Accepted,
    /// It waits for its turn.
    Queued,
    /// It is on its way to the carrier.
    Sending,
    /// The carrier took it. Some routes report nothing after that.
    Sent,
    /// It did not leave the provider.
    Failed,
    /// The carrier did not deliver it.
    Undelivered,
    /// It was canceled in time.
    Canceled,
    /// It reached the handset.
    Delivered,
    /// The person opened it.
    Read,
    /// A status that this version does not know, by a name that is safe to log.
    Other(String),
}

/// The known statuses, with their names and ranks.
const KNOWN: [(&str, Status, u8); 10] = [
    ("scheduled", Status::Scheduled, 0),
    ("accepted", Status::Accepted, 1),
    ("queued", Status::Queued, 2),
    ("sending", Status::Sending, 3),
    ("sent", Status::Sent, 4),
    ("failed", Status::Failed, 5),
    ("undelivered", Status::Undelivered, 5),
    ("canceled", Status::Canceled, 5),
    ("delivered", Status::Delivered, 6),
    ("read", Status::Read, 7),
];

impl Status {
    /// Returns the status with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let known = KNOWN.iter().find(|(known, ..)| *known == name);
        known.map_or_else(|| Self::Other(safe(name).to_owned()), |(_, status, _)| status.clone())
    }

    /// Returns the name, which is safe to log and to store.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => {
                let entry = KNOWN.iter().find(|(_, status, _)| status == known);
                entry.map_or(UNREADABLE, |(name, ..)| name)
            }
        }
    }

    /// Returns the rank: a report is taken if its rank is greater than the rank
    /// of what is known. An unknown status has none and changes nothing, but it
    /// proves that the provider has the text.
    #[must_use]
    pub fn rank(&self) -> Option<u8> {
        KNOWN.iter().find(|(_, status, _)| status == self).map(|(.., rank)| *rank)
    }

    /// Returns whether this status replaces an earlier one. `delivered` replaces
    /// `undelivered`, since a long SMS can report both, and never the other way.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (self.rank(), earlier.rank()) {
            (Some(rank), Some(earlier)) => rank > earlier,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the name of an unknown status if it is a word, so that no number and
/// no text gets into a log by this way.
fn safe(name: &str) -> &str {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-');
    let is_word = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_letter);
    if is_word { name } else { UNREADABLE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_replaces_only_those_of_lower_rank() {
        // Lowest first; those on one line exclude each other.
        let order: [&[&str]; 9] = [
            &["partially_delivered", "received"],
            &["scheduled"],
            &["accepted"],
            &["queued"],
            &["sending"],
            &["sent"],
            &["failed", "undelivered", "canceled"],
            &["delivered"],
            &["read"],
        ];
        for (line, names) in order.iter().enumerate() {
            for (earlier_line, earlier_names) in order.iter().enumerate() {
                for (name, earlier) in names
                    .iter()
                    .flat_map(|name| earlier_names.iter().map(move |other| (name, other)))
                {
                    let replaces = Status::of_name(name).replaces(&Status::of_name(earlier));
                    assert_eq!(replaces, line > earlier_line, "{earlier}, then {name}");
                }
            }
        }
    }

    #[test]
    fn names_are_safe_to_log() {
        for (name, shown) in [
            ("delivered", "delivered"),
            ("partially_delivered", "partially_delivered"),
            ("Delivered", "unreadable"),
            ("", "unreadable"),
            ("+15005550006", "unreadable"),
            ("line\nbreak", "unreadable"),
            ("see you at noon", "unreadable"),
            (&"x".repeat(33), "unreadable"),
        ] {
            assert_eq!(Status::of_name(name).to_string(), shown, "{name:?}");
        }
        for (name, ..) in KNOWN {
            assert_eq!(Status::of_name(name).name(), name);
        }
    }
}
