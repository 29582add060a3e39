//! Answers that have a column of their own must fit into it.

use std::collections::HashMap;

use super::draft::{Draft, DraftAsk, DraftVerb};
use super::parts::Parts;
use super::report::Report;
use crate::conversation::answer::MAX_EMAIL;
use crate::conversation::flow::label_of;
use crate::conversation::{COLUMNS, Kind};

/// Characters of a place, which no number, date or phone number has more of.
const PLACE: u64 = 22;

/// Reports what may be longer than its column.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft, parts: &Parts) {
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                let Some(width) = width_of(&ask.save.value) else { continue };
                let Some(answer) = &ask.answer else { continue };
                let name = &ask.save.value;
                match &answer.kind {
                    Kind::Text { max, .. } if *max > width as u64 => {
                        report
                            .error(ask.limit, format!("an answer of up to {max} characters does not fit into `{name}`, which holds {width}"))
                            .label(ask.save.span, "saved here")
                            .help(format!("write `max: {width}`"));
                    }
                    Kind::Media => {
                        report
                            .error(ask.save.span, format!("addresses of media may be longer than the {width} characters that `{name}` holds"))
                            .help("save it under another name");
                    }
                    Kind::Options(_) => {
                        for choice in &ask.choices {
                            let length = choice.id.written.chars().count();
                            if length > width {
                                report
                                    .error(choice.id.span, format!("an id of {length} characters does not fit into `{name}`, which holds {width}"))
                                    .help("write a shorter id");
                            }
                        }
                    }
                    Kind::Email if MAX_EMAIL > width => {
                        report
                            .error(ask.save.span, format!("an address of up to {MAX_EMAIL} characters does not fit into `{name}`, which holds {width}"))
                            .help("save it under another name");
                    }
                    // Numbers have at most 19 digits, places 22 characters.
                    Kind::Text { .. }
                    | Kind::Integer { .. }
                    | Kind::Number { .. }
                    | Kind::YesNo { .. }
                    | Kind::Email
                    | Kind::Phone { .. }
                    | Kind::Date(_)
                    | Kind::Time(_)
                    | Kind::Location => {}
                }
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    let Some(width) = width_of(&name.value) else { continue };
                    let Some(text) = text else { continue };
                    if text.fixed_length.is_none_or(|length| length > width) {
                        report
                            .error(text.span, format!("this may be longer than the {width} characters that `{}` holds", name.value))
                            .help(format!("set it to a plain text of at most {width} characters, or use another variable"));
                    }
                }
            }
            DraftVerb::Run(run) => {
                let Some(part) = run.flow.as_ref().and_then(|flow| parts.get(flow)) else {
                    continue;
                };
                for (ours, theirs) in &run.keep {
                    let Some(width) = width_of(&ours.value) else { continue };
                    let longest = part.longest.get(&theirs.value).copied().flatten();
                    if longest.is_none_or(|length| length > width as u64) {
                        report
                            .error(theirs.span, format!("`{}` of the flow `{}` may be longer than the {width} characters that `{}` holds", theirs.value, part.flow, ours.value))
                            .help(format!("write `max: {width}` at its question in `{}`, or keep it under another name", part.flow));
                    }
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
}

/// How many characters each variable has at most; `None` where nobody knows.
pub(super) fn longest(draft: &Draft, parts: &Parts) -> HashMap<String, Option<u64>> {
    let mut all: HashMap<String, Option<u64>> = HashMap::new();
    let mut add = |name: String, length: Option<u64>| {
        all.entry(name)
            .and_modify(|known| *known = known.zip(length).map(|(one, other)| one.max(other)))
            .or_insert(length);
    };
    for step in draft.in_each_language().flat_map(|draft| &draft.steps) {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                add(ask.save.value.clone(), longest_answer(ask));
                let labels = ask.choices.iter().map(|choice| characters(&choice.label.written));
                if ask.has_label() {
                    add(label_of(&ask.save.value), labels.max());
                }
            }
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    let length = text.as_ref().and_then(|text| text.fixed_length);
                    add(name.value.clone(), length.map(|length| length as u64));
                }
            }
            DraftVerb::Run(run) => {
                let part = run.flow.as_ref().and_then(|flow| parts.get(flow));
                for (ours, theirs) in &run.keep {
                    let length = part.and_then(|part| part.longest.get(&theirs.value).copied());
                    add(ours.value.clone(), length.flatten());
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
    all
}

fn longest_answer(ask: &DraftAsk) -> Option<u64> {
    match &ask.answer.as_ref()?.kind {
        Kind::Text { max, .. } => Some(*max),
        Kind::Email => Some(MAX_EMAIL as u64),
        // Places have the most of these.
        Kind::Integer { .. }
        | Kind::Number { .. }
        | Kind::YesNo { .. }
        | Kind::Phone { .. }
        | Kind::Date(_)
        | Kind::Time(_)
        | Kind::Location => Some(PLACE),
        Kind::Options(choices) => choices.iter().map(|choice| characters(&choice.id)).max(),
        Kind::Media => None,
    }
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

fn width_of(variable: &str) -> Option<usize> {
    COLUMNS.iter().find(|(name, _)| *name == variable).map(|(_, width)| *width)
}
