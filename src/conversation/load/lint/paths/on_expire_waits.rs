//! An `on_expire` that leads to a question or to another flow: the conversation
//! is over, so nothing can wait.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::algorithms::shortest_path;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::path::show_path;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::link::targets::Targets;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::OnExpireWaits], checks: &[Check::Paths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let (draft, graph) = (facts.draft, &paths.graph);
    let Some(on_expire) = &draft.on_expire else { return };
    let Some(first) = Targets::new(draft).step(on_expire) else { return };
    let next = |node: usize| graph.edges(node).iter().map(|edge| edge.to);
    let waits = |node: usize| graph.waits(node);
    let path = if waits(first) {
        Some(vec![first])
    } else {
        shortest_path(graph.len(), first, waits, next)
    };
    let Some(path) = path else { return };
    let last = path.last().and_then(|node| draft.steps.get(graph.step(*node)?));
    let does = match last {
        Some(step) if step.ask().is_some() => format!("`{}` asks", step.name.value),
        Some(step) if step.call().is_some() => format!("`{}` makes a call", step.name.value),
        Some(step) if step.wait_for().is_some() => {
            format!("`{}` waits for a callback", step.name.value)
        }
        Some(step) => format!("`{}` runs a flow", step.name.value),
        None => return,
    };
    let shown = show_path(draft, graph, &path);
    report
        .found(
            Code::OnExpireWaits,
            on_expire.span,
            format!("`on_expire` cannot wait, but {does}: {shown}"),
        )
        .help("write a step that only says or sets something, and give it an `end`");
}
