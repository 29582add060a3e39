//! Names of one flow that take each other's place.

use std::collections::HashMap;

use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::label_of;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft};
use crate::conversation::load::read::names::{ENGINE_STATES, EXPRESSION_WORDS, check_variable};

/// Reports questions whose answer would take the place of another's label.
fn labels(report: &mut Report<'_>, draft: &Draft) {
    let asks = || draft.steps.iter().filter_map(|step| Some((step, step.ask()?)));
    let labels: HashMap<String, &At<String>> = asks()
        .filter(|(_, ask)| ask.has_label())
        .map(|(step, ask)| (label_of(&ask.save.value), &step.name))
        .collect();
    for (_, ask) in asks() {
        let name = &ask.save.value;
        let Some(other) = labels.get(name) else { continue };
        report
            .found(
                Code::NameClash,
                ask.save.span,
                format!("this answer would take the place of a label: `{name}`"),
            )
            .label(other.span, "the label of the answer here is kept under this name, too")
            .help("save this answer under another name");
    }
}

/// Reports steps that bear the name of an outcome of the same flow, and names
/// of questions that cannot be those of their answers.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft) {
    let ends: HashMap<&str, Span> = draft
        .steps
        .iter()
        .filter_map(|step| step.end.as_ref())
        .map(|end| (end.value.as_str(), end.span))
        .collect();
    for step in &draft.steps {
        let name = step.name.value.as_str();
        if let Some(end) = ends.get(name).filter(|_| !ENGINE_STATES.contains(&name)) {
            report
                .found(Code::NameClash, step.name.span, format!("the step `{name}` bears the name of an outcome"))
                .label(*end, "the outcome")
                .help("call one of them something else: both are shown as the state of a conversation");
        }
        // A `save` that is written was checked where it was read.
        if let Some(ask) = step.ask()
            && ask.save.span == step.name.span
            && EXPRESSION_WORDS.contains(&name)
        {
            check_variable(report, name, step.name.span);
        }
    }
    labels(report, draft);
}
