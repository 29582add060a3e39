//! Answers that have a column of their own must fit into it.

use super::draft::{DraftStep, DraftVerb};
use super::report::Report;
use crate::conversation::answer::MAX_EMAIL;
use crate::conversation::{COLUMNS, Kind};

/// Reports what may be longer than its column.
pub(super) fn check(report: &mut Report<'_>, steps: &[DraftStep]) {
    for step in steps {
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
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
}

fn width_of(variable: &str) -> Option<usize> {
    COLUMNS.iter().find(|(name, _)| *name == variable).map(|(_, width)| *width)
}
