//! A flow that never asks anything: every conversation ends in its first turn.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::NoQuestion], checks: &[Check::Paths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let Paths { graph, reached, .. } = paths;
    if (0..graph.steps()).any(|step| graph.waits(step) && reached[step]) {
        return;
    }
    let name = &facts.draft.steps[0].name;
    report
        .found(Code::NoQuestion, name.span, "no question can be reached from the first step")
        .help("a conversation has at least one step with `ask`");
}
