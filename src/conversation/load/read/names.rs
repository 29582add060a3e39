//! Names that cannot be used, and why.

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::keys::COMMAND_TARGETS;
use crate::conversation::load::syntax::names::check_name;
use crate::conversation::{State, outcome};

/// Words of the expression language, which no variable can be called.
pub(crate) const EXPRESSION_WORDS: [&str; 6] = ["and", "or", "not", "in", "true", "false"];

/// States and outcomes of the engine's own.
pub(crate) const ENGINE_STATES: [&str; 5] =
    [State::INITIAL, outcome::COMPLETED, outcome::CANCELLED, outcome::STOPPED, outcome::EXPIRED];

/// Reports a step's name that cannot be one.
pub(crate) fn check_step_name(report: &mut Report<'_>, name: &At<&str>) {
    if !check_name(report, "a step", name.value, name.span) {
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
pub(crate) fn check_variable(report: &mut Report<'_>, name: &str, span: Span) {
    if !check_name(report, "a variable", name, span) {
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
