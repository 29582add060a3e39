//! What every text may read without asking: the one list of these names.

/// A name that no step captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BuiltIn {
    /// The sender's number; the empty text where it is not known.
    Sender,
    /// The name that the sender's channel tells.
    ProfileName,
    /// How the message came: `sms`, `whatsapp`, …
    Channel,
    /// The hour in the flow's time zone.
    Now,
}

impl BuiltIn {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Sender, Self::ProfileName, Self::Channel, Self::Now];

    /// As flows write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::ProfileName => "profile_name",
            Self::Channel => "channel",
            Self::Now => "now",
        }
    }

    /// Whether it has a value with every message.
    pub(super) fn is_always_known(self) -> bool {
        // SMS brings no name along, and on other channels it may be empty.
        self != Self::ProfileName
    }

    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|built_in| built_in.name() == name)
    }
}
