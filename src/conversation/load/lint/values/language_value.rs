//! Values of `language` that are not a language of the flow.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::load::read::languages;

pub(crate) const RULE: Rule = Rule { codes: &[Code::LanguageValue], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        languages::check(report, draft);
    }
}
