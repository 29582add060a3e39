//! Which variables can be texts, and which can be numbers.

use std::collections::HashMap;

use super::part::Parts;
use crate::conversation::Kind;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::expression::types::Types;
use crate::conversation::flow::label_of;
use crate::conversation::load::draft::{Draft, DraftAsk, DraftVerb, Text};
use crate::conversation::translation::LANGUAGE;

/// The types of every variable: those of its questions and of what it is set
/// to, which may be other variables.
pub(super) fn of_variables(draft: &Draft, parts: &Parts) -> HashMap<String, Types> {
    let mut types: HashMap<String, Types> = HashMap::new();
    let mut add = |name: &str, more: Types| {
        let known = types.entry(name.to_owned()).or_default();
        *known = known.or(more);
    };
    for built_in in BuiltIn::ALL {
        add(built_in.name(), Types::TEXT);
    }
    if draft.has_languages() {
        add(LANGUAGE, Types::TEXT);
    }
    draft.may_be_set.iter().for_each(|name| add(name, Types::ANY));
    let mut settings: Vec<(&str, &Text)> = Vec::new();
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                add(&ask.save.value, types_of_answer(ask));
                if ask.has_label() {
                    add(&label_of(&ask.save.value), Types::TEXT);
                }
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    match text {
                        Some(text) => settings.push((&name.value, text)),
                        None => add(&name.value, Types::ANY),
                    }
                }
            }
            DraftVerb::Run(run) => {
                let part = run.flow.as_ref().and_then(|flow| parts.get(flow));
                for (ours, theirs) in &run.keep {
                    let types = part.and_then(|part| part.types.get(&theirs.value).copied());
                    add(&ours.value, types.unwrap_or(Types::ANY));
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
    let mut readers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (_, text)) in settings.iter().enumerate() {
        text.uses.iter().for_each(|used| readers.entry(&used.name).or_default().push(at));
    }
    // A variable gets a further type at most twice, so this comes to an end.
    let mut waiting: Vec<usize> = (0..settings.len()).rev().collect();
    while let Some((name, text)) = waiting.pop().and_then(|at| settings.get(at)) {
        let more = text.template.types(&|name| types.get(name).copied().unwrap_or_default());
        let known = types.entry((*name).to_owned()).or_default();
        if known.or(more) != *known {
            *known = known.or(more);
            waiting.extend(readers.get(name).into_iter().flatten());
        }
    }
    types
}

fn types_of_answer(ask: &DraftAsk) -> Types {
    let answer = match ask.answer.as_ref().map(|answer| &answer.kind) {
        Some(Kind::Integer { .. } | Kind::Number { .. }) => Types::NUMBER,
        Some(_) => Types::TEXT,
        None => Types::ANY,
    };
    // The answer of a skipped question is the empty text.
    if ask.optional.is_empty() { answer } else { answer.or(Types::TEXT) }
}
