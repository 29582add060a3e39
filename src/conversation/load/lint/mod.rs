//! The lints: each rule looks at a flow, reports what it finds, and changes nothing.
//!
//! A lint is one file with a [`Rule`] and a line of [`RULES`]. What `# allow:`
//! comments say is checked last, by [`allowed`].

pub(crate) mod allowed;
mod calls;
mod claims;
mod limits;
mod names;
mod paths;
mod rule;
mod texts;
mod values;
mod words;

use self::calls::{callback, plain_http, repeated_post, said_before_call, secret};
use self::names::{name_clash, subflow_language, unknown_outcome};
use self::paths::{
    never_comes, no_end, no_question, on_expire_waits, quiet_after_differs, silent_loop,
    turn_steps, unasked_texts, unreachable_step, unused_branch, unused_quiet_after, useless_resume,
};
use self::rule::{Check, Rule};
use self::texts::{stray_braces, too_long, ucs2};
use self::values::{
    column_width, form_mismatch, language_value, maybe_undefined_variable, no_answers_here,
    type_mismatch, undefined_variable, unknown_option, value_cut,
};
use self::words::{
    ambiguous_word, any_in_language, hidden_answer, missing_start, reserved_word, start_conflict,
};
use super::analysis::facts::{Facts, Paths};
use super::diagnostics::Report;
use super::draft::Draft;

/// All rules. Checks of one kind run in this order, which decides which findings
/// are kept where a flow has too many.
const RULES: &[Rule] = &[
    missing_start::RULE,
    name_clash::RULE,
    start_conflict::RULE,
    any_in_language::RULE,
    unknown_outcome::RULE,
    subflow_language::RULE,
    ambiguous_word::RULE,
    hidden_answer::RULE,
    column_width::RULE,
    no_answers_here::RULE,
    secret::RULE,
    plain_http::RULE,
    repeated_post::RULE,
    undefined_variable::RULE,
    maybe_undefined_variable::RULE,
    language_value::RULE,
    type_mismatch::RULE,
    form_mismatch::RULE,
    unknown_option::RULE,
    stray_braces::RULE,
    reserved_word::RULE,
    unreachable_step::RULE,
    no_question::RULE,
    useless_resume::RULE,
    silent_loop::RULE,
    no_end::RULE,
    never_comes::RULE,
    on_expire_waits::RULE,
    turn_steps::RULE,
    unused_branch::RULE,
    unused_quiet_after::RULE,
    quiet_after_differs::RULE,
    unasked_texts::RULE,
    said_before_call::RULE,
    callback::RULE,
    too_long::RULE,
    value_cut::RULE,
    ucs2::RULE,
];

/// Checks a flow that was read in one of its languages.
pub(super) fn check_tree(report: &mut Report<'_>, draft: &Draft) {
    for check in checks() {
        if let Check::Tree(check) = check {
            check(report, draft);
        }
    }
}

/// Checks all flows together.
pub(super) fn check_folder(files: &mut [(Report<'_>, Draft)]) {
    for check in checks() {
        if let Check::Folder(check) = check {
            check(files);
        }
    }
}

/// Checks what a flow says and reads, however much of it is there.
pub(super) fn check_flow(report: &mut Report<'_>, facts: &Facts<'_>) {
    for check in checks() {
        if let Check::Flow(check) = check {
            check(report, facts);
        }
    }
}

/// Checks the paths of a flow, and what needs them. Returns whether they are sound.
pub(super) fn check_paths(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) -> bool {
    let before = report.errors();
    for check in checks() {
        if let Check::Paths(check) = check {
            check(report, facts, paths);
        }
    }
    let is_sound = report.errors() == before;
    for check in checks() {
        if let Check::AlongPaths(check) = check {
            check(report, facts, paths);
        }
    }
    if !is_sound || facts.draft.name.is_none() {
        return is_sound;
    }
    for check in checks() {
        if let Check::SoundPaths(check) = check {
            check(report, facts, paths);
        }
    }
    // An error of one of these checks does not keep the others from running.
    if report.errors() == 0 {
        for check in checks() {
            if let Check::NoErrors(check) = check {
                check(report, facts, paths);
            }
        }
    }
    is_sound
}

fn checks() -> impl Iterator<Item = Check> {
    RULES.iter().flat_map(|rule| rule.checks).copied()
}

#[cfg(test)]
mod tests;
