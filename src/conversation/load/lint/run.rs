//! A step that runs another flow, and what that flow has: its outcomes, its
//! variables, its languages.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::part::{Part, Parts};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft, DraftRun, DraftStep, DraftVerb};

/// Reports outcomes that the flows which are run do not have, and variables
/// that they never set.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, parts: &Parts) {
    for step in &draft.steps {
        let DraftVerb::Run(run) = &step.verb else { continue };
        if let Some(part) = run.flow.as_ref().and_then(|flow| parts.get(flow)) {
            outcomes(report, step, part);
            kept(report, run, part);
            languages(report, draft, run, part);
        }
    }
}

fn outcomes(report: &mut Report<'_>, step: &DraftStep, part: &Part) {
    for (outcome, _) in &step.when {
        let endings = part.endings.iter().map(|ending| ending.outcome.as_str());
        if endings.clone().any(|ending| ending == outcome.value) {
            continue;
        }
        let near = report.did_you_mean(&outcome.value, endings);
        report
            .found(
                Code::UnknownOutcome,
                outcome.span,
                format!("the flow `{}` never ends with `{}`", part.flow, outcome.value),
            )
            .help(format!("its outcomes are `{}`", part.outcomes()))
            .maybe_help(near);
    }
}

/// Warns of languages that a part does not speak: its texts come in its first.
fn languages(report: &mut Report<'_>, draft: &Draft, run: &DraftRun, part: &Part) {
    let speaks = |language: &&At<String>| {
        part.languages.iter().any(|own| own.eq_ignore_ascii_case(&language.value))
    };
    let lacking: Vec<&str> =
        draft.languages.iter().filter(|l| !speaks(l)).map(|l| l.value.as_str()).collect();
    let Some(name) = run.flow.as_ref().filter(|_| !lacking.is_empty()) else { return };
    let (instead, help) = match part.languages.first() {
        None => {
            let all: Vec<&str> = draft.languages.iter().map(|l| l.value.as_str()).collect();
            let help = format!("write `languages: [{}]` there, too", all.join(", "));
            ("has no `languages`".to_owned(), help)
        }
        Some(first) => (
            format!("speaks `{first}` to people who speak `{}`", lacking.join("` and `")),
            format!("add `{}` to its `languages`", lacking.join("` and `")),
        ),
    };
    report
        .found(Code::SubflowLanguage, name.span, format!("the flow `{}` {instead}", part.flow))
        .help(help);
}

fn kept(report: &mut Report<'_>, run: &DraftRun, part: &Part) {
    for (_, theirs) in &run.keep {
        if part.types.contains_key(&theirs.value) {
            continue;
        }
        // Sorted, so that among equals the advice is always the same.
        let mut names: Vec<&str> = part.types.keys().map(String::as_str).collect();
        names.sort_unstable();
        let near = report.did_you_mean(&theirs.value, names.iter().copied());
        report
            .found(
                Code::UndefinedVariable,
                theirs.span,
                format!("nothing in the flow `{}` gives `{}` a value", part.flow, theirs.value),
            )
            .help(format!("its variables are `{}`", names.join("`, `")))
            .maybe_help(near);
    }
}
