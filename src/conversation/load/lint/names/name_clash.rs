//! Names that are given to two things: to two flows, or inside one flow.

use std::collections::HashMap;

use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::label_of;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft};
use crate::conversation::load::lint::claims::Claims;
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::read::names::{ENGINE_STATES, EXPRESSION_WORDS, check_variable};

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::NameClash],
    checks: &[Check::Tree(in_flow), Check::Folder(between_flows)],
};

fn between_flows(files: &mut [(Report<'_>, Draft)]) {
    let mut names = Claims::default();
    for (index, (report, draft)) in files.iter_mut().enumerate() {
        let Some(name) = &draft.name else { continue };
        names.claim(report, index, Code::NameClash, &name.value, name.span, |name| {
            (
                format!("two flows are called `{name}`"),
                "give each flow a name of its own".to_owned(),
            )
        });
    }
}

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

/// Reports steps that have the name of an outcome of the same flow, and questions
/// whose answers cannot have their names.
fn in_flow(report: &mut Report<'_>, draft: &Draft) {
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
