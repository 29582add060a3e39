//! Steps from which no path leads to an end: the conversation is over only when
//! it expires.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::algorithms::{components, flood, shortest_path};
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::NodeId;
use crate::conversation::load::analysis::path::show_path;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::NoEnd], checks: &[Check::Paths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    // A loop without a question has no end either, but that says less.
    if !paths.silent_loops.is_empty() {
        return;
    }
    let Paths { graph, reached, .. } = paths;
    let draft = facts.draft;
    let reversed = graph.reversed();
    let all: Vec<NodeId> = graph.ends().map(|(end, _)| end).collect();
    let ends = flood(graph.len(), &all, |node| reversed[node].iter().copied());
    let trapped = |node: NodeId| reached[node] && !ends[node];
    let next = |node: NodeId| {
        let edges = if trapped(node) { graph.edges(node) } else { &[] };
        edges.iter().map(|edge| edge.to)
    };
    for component in components(graph.len(), next) {
        // Only where the paths stay: a step that leads there is trapped by it.
        let stays =
            component.iter().all(|node| next(*node).all(|to| component.binary_search(&to).is_ok()));
        let steps = component.iter().filter(|node| trapped(**node));
        let first = steps.filter_map(|node| graph.step(*node)).min();
        let Some(first) = first.filter(|_| stays) else { continue };
        let name = &draft.steps[first].name;
        let way = shortest_path(graph.len(), first, |node| node == first, next);
        let way = way.map(|way| format!(": {}", show_path(draft, graph, &way))).unwrap_or_default();
        report
            .found(Code::NoEnd, name.span, format!("no path leads from `{}` to an end{way}", name.value))
            .help("let one of these steps `go` elsewhere or `end`, or write a command `stop` with its words");
    }
}
