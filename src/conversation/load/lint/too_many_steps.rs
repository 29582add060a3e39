//! Turns that pass more steps than one may.

use crate::conversation::finding::Code;
use crate::conversation::flow::MAX_TURN_STEPS;
use crate::conversation::load::analysis::graph::Graph;
use crate::conversation::load::analysis::longest_turn::Turns;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;

/// Reports the longest way that one turn goes, where it is more than a turn passes.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    let longest = Turns::new(graph, reached).by_steps().longest();
    let Some((length, node, is_own)) =
        longest.filter(|(length, ..)| *length > MAX_TURN_STEPS as u64)
    else {
        return;
    };
    let Some(step) = graph.step(node).and_then(|step| draft.steps.get(step)) else { return };
    let from = if is_own {
        format!("from `{}` on", step.name.value)
    } else {
        format!("after the last question of the flow that `{}` runs", step.name.value)
    };
    report.found(Code::TurnSteps, step.name.span, format!("{from}, {length} steps follow in one turn")).help(
        format!(
            "a turn passes at most {MAX_TURN_STEPS} steps: ask something on the way, or do more in one step"
        ),
    );
}
