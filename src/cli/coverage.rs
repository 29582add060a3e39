//! Reports which ways through the flows no chat file takes.

use super::output::{Colour, Output};
use crate::conversation::{Branch, Coverage, Flows, Gap, Verb};

/// The most ways that are named without a request for them.
const MAX_GAPS: usize = 20;

/// Names the steps that are never reached, which nobody would want to leave
/// out. Questions that are never answered are reported as warnings elsewhere.
pub(super) fn hint(out: &Output, flows: &Flows, coverage: &Coverage) {
    let mut gaps = coverage.gaps(flows);
    gaps.retain(|gap| gap.branch != Branch::Answered && !is_question(flows, gap));
    let is_large = |gap: &&Gap| gap.branch == Branch::Reached;
    let large: Vec<&Gap> = gaps.iter().filter(is_large).collect();
    let note = |text: &str| out.coloured("", Colour::Yellow, "note", &format!(": {text}"));
    if !large.is_empty() {
        note("no chat file goes there:");
    }
    for gap in large.iter().take(MAX_GAPS) {
        out.line(&format!("  {}: {}", gap.flow, gap.what));
    }
    let more = gaps.len() - large.len().min(MAX_GAPS);
    if more > 0 {
        let are = if more == 1 { "1 more branch is" } else { &format!("{more} more branches are") };
        note(&format!("{are} never taken; `--coverage` names all"));
    }
}

/// Returns whether the gap is that of a question as a whole.
fn is_question(flows: &Flows, gap: &Gap) -> bool {
    let steps = flows.get(&gap.flow).map(|flow| flow.steps.as_slice()).unwrap_or_default();
    let step = steps.iter().find(|step| Some(&step.name) == gap.step.as_ref());
    gap.branch == Branch::Reached && step.is_some_and(|step| matches!(step.verb, Verb::Ask(_)))
}

/// Names all of them, each with its place and what to write.
pub(super) fn report(out: &Output, flows: &Flows, coverage: &Coverage) {
    for gap in coverage.gaps(flows) {
        let origin = match &gap.origin {
            Some(origin) => format!("{}:{}:{}", origin.file, origin.line, origin.column),
            None => gap.flow.clone(),
        };
        out.coloured("", Colour::Yellow, "gap", &format!(": {origin}: {}", gap.what));
        out.line(&format!("     {}", gap.advice));
    }
    let all = coverage.share_of_all(flows);
    if flows.iter().count() > 1 {
        for flow in flows.iter() {
            let share = coverage.share(flow);
            out.line(&format!("{}: {} of {} branches", flow.name, share.taken, share.all));
        }
    }
    out.line(&format!("coverage: {} of {} branches, {} %", all.taken, all.all, all.percent()));
}
