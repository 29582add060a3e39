//! Names that are read and that no step sets, whichever way is gone.

use std::collections::HashSet;

use super::draft::{Draft, DraftStep, Use};
use super::report::Report;
use crate::conversation::built_in::BuiltIn;

/// Reports names that nothing gives a value.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft) {
    otherwise(report, draft);
    let captured: HashSet<String> = draft.steps.iter().flat_map(DraftStep::captures).collect();
    let ended = draft.ended.iter().flat_map(|text| &text.uses);
    for used in draft.steps.iter().flat_map(DraftStep::uses).chain(ended) {
        let name = used.name.as_str();
        let is_set = captured.contains(name) || draft.may_be_set.contains(name);
        // Even with `default` a name that nobody captures is a slip.
        if !is_set && BuiltIn::named(name).is_none() {
            nobody_captures(report, &captured, used);
        }
    }
}

/// `otherwise` is said outside of any conversation.
fn otherwise(report: &mut Report<'_>, draft: &Draft) {
    for used in draft.otherwise.iter().flat_map(|text| &text.uses) {
        if !used.has_default && BuiltIn::named(&used.name).is_none() {
            let built_in = BuiltIn::ALL.map(BuiltIn::name).join("`, `");
            report
                .error(
                    used.span,
                    format!(
                        "`otherwise` is said where no conversation is, so `{}` is not known",
                        used.name
                    ),
                )
                .help(format!("only `{built_in}` are known there"));
        }
    }
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
