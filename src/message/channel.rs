//! The channels on which messages arrive, known by the prefixes of addresses.

/// The channel on which a message arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// SMS or MMS.
    Sms,
    /// `whatsapp:` addresses.
    Whatsapp,
    /// `rcs:` addresses.
    Rcs,
    /// `messenger:` addresses.
    Messenger,
    /// Any other prefix.
    Other,
}

impl Channel {
    /// Returns the channel that an address belongs to, by its prefix.
    pub fn of_address(address: &str) -> Self {
        match address.split_once(':') {
            None => Self::Sms,
            Some(("whatsapp", _)) => Self::Whatsapp,
            Some(("rcs", _)) => Self::Rcs,
            Some(("messenger", _)) => Self::Messenger,
            Some(_) => Self::Other,
        }
    }

    /// Returns the name that flows, the database and logs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Rcs => "rcs",
            Self::Messenger => "messenger",
            Self::Other => "other",
        }
    }

    /// Returns the channel under which an opt-out is kept. RCS shares the
    /// opt-outs of SMS, as it does at Twilio since 2026-03-16 (support article
    /// 223134027).
    #[must_use]
    pub fn for_opt_out(self) -> Self {
        match self {
            Self::Rcs => Self::Sms,
            other => other,
        }
    }
}

impl std::str::FromStr for Channel {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Sms, Self::Whatsapp, Self::Rcs, Self::Messenger, Self::Other]
            .into_iter()
            .find(|channel| channel.as_str() == name)
            .ok_or(())
    }
}
