//! Ways that lead nowhere: steps that nothing reaches, loops without a
//! question, traps without an end. How far a turn goes is [`too_many_steps`]'s.

use super::too_many_steps;
use crate::conversation::StepId;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::algorithms::{components, flood, shortest_way};
use crate::conversation::load::analysis::graph::{Graph, NodeId, silent_ways, when_decides_all};
use crate::conversation::load::analysis::way::show_way;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Draft;

/// Reports what is wrong with the ways through a flow.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, graph: &Graph) {
    if draft.steps.is_empty() {
        return;
    }
    let reached = graph.reachable();
    unreachable_steps(report, draft, graph, &reached);
    no_question(report, draft, graph, &reached);
    useless_resume(report, draft, graph, &reached);
    // A loop without a question is a trap as well, but that says less.
    if !loops(report, draft, graph, &reached) {
        traps(report, draft, graph, &reached);
        too_many_steps::check(report, draft, graph, &reached);
    }
}

fn is_reached(graph: &Graph<'_>, reached: &[bool], step: StepId) -> bool {
    reached[graph.node(step, false)] || reached[graph.node(step, true)]
}

/// Of steps that hang together only the first is reported.
fn unreachable_steps(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    let lost = |step: &StepId| !is_reached(graph, reached, *step);
    let before = graph.reversed();
    let is_root =
        |step: &StepId| before[*step].iter().all(|from| from == step || *from >= graph.steps());
    let mut covered = vec![false; graph.len()];
    for roots_only in [true, false] {
        for step in (0..graph.steps()).filter(lost) {
            if covered[step] || (roots_only && !is_root(&step)) {
                continue;
            }
            let follows =
                flood(graph.len(), &[step], |node| graph.edges(node).iter().map(|edge| edge.to));
            covered.iter_mut().zip(follows).for_each(|(covered, follows)| *covered |= follows);
            let name = &draft.steps[step].name;
            let finding = report.found(
                Code::UnreachableStep,
                name.span,
                format!("nothing leads to the step `{}`", name.value),
            );
            let above = step.checked_sub(1).filter(|_| roots_only);
            if let Some((id, above)) = above.and_then(|id| Some((id, draft.steps.get(id)?))) {
                let why = match graph.part(id) {
                    Some(part) => format!(
                        "with none of the outcomes of `{}` it goes on: `{}`",
                        part.flow,
                        part.outcomes()
                    ),
                    None => "the step above always goes elsewhere".to_owned(),
                };
                finding.label(above.name.span, why);
            }
            let unheard = draft.steps.iter().find(|from| {
                let go = from.go.as_ref().is_some_and(|go| go.value == name.value);
                go && when_decides_all(from)
            });
            finding.help(match unheard {
                Some(from) => format!(
                    "`go: {}` of `{}` never happens, since every answer stands in its `when`: take those out that should lead here",
                    name.value, from.name.value
                ),
                None => format!(
                    "write `go: {}` where it should follow, or remove the step",
                    name.value
                ),
            });
        }
    }
}

fn no_question(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    if (0..graph.steps()).any(|step| graph.waits(step) && reached[step]) {
        return;
    }
    let name = &draft.steps[0].name;
    report
        .found(Code::NoQuestion, name.span, "no question can be reached from the first step")
        .help("a conversation has at least one step with `ask`");
}

fn useless_resume(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    for (id, step) in draft.steps.iter().enumerate() {
        if let Some(span) = step.resume
            && !graph.waits(id)
            && is_reached(graph, reached, id)
            && !reached[graph.node(id, true)]
        {
            report
                .found(
                    Code::UselessResume,
                    span,
                    format!(
                        "no command leads to `{}`, so there is no question to resume",
                        step.name.value
                    ),
                )
                .help(format!(
                    "write `commands: {{{}: [word]}}` at the top, or remove `resume`",
                    step.name.value
                ));
        }
    }
}

/// Reports loops without a question; whether there are any.
fn loops(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) -> bool {
    // The same loop may exist twice: reached by a command and otherwise.
    let mut seen: Vec<StepId> = Vec::new();
    let next = |node: NodeId| silent_ways(graph, reached, node);
    for component in components(graph.len(), next) {
        let first = component.iter().copied().min_by_key(|node| graph.step(*node));
        let Some((first, step)) = first.and_then(|node| Some((node, graph.step(node)?))) else {
            continue;
        };
        let inside = |node: NodeId| next(node).filter(|to| component.binary_search(to).is_ok());
        let way = shortest_way(graph.len(), first, |node| node == first, inside);
        let Some(way) = way.filter(|_| !seen.contains(&step)) else { continue };
        seen.push(step);
        let name = &draft.steps[step].name;
        report
            .found(
                Code::SilentLoop,
                name.span,
                format!("a loop without a question: {}", show_way(draft, graph, &way)),
            )
            .help(match way.iter().find_map(|node| graph.part(*node)) {
                Some(part) => format!(
                    "the flow `{}` can end without a question: put a step with `ask` into the loop, or let it go elsewhere",
                    part.flow
                ),
                None => "put a step with `ask` into it, or let it go elsewhere".to_owned(),
            });
    }
    !seen.is_empty()
}

fn traps(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    let reversed = graph.reversed();
    let all: Vec<NodeId> = graph.ends().map(|(end, _)| end).collect();
    let ends = flood(graph.len(), &all, |node| reversed[node].iter().copied());
    let trapped = |node: NodeId| reached[node] && !ends[node];
    let next = |node: NodeId| {
        let edges = if trapped(node) { graph.edges(node) } else { &[] };
        edges.iter().map(|edge| edge.to)
    };
    for component in components(graph.len(), next) {
        // Only where the ways stay: what leads there is trapped by it.
        let stays =
            component.iter().all(|node| next(*node).all(|to| component.binary_search(&to).is_ok()));
        let steps = component.iter().filter(|node| trapped(**node));
        let first = steps.filter_map(|node| graph.step(*node)).min();
        let Some(first) = first.filter(|_| stays) else { continue };
        let name = &draft.steps[first].name;
        let way = shortest_way(graph.len(), first, |node| node == first, next);
        let way = way.map(|way| format!(": {}", show_way(draft, graph, &way))).unwrap_or_default();
        report
            .found(Code::NoEnd, name.span, format!("no way leads from `{}` to an end{way}", name.value))
            .help("let one of these steps `go` elsewhere or `end`, or write a command `stop` with its words");
    }
}
