//! The values of names in the texts of one turn.

use jiff::Timestamp;

use crate::conversation::built_in::BuiltIn;
use crate::conversation::event::Event;
use crate::conversation::expression::Scope;
use crate::conversation::flow::Flow;
use crate::conversation::{Answers, Value};
use crate::message::{Channel, Sender};

/// The person of a conversation, as far as texts may name them.
#[derive(Clone, Copy)]
pub(super) struct Contact<'a> {
    sender: &'a Sender,
    profile_name: Option<&'a str>,
    channel: Channel,
}

impl<'a> Contact<'a> {
    /// Returns the person whose conversation an event moves.
    pub(super) fn of(event: Event<'a>) -> Self {
        match event {
            Event::Message(message) => Self {
                sender: &message.sender,
                profile_name: message.profile_name.as_deref(),
                channel: message.channel,
            },
        }
    }
}

/// The answers so far, and the [built-in names](BuiltIn).
pub(super) struct TurnScope<'a> {
    pub(super) flow: &'a Flow,
    pub(super) contact: Contact<'a>,
    pub(super) now: Timestamp,
    pub(super) answers: &'a Answers,
    pub(super) language: Option<&'a str>,
}

impl Scope for TurnScope<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        match BuiltIn::named(name) {
            Some(BuiltIn::Sender) => {
                Some(Value::from(self.contact.sender.number().unwrap_or_default()))
            }
            Some(BuiltIn::ProfileName) => self.contact.profile_name.map(Value::from),
            Some(BuiltIn::Channel) => Some(Value::from(self.contact.channel.as_str())),
            Some(BuiltIn::Now) => {
                let local = self.now.to_zoned(self.flow.timezone.clone());
                Some(Value::Text(local.strftime("%Y-%m-%dT%H:%M").to_string()))
            }
            None if self.flow.is_language(name) => {
                self.flow.language(self.language).map(Value::from)
            }
            None => self.answers.get(name).cloned(),
        }
    }
}
