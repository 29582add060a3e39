//! The values of names in the texts of one turn.

use std::cell::Cell;

use jiff::Timestamp;

use crate::conversation::built_in::BuiltIn;
use crate::conversation::event::Contact;
use crate::conversation::expression::Scope;
use crate::conversation::flow::Flow;
use crate::conversation::moment::Callbacks;
use crate::conversation::{Answers, Value};

/// The answers so far, and the [built-in names](BuiltIn).
pub(super) struct TurnScope<'a> {
    pub(super) flow: &'a Flow,
    pub(super) contact: Contact<'a>,
    pub(super) now: Timestamp,
    pub(super) callbacks: Callbacks<'a>,
    /// The name of the conversation's callback; without one it gets a fresh one.
    pub(super) callback: Option<&'a str>,
    /// Is set when a text shows the callback.
    pub(super) has_shown: &'a Cell<bool>,
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
            Some(BuiltIn::Callback) => {
                self.has_shown.set(true);
                let name = self.callback.unwrap_or(self.callbacks.fresh);
                Some(Value::Text(format!("{}{name}", self.callbacks.base)))
            }
            None if self.flow.is_language(name) => {
                self.flow.language(self.language).map(Value::from)
            }
            None => self.answers.get(name).cloned(),
        }
    }
}
