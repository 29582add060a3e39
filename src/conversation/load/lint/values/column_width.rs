//! Values that may not fit into the column of the database that holds them.

use crate::conversation::answer::MAX_EMAIL;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::lengths::{Lengths, most_characters};
use crate::conversation::load::analysis::subflow::Subflows;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, DraftAsk, DraftRun, DraftStep, DraftVerb, Text};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::{COLUMNS, Kind};

pub(crate) const RULE: Rule = Rule { codes: &[Code::ColumnWidth], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    let steps = facts.draft.in_each_language().flat_map(|draft| &draft.steps);
    for step in steps {
        match &step.verb {
            DraftVerb::Ask(ask) => answer(report, ask),
            DraftVerb::Set(entries) => {
                for (name, text) in entries {
                    set(report, name, text.as_ref(), &facts.lengths);
                }
            }
            DraftVerb::Run(run) => kept(report, run, facts.subflows),
            DraftVerb::Call(_) | DraftVerb::WaitFor(_) => called(report, step),
            DraftVerb::Say(_) | DraftVerb::Branch => {}
        }
    }
}

fn answer(report: &mut Report<'_>, ask: &DraftAsk) {
    let name = &ask.save.value;
    let (Some(width), Some(answer)) = (width_of(name), &ask.answer) else { return };
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

fn set(report: &mut Report<'_>, name: &At<String>, text: Option<&Text>, lengths: &Lengths) {
    let (Some(width), Some(text)) = (width_of(&name.value), text) else { return };
    if lengths.of_text(&text.template).characters() > width as u64 {
        report
            .found(
                Code::ColumnWidth,
                text.span,
                format!(
                    "this may be longer than the {width} characters that `{}` holds",
                    name.value
                ),
            )
            .help("bound what it is made of by `max`, or use another variable");
    }
}

fn kept(report: &mut Report<'_>, run: &DraftRun, subflows: &Subflows) {
    let Some(subflow) = run.flow.as_ref().and_then(|flow| subflows.get(flow)) else { return };
    for (ours, theirs) in &run.keep {
        let Some(width) = width_of(&ours.value) else { continue };
        let length = subflow.lengths.get(&theirs.value).copied().unwrap_or_default();
        if length.characters() > width as u64 {
            report
                .found(Code::ColumnWidth, theirs.span, format!("`{}` of the flow `{}` may be longer than the {width} characters that `{}` holds", theirs.value, subflow.flow, ours.value))
                .help(format!("write `max: {width}` at its question in `{}`, or keep it under another name", subflow.flow));
        }
    }
}

/// Nobody knows how long a part of an answer or of a result is.
fn called(report: &mut Report<'_>, step: &DraftStep) {
    for (name, ..) in step.keep() {
        if let Some(width) = width_of(&name.value) {
            report
                .found(
                    Code::ColumnWidth,
                    name.span,
                    format!(
                        "an answer may have more than the {width} characters that `{}` holds",
                        name.value
                    ),
                )
                .help("keep it under another name");
        }
    }
}

fn width_of(variable: &str) -> Option<usize> {
    COLUMNS.iter().find(|(name, _)| *name == variable).map(|(_, width)| *width)
}
