//! Answers that have a column of their own must fit into it.

use crate::conversation::answer::MAX_EMAIL;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::lengths::{Lengths, most_characters};
use crate::conversation::load::analysis::part::Parts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftVerb};
use crate::conversation::{COLUMNS, Kind};

/// Reports what may be longer than its column.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, parts: &Parts, lengths: &Lengths) {
    for step in &draft.steps {
        match &step.verb {
            DraftVerb::Ask(ask) => {
                let Some(width) = width_of(&ask.save.value) else { continue };
                let Some(answer) = &ask.answer else { continue };
                let name = &ask.save.value;
                match &answer.kind {
                    Kind::Text { .. } if most_characters(ask) > width as u64 => {
                        let max = most_characters(ask);
                        report
                            .found(Code::ColumnWidth, ask.limit, format!("an answer of up to {max} characters does not fit into `{name}`, which holds {width}"))
                            .label(ask.save.span, "saved here")
                            .help(format!("write `max: {width}`"));
                    }
                    Kind::Media => {
                        report
                            .found(Code::ColumnWidth, ask.save.span, format!("addresses of media may be longer than the {width} characters that `{name}` holds"))
                            .help("save it under another name");
                    }
                    Kind::Options(_) => {
                        for choice in &ask.choices {
                            let length = choice.id.written.chars().count();
                            if length > width {
                                report
                                    .found(Code::ColumnWidth, choice.id.span, format!("an id of {length} characters does not fit into `{name}`, which holds {width}"))
                                    .help("write a shorter id");
                            }
                        }
                    }
                    Kind::Email if MAX_EMAIL > width => {
                        report
                            .found(Code::ColumnWidth, ask.save.span, format!("an address of up to {MAX_EMAIL} characters does not fit into `{name}`, which holds {width}"))
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
                    if lengths.of_text(&text.template).characters() > width as u64 {
                        report
                            .found(Code::ColumnWidth, text.span, format!("this may be longer than the {width} characters that `{}` holds", name.value))
                            .help("bound what it is made of by `max`, or use another variable");
                    }
                }
            }
            DraftVerb::Run(run) => {
                let Some(part) = run.flow.as_ref().and_then(|flow| parts.get(flow)) else {
                    continue;
                };
                for (ours, theirs) in &run.keep {
                    let Some(width) = width_of(&ours.value) else { continue };
                    let length = part.lengths.get(&theirs.value).copied().unwrap_or_default();
                    if length.characters() > width as u64 {
                        report
                            .found(Code::ColumnWidth, theirs.span, format!("`{}` of the flow `{}` may be longer than the {width} characters that `{}` holds", theirs.value, part.flow, ours.value))
                            .help(format!("write `max: {width}` at its question in `{}`, or keep it under another name", part.flow));
                    }
                }
            }
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
}

fn width_of(variable: &str) -> Option<usize> {
    COLUMNS.iter().find(|(name, _)| *name == variable).map(|(_, width)| *width)
}
