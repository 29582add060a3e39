//! What names mean in the texts of one turn.

use jiff::Timestamp;

use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::Scope;
use crate::conversation::flow::Flow;
use crate::conversation::{Answers, Value};
use crate::message::Message;

/// The answers so far, and what is [built in](BuiltIn).
pub(super) struct TurnScope<'a> {
    pub(super) flow: &'a Flow,
    pub(super) message: &'a Message,
    pub(super) now: Timestamp,
    pub(super) answers: &'a Answers,
    pub(super) language: Option<&'a str>,
}

impl Scope for TurnScope<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        match BuiltIn::named(name) {
            Some(BuiltIn::Sender) => {
                Some(Value::from(self.message.sender.number().unwrap_or_default()))
            }
            Some(BuiltIn::ProfileName) => self.message.profile_name.as_deref().map(Value::from),
            Some(BuiltIn::Channel) => Some(Value::from(self.message.channel.as_str())),
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
