//! Reports names that cannot be used, and says why.

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::keys::COMMAND_TARGETS;
use crate::conversation::load::syntax::names::check_name;
use crate::conversation::{State, outcome};

/// Words of the expression language, which cannot be names of variables.
pub(crate) const EXPRESSION_WORDS: [&str; 6] = ["and", "or", "not", "in", "true", "false"];

/// The engine's own states and outcomes.
pub(crate) const ENGINE_STATES: [&str; 5] =
    [State::INITIAL, outcome::COMPLETED, outcome::CANCELLED, outcome::STOPPED, outcome::EXPIRED];

/// Reports a name that a step cannot have.
pub(crate) fn check_step_name(report: &mut Report<'_>, name: &At<&str>) {
    if !check_name(report, "a step", name.value, name.span) {
        return;
    }
    let why = if COMMAND_TARGETS.contains(&name.value) {
        "the name means something else in `commands`"
    } else if BuiltIn::named(name.value).is_some() {
        "the name is built in"
    } else if ENGINE_STATES.contains(&name.value) {
        "it is the name of a state in which no step waits"
    } else {
        return;
    };
    report
        .found(Code::BadName, name.span, format!("a step cannot be called `{}`: {why}", name.value))
        .help("choose another name");
}

/// Reports a name that a variable cannot have.
pub(crate) fn check_variable(report: &mut Report<'_>, name: &str, span: Span) {
    if !check_name(report, "a variable", name, span) {
        return;
    }
    let why = if BuiltIn::named(name).is_some() {
        "the name is built in"
    } else if EXPRESSION_WORDS.contains(&name) {
        "it is a word of conditions"
    } else {
        return;
    };
    report
        .found(Code::BadName, span, format!("a variable cannot be called `{name}`: {why}"))
        .help("choose another name");
}
