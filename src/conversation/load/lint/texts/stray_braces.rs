//! Braces that are sent as they are: a variable in single ones, and a `}}`
//! that closes nothing.

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Text};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::StrayBraces], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    facts.draft.in_each_language().for_each(|draft| in_language(report, draft));
}

fn in_language(report: &mut Report<'_>, draft: &Draft) {
    let mut names: Vec<String> = draft.steps.iter().flat_map(DraftStep::captures).collect();
    names.extend(BuiltIn::ALL.map(|built_in| built_in.name().to_owned()));
    let texts = draft.steps.iter().flat_map(DraftStep::texts).chain(draft.texts_outside());
    for text in texts {
        single(report, text, &names);
    }
}

fn single(report: &mut Report<'_>, text: &Text, names: &[String]) {
    let own = text.template.own();
    let mut found = false;
    for (at, _) in own.match_indices('{') {
        let Some((inside, _)) = own.get(at + 1..).and_then(|rest| rest.split_once('}')) else {
            continue;
        };
        let name = inside.trim();
        if names.iter().any(|known| known == name) {
            found = true;
            let behind = own.get(at + 1 + inside.len()..).unwrap_or_default();
            let closed = if behind.starts_with("}}") { "}}" } else { "}" };
            let written = format!("{{{inside}{closed}");
            let span = place(report, text.span, &written);
            report
                .found(
                    Code::StrayBraces,
                    span,
                    format!("`{written}` is sent as it is: a variable has two braces"),
                )
                .help(format!("write `{{{{ {name} }}}}`"));
        }
    }
    if !found && own.contains("}}") {
        let span = surplus(report, text.span);
        report
            .found(Code::StrayBraces, span, "this `}}` closes nothing: it is sent as it is")
            .help("write `{{` before the name that it closes, or remove it");
    }
}

/// Where a part of a text stands in the file, if it is written there just so.
fn place(report: &Report<'_>, span: Span, part: &str) -> Span {
    match report.text(span).find(part) {
        Some(at) => Span::new(span.start + at, span.start + at + part.len()),
        None => span,
    }
}

/// Where the first `}}` stands that no `{{` is before.
fn surplus(report: &Report<'_>, span: Span) -> Span {
    let raw = report.text(span);
    let mut at = 0;
    while let Some(close) = raw.get(at..).and_then(|rest| rest.find("}}")) {
        let before = raw.get(at..at + close).unwrap_or_default();
        if !before.contains("{{") {
            return Span::new(span.start + at + close, span.start + at + close + 2);
        }
        at += close + 2;
    }
    span
}
