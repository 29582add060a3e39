//! The variables of a flow, each with everything that gives it a value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::Span;
use crate::conversation::flow::label_of;
use crate::conversation::load::draft::{At, Draft, DraftAsk, DraftStep, DraftVerb, Text};
use crate::conversation::translation::LANGUAGE;

/// What gives a variable a value.
#[derive(Clone, Copy)]
pub(crate) enum Definition<'a> {
    /// The answer to the question of a step.
    Answer(&'a DraftStep, &'a DraftAsk),
    /// The label of that answer.
    Label(&'a DraftAsk),
    /// A text, under a name that `set` writes.
    Set(&'a At<String>, &'a Text),
    /// A variable of a sub-flow.
    Kept { ours: &'a At<String>, flow: Option<&'a At<String>>, theirs: &'a At<String> },
    /// A part of the answer to a call, or of a third party's result. Only the
    /// whole body of an answer has a limit of its own.
    Called { name: &'a At<String>, is_body: bool },
    /// The language of the conversation.
    Language,
    /// The message, for a name that is built in.
    BuiltIn(BuiltIn),
    /// A place in the file that could not be read.
    Unread,
}

impl<'a> Definition<'a> {
    /// The text that `set` writes.
    pub(crate) fn text(&self) -> Option<&'a Text> {
        match self {
            Self::Set(_, text) => Some(text),
            _ => None,
        }
    }

    /// Where the flow names the variable for it.
    pub(crate) fn span(&self) -> Option<Span> {
        match self {
            Self::Answer(_, ask) | Self::Label(ask) => Some(ask.save.span),
            Self::Set(name, _) | Self::Kept { ours: name, .. } | Self::Called { name, .. } => {
                Some(name.span)
            }
            Self::Language | Self::BuiltIn(_) | Self::Unread => None,
        }
    }
}

/// The variables by name, and their definitions in the order of the file.
#[derive(Default)]
pub(crate) struct Variables<'a> {
    by_name: BTreeMap<Cow<'a, str>, Vec<Definition<'a>>>,
}

impl<'a> Variables<'a> {
    /// The variables of a flow in one language.
    pub(crate) fn new(draft: &'a Draft) -> Self {
        Self::of_all([draft])
    }

    /// The variables of a flow in several of its languages.
    pub(crate) fn of_all(drafts: impl IntoIterator<Item = &'a Draft>) -> Self {
        let mut variables = Self::default();
        for built_in in BuiltIn::ALL {
            variables.add(built_in.name(), Definition::BuiltIn(built_in));
        }
        for draft in drafts {
            if draft.has_languages() {
                variables.add(LANGUAGE, Definition::Language);
            }
            for name in &draft.may_be_set {
                variables.add(name.as_str(), Definition::Unread);
            }
            draft.steps.iter().for_each(|step| variables.add_of(step));
        }
        variables
    }

    fn add_of(&mut self, step: &'a DraftStep) {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                self.add(ask.save.value.as_str(), Definition::Answer(step, ask));
                if ask.has_label() {
                    self.add(label_of(&ask.save.value), Definition::Label(ask));
                }
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    let text = text.as_ref();
                    let set = text.map_or(Definition::Unread, |text| Definition::Set(name, text));
                    self.add(name.value.as_str(), set);
                }
            }
            DraftVerb::Run(run) => {
                for (ours, theirs) in &run.keep {
                    let kept = Definition::Kept { ours, flow: run.flow.as_ref(), theirs };
                    self.add(ours.value.as_str(), kept);
                }
            }
            DraftVerb::Call(_) | DraftVerb::WaitFor(_) => {
                for (name, pointer, _) in step.keep() {
                    let is_body = pointer.is_empty();
                    self.add(name.value.as_str(), Definition::Called { name, is_body });
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }

    fn add(&mut self, name: impl Into<Cow<'a, str>>, definition: Definition<'a>) {
        self.by_name.entry(name.into()).or_default().push(definition);
    }

    /// What gives a variable its values; nothing for any other name.
    pub(crate) fn of(&self, name: &str) -> &[Definition<'a>] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// All variables with their definitions, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[Definition<'a>])> {
        self.by_name.iter().map(|(name, definitions)| (&**name, definitions.as_slice()))
    }
}
