//! Turns that pass more steps than one turn may.

use crate::conversation::finding::Code;
use crate::conversation::flow::MAX_TURN_STEPS;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::TurnSteps], checks: &[Check::Paths(check)] };

/// Reports the longest turn, if it is too long.
fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    // A turn that goes round in a loop has no length.
    if !paths.silent_loops.is_empty() {
        return;
    }
    let graph = &paths.graph;
    let longest = paths.turns().by_steps().longest();
    let Some((length, node, is_own)) =
        longest.filter(|(length, ..)| *length > MAX_TURN_STEPS as u64)
    else {
        return;
    };
    let Some(step) = graph.step(node).and_then(|step| facts.draft.steps.get(step)) else { return };
    let from = if is_own {
        format!("from `{}` on", step.name.value)
    } else {
        format!("after the last question of the flow that `{}` runs", step.name.value)
    };
    report.found(Code::TurnSteps, step.name.span, format!("{from}, {length} steps follow in one turn")).help(
        format!(
            "a turn passes at most {MAX_TURN_STEPS} steps: ask something in between, or do more in one step"
        ),
    );
}
