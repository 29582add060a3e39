//! Names that cannot be used, and why.

use std::collections::HashMap;

use super::draft::{At, Draft};
use super::report::Report;
use super::shape;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::flow::label_of;
use crate::conversation::{State, outcome};

/// Targets that only `commands` has.
pub(super) const COMMAND_TARGETS: [&str; 3] = ["restart", "repeat", "stop"];

/// Words of the expression language, which no variable can be called.
const EXPRESSION_WORDS: [&str; 6] = ["and", "or", "not", "in", "true", "false"];

/// States and outcomes of the engine's own.
const ENGINE_STATES: [&str; 5] =
    [State::INITIAL, outcome::COMPLETED, outcome::CANCELLED, outcome::STOPPED, outcome::EXPIRED];

/// Reports a step's name that cannot be one.
pub(super) fn check_step_name(report: &mut Report<'_>, name: &At<&str>) {
    if !shape::check_name(report, "a step", name.value, name.span) {
        return;
    }
    let why = if COMMAND_TARGETS.contains(&name.value) {
        "in `commands` that name means something else"
    } else if BuiltIn::named(name.value).is_some() {
        "that name is built in"
    } else if ENGINE_STATES.contains(&name.value) {
        "that is the name of a state in which no step waits"
    } else {
        return;
    };
    report
        .found(Code::BadName, name.span, format!("no step can be called `{}`: {why}", name.value))
        .help("choose another name");
}

/// Reports a variable's name that cannot be one.
pub(super) fn check_variable(report: &mut Report<'_>, name: &str, span: Span) {
    if !shape::check_name(report, "a variable", name, span) {
        return;
    }
    let why = if BuiltIn::named(name).is_some() {
        "that name is built in"
    } else if EXPRESSION_WORDS.contains(&name) {
        "it is a word of conditions"
    } else {
        return;
    };
    report
        .found(Code::BadName, span, format!("no variable can be called `{name}`: {why}"))
        .help("choose another name");
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

/// Reports steps that bear the name of an outcome of the same flow, and names
/// of questions that cannot be those of their answers.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
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
