//! Names that are read and that no step sets, whichever way is gone.

use std::collections::HashSet;

use super::draft::{Draft, DraftStep, Text, Use};
use super::report::Report;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::translation::LANGUAGE;

/// Reports names that nothing gives a value, or that may have none.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    let where_no_answers_are = [
        (&draft.otherwise, "`otherwise` is said where no conversation is"),
        (&draft.changed, "`changed` is said when the answers are forgotten"),
    ];
    for (text, why) in where_no_answers_are {
        without_answers(report, draft, text.as_ref(), why);
    }
    let mut captured: HashSet<String> = draft.steps.iter().flat_map(DraftStep::captures).collect();
    captured.extend(draft.has_languages().then(|| LANGUAGE.to_owned()));
    let ended = draft.ended.iter().flat_map(|text| &text.uses);
    for used in draft.steps.iter().flat_map(DraftStep::uses).chain(ended) {
        match BuiltIn::named(&used.name) {
            Some(built_in) => without_value(report, used, built_in),
            // Even with `default` a name that nobody captures is a slip.
            None if !captured.contains(&used.name) && !draft.may_be_set.contains(&used.name) => {
                nobody_captures(report, &captured, used);
            }
            None => {}
        }
    }
}

/// A text that is said where there are no answers.
fn without_answers(report: &mut Report<'_>, draft: &Draft, text: Option<&Text>, why: &str) {
    for used in text.iter().flat_map(|text| &text.uses) {
        match BuiltIn::named(&used.name) {
            Some(built_in) => without_value(report, used, built_in),
            None if used.has_default || draft.is_language(&used.name) => {}
            None => {
                let built_in = BuiltIn::ALL.map(BuiltIn::name).join("`, `");
                report
                    .error(used.span, format!("{why}, so `{}` is not known", used.name))
                    .help(format!("only `{built_in}` are known there"));
            }
        }
    }
}

/// Reports a built-in name that may be empty and has no `default`.
fn without_value(report: &mut Report<'_>, used: &Use, built_in: BuiltIn) {
    if built_in.is_always_known() || used.has_default {
        return;
    }
    let name = built_in.name();
    report
        .error(used.span, format!("`{name}` is often empty: over SMS nobody tells a name"))
        .help(format!("say what to take in its place: `{name} | default(\"friend\")`"));
}

fn nobody_captures(report: &mut Report<'_>, captured: &HashSet<String>, used: &Use) {
    // Sorted, so that among equals the advice is always the same.
    let mut names: Vec<&str> = captured.iter().map(String::as_str).collect();
    names.extend(BuiltIn::ALL.map(BuiltIn::name));
    names.sort_unstable();
    let near = report.did_you_mean(&used.name, names);
    report
        .error(used.span, format!("nothing gives `{}` a value", used.name))
        .help("a question gives its step's name a value, or the name in `save`; `set` does so too")
        .maybe_help(near);
}
