//! Comparisons of a date, a time or `now` with a value of another form: their
//! result is the same for every answer and at every moment.

pub(crate) mod form;
mod moments;
mod stored;

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::FormMismatch], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for draft in facts.draft.in_each_language() {
        stored::check(report, draft);
        moments::check(report, draft);
    }
}
