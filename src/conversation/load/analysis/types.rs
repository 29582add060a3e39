//! Which variables can be texts, and which can be numbers.

use std::collections::HashMap;

use super::subflow::Subflows;
use super::variables::{Definition, Variables};
use crate::conversation::Kind;
use crate::conversation::expression::types::Types;
use crate::conversation::load::draft::{Draft, DraftAsk, Text};

/// The types of every variable: those of its questions and of what it is set
/// to, which may be other variables.
pub(super) fn of_variables(draft: &Draft, subflows: &Subflows) -> HashMap<String, Types> {
    let variables = Variables::new(draft);
    let mut types: HashMap<String, Types> = HashMap::new();
    let mut settings: Vec<(&str, &Text)> = Vec::new();
    for (name, definitions) in variables.iter() {
        let own = definitions.iter().map(|definition| types_of(definition, subflows));
        types.insert(name.to_owned(), own.fold(Types::default(), Types::or));
        let texts = definitions.iter().filter_map(Definition::text);
        settings.extend(texts.map(|text| (name, text)));
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

/// The types of what one definition gives, where that depends on no other variable.
fn types_of(definition: &Definition<'_>, subflows: &Subflows) -> Types {
    match definition {
        Definition::Answer(_, ask) => types_of_answer(ask),
        Definition::Label(_) | Definition::Language | Definition::BuiltIn(_) => Types::TEXT,
        Definition::Kept { flow, theirs, .. } => {
            let subflow = flow.and_then(|flow| subflows.get(flow));
            let kept = subflow.and_then(|subflow| subflow.types.get(&theirs.value));
            kept.copied().unwrap_or(Types::ANY)
        }
        Definition::Called { .. } | Definition::Unread => Types::ANY,
        Definition::Set(..) => Types::default(),
    }
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
