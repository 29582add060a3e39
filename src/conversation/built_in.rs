//! The names that every text may use without a question: the only list of them.

/// A name to which no step gives a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BuiltIn {
    /// The sender's number; the empty text if it is unknown.
    Sender,
    /// The sender's name on their channel.
    ProfileName,
    /// How the message came: `sms`, `whatsapp`, …
    Channel,
    /// The hour in the flow's time zone.
    Now,
    /// The URL at which a third party brings a result.
    Callback,
}

impl BuiltIn {
    /// All of these names.
    pub(super) const ALL: [Self; 5] =
        [Self::Sender, Self::ProfileName, Self::Channel, Self::Now, Self::Callback];

    /// Returns its name in flows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::ProfileName => "profile_name",
            Self::Channel => "channel",
            Self::Now => "now",
            Self::Callback => "callback",
        }
    }

    /// Returns whether it has a value with every message.
    pub(super) fn is_always_known(self) -> bool {
        // SMS has no names, and on other channels the name may be empty.
        self != Self::ProfileName
    }

    /// Returns the variant of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|built_in| built_in.name() == name)
    }
}
