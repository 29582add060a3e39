//! How many steps a turn passes, through the flows that are run as parts, too.

use super::algorithms::components;
use super::graph::{Captures, Edge, Graph, NodeId, is_passed, silent_ways};

/// The lengths of the ways on which nothing waits. There must be no loop among them.
pub(crate) struct Turns {
    /// The steps that are passed, those first that others lead to.
    order: Vec<NodeId>,
    /// The most steps from entering a node until something waits or ends.
    lengths: Vec<usize>,
}

impl Turns {
    pub(crate) fn new(graph: &Graph<'_>, reached: &[bool]) -> Self {
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
    pub(crate) fn order(&self) -> &[NodeId] {
        &self.order
    }

    /// The most steps from the beginning of the flow until something waits or ends.
    pub(crate) fn at_beginning(&self, graph: &Graph<'_>) -> usize {
        if graph.steps() == 0 { 0 } else { self.lengths[0] }
    }

    /// The longest way that one turn goes: how many steps, the step, and whether
    /// they are counted from that step on and not from a question in the flow
    /// that it runs.
    pub(crate) fn longest(
        &self,
        graph: &Graph<'_>,
        reached: &[bool],
    ) -> Option<(usize, NodeId, bool)> {
        let from_step = self.order.iter().map(|node| (self.lengths[*node], *node, true));
        let runs = (0..graph.steps()).filter(|node| reached[*node] && graph.part(*node).is_some());
        let from_part = runs.flat_map(|node| {
            let lengths = &self.lengths;
            graph.edges(node).iter().filter_map(move |edge| {
                let passed = after_question(graph, node, edge)?;
                Some((passed + lengths[edge.to], node, false))
            })
        });
        // Of equals the first step.
        from_step
            .chain(from_part)
            .max_by_key(|(length, node, _)| (*length, std::cmp::Reverse(*node)))
    }

    /// The most steps to an end without a question: from the beginning, and
    /// from a question on.
    pub(crate) fn to_end(
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
