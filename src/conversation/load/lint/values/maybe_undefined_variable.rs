//! Variables that may have no value where they are read: some path gives them
//! none, or they are built in and often empty.

use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::known::{self, Known};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Use};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::syntax::fitting_quotes::quoted_at;

pub(crate) const RULE: Rule = Rule {
    codes: &[Code::MaybeUndefinedVariable],
    checks: &[Check::Flow(often_empty), Check::AlongPaths(not_on_each_path)],
};

/// The paths are the same in each language, but not what the texts read.
fn not_on_each_path(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    for draft in facts.draft.in_each_language() {
        known::check(report, draft, &paths.graph, &Known::new(draft, &paths.graph));
    }
}

/// Reports built-in variables that may be empty and have no `default`.
fn often_empty(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        let texts = draft.texts_outside().chain(draft.steps.iter().flat_map(DraftStep::texts));
        let conditions = draft.steps.iter().flat_map(DraftStep::conditions);
        let uses = texts.flat_map(|text| &text.uses);
        for used in uses.chain(conditions.flat_map(|condition| &condition.uses)) {
            if let Some(built_in) = BuiltIn::named(&used.name) {
                without_value(report, draft, used, built_in);
            }
        }
    }
}

fn without_value(report: &mut Report<'_>, draft: &Draft, used: &Use, built_in: BuiltIn) {
    if built_in.is_always_known() || used.has_default {
        return;
    }
    let name = built_in.name();
    let friend = quoted_at(report, draft, used, "friend");
    report
        .found(
            Code::MaybeUndefinedVariable,
            used.span,
            format!("`{name}` is often empty: over SMS nobody tells a name"),
        )
        .help(format!("say what to take in its place: `{name} | default({friend})`"));
}
