//! How many steps a turn passes: no more than it may, through the flows that
//! are run as parts, too.

use super::draft::Draft;
use super::graph::{Captures, Edge, Graph, NodeId};
use super::paths::{components, is_passed, silent_ways};
use super::report::Report;
use crate::conversation::finding::Code;
use crate::conversation::flow::MAX_TURN_STEPS;

/// The lengths of the ways on which nothing waits. There must be no loop among them.
pub(super) struct Turns {
    /// The steps that are passed, those first that others lead to.
    order: Vec<NodeId>,
    /// The most steps from entering a node until something waits or ends.
    lengths: Vec<usize>,
}

impl Turns {
    pub(super) fn new(graph: &Graph<'_>, reached: &[bool]) -> Self {
        let components = components(graph.len(), |node| silent_ways(graph, reached, node));
        let mut order = components.concat();
        order.retain(|node| is_passed(graph, reached, *node));
        let mut lengths: Vec<usize> =
            (0..graph.len()).map(|node| usize::from(graph.is_ask(node))).collect();
        for node in &order {
            let edges = graph.edges(*node).iter();
            lengths[*node] = 1 + match graph.part(*node) {
                Some(part) => {
                    let through =
                        |edge: &Edge| Some(through(graph, *node, edge)? + lengths[edge.to]);
                    edges.filter_map(through).max().unwrap_or(0).max(part.to_wait)
                }
                None => edges.map(|edge| lengths[edge.to]).max().unwrap_or(0),
            };
        }
        Self { order, lengths }
    }

    /// The steps that are passed, those first that others lead to.
    pub(super) fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// The most steps from the beginning of the flow until something waits or ends.
    pub(super) fn at_beginning(&self, graph: &Graph<'_>) -> usize {
        if graph.steps() == 0 { 0 } else { self.lengths[0] }
    }

    /// The most steps to an end without a question: from the beginning, and
    /// from a question on.
    pub(super) fn to_end(
        &self,
        graph: &Graph<'_>,
        reached: &[bool],
        end: NodeId,
    ) -> (Option<usize>, Option<usize>) {
        let mut lengths: Vec<Option<usize>> = vec![None; graph.len()];
        lengths[end] = Some(0);
        for node in &self.order {
            let is_run = graph.part(*node).is_some();
            let ways = graph.edges(*node).iter().filter_map(|edge| {
                let passed = if is_run { through(graph, *node, edge)? } else { 0 };
                Some(passed + lengths[edge.to]?)
            });
            lengths[*node] = ways.max().map(|length| length + 1);
        }
        // What answers lead to, those of the parts included, and commands.
        let waits = (0..graph.len()).filter(|node| reached[*node]);
        let after = waits.flat_map(|node| {
            let lengths = &lengths;
            graph.edges(node).iter().filter_map(move |edge| {
                let passed = after_question(graph, node, edge)?;
                Some(passed + lengths[edge.to]?)
            })
        });
        (lengths[0], after.max())
    }
}

/// The steps that the flow run at a node passes where it ends by an edge
/// without a question.
fn through(graph: &Graph<'_>, node: NodeId, edge: &Edge) -> Option<usize> {
    match edge.captures {
        Captures::Ending(at) => graph.part(node)?.endings.get(at)?.through,
        Captures::Nothing | Captures::All => None,
    }
}

/// The steps that are passed from a question to an edge: none where the
/// question is the edge's own.
fn after_question(graph: &Graph<'_>, node: NodeId, edge: &Edge) -> Option<usize> {
    match edge.captures {
        Captures::Ending(at) => graph.part(node)?.endings.get(at)?.after_question,
        Captures::Nothing | Captures::All => {
            (graph.is_ask(node) || node == graph.any_question()).then_some(0)
        }
    }
}

/// Reports the longest way that one turn goes, where it is more than a turn passes.
pub(super) fn check(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, reached: &[bool]) {
    let turns = Turns::new(graph, reached);
    let from_step = turns.order.iter().map(|node| (turns.lengths[*node], *node, true));
    let runs = (0..graph.steps()).filter(|node| reached[*node] && graph.part(*node).is_some());
    let from_part = runs.flat_map(|node| {
        let lengths = &turns.lengths;
        graph.edges(node).iter().filter_map(move |edge| {
            let passed = after_question(graph, node, edge)?;
            Some((passed + lengths[edge.to], node, false))
        })
    });
    // Of equals the first step.
    let longest = from_step
        .chain(from_part)
        .max_by_key(|(length, node, _)| (*length, std::cmp::Reverse(*node)));
    let Some((length, node, is_own)) = longest.filter(|(length, ..)| *length > MAX_TURN_STEPS)
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
