//! The ids by which WhatsApp knows a sender, with or without a number.
//!
//! A person with a username may hide their number; an id is then their address.
//! Every WhatsApp webhook from Twilio has the ids, so a person who shows a
//! number today can still be recognized by an id tomorrow.

use std::borrow::Cow;

use super::address::{MAX_ADDRESS, Sender};
use super::channel::Channel;

/// The names of a sender who has more than one address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The sender that the message names, who may be kept under another key.
    pub from: Sender,
    /// At least one id, each once. If the sender is an id, it is the first.
    pub ids: Vec<Sender>,
}

impl Names {
    /// Returns the names of a message's sender: its address and the ids sent
    /// with it. Returns `None` if no id is known. Values that do not have the
    /// form of an id are left out.
    pub fn new<'a>(
        channel: Channel,
        from: &'a Sender,
        beside: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        if channel != Channel::Whatsapp {
            return None;
        }
        let mut ids: Vec<Sender> = Vec::new();
        let beside = beside.into_iter().map(with_prefix);
        for id in std::iter::once(from.as_str().into()).chain(beside) {
            if is_user_id(&id) && ids.iter().all(|known| known.as_str() != id) {
                ids.push(Sender::from_key(id.into_owned()));
            }
        }
        (!ids.is_empty()).then(|| Self { from: from.clone(), ids })
    }
}

/// Returns an id as an address: WhatsApp's own interface sends it without the channel.
fn with_prefix(id: &str) -> Cow<'_, str> {
    if id.contains(':') { id.into() } else { format!("whatsapp:{id}").into() }
}

/// Returns whether an address has the form `whatsapp:US.1349` or
/// `whatsapp:US.ENT.1349`: two letters for the country, then letters and
/// digits, in which upper and lower case differ.
fn is_user_id(address: &str) -> bool {
    let id = address.strip_prefix("whatsapp:").filter(|_| address.len() <= MAX_ADDRESS);
    let Some((country, id)) = id.and_then(|id| id.split_once('.')) else { return false };
    let id = id.strip_prefix("ENT.").unwrap_or(id);
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(channel: Channel, from: &str, told: &[&str]) -> Vec<String> {
        let from = Sender::from_address(from).unwrap();
        let names = Names::new(channel, &from, told.iter().copied());
        let ids = names.map(|names| names.ids).unwrap_or_default();
        ids.iter().map(|id| id.as_str().to_owned()).collect()
    }

    #[test]
    fn ids_of_every_form_are_known_and_nothing_else() {
        const NUMBER: &str = "whatsapp:+14155552671";
        let long = format!("whatsapp:US.{}", "7".repeat(MAX_ADDRESS));
        for told in
            ["whatsapp:US.1349", "whatsapp:US.ENT.1349", "whatsapp:ID.aB9", "whatsapp:DE.ENT"]
        {
            assert_eq!(ids(Channel::Whatsapp, NUMBER, &[told]), [told]);
            assert_eq!(ids(Channel::Whatsapp, told, &[]), [told]);
            assert_eq!(ids(Channel::Whatsapp, told, &[told, told]), [told]);
            assert!(ids(Channel::Sms, "+14155552671", &[told]).is_empty());
            let bare = told.strip_prefix("whatsapp:").unwrap();
            assert_eq!(ids(Channel::Whatsapp, NUMBER, &[bare, told]), [told]);
        }
        for told in [
            "",
            "US1349",
            "whatsapp:",
            "whatsapp:+14155552671",
            "whatsapp:us.1349",
            "whatsapp:USA.1349",
            "whatsapp:US",
            "whatsapp:US.",
            "whatsapp:US.ENT.",
            "whatsapp:US.ENT.ENT.1",
            "whatsapp:US.13 49",
            "whatsapp:US.13ö",
            "messenger:US.1349",
            &long,
        ] {
            assert!(ids(Channel::Whatsapp, NUMBER, &[told]).is_empty(), "{told}");
        }
        assert_eq!(
            ids(Channel::Whatsapp, "whatsapp:US.2", &["whatsapp:US.1", "", "whatsapp:US.ENT.3"]),
            ["whatsapp:US.2", "whatsapp:US.1", "whatsapp:US.ENT.3"]
        );
    }
}
