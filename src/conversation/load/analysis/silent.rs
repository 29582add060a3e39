//! The ways through a flow on which nothing waits.

use super::graph::{Captures, Edge, Graph, NodeId};

/// Whether a step is reached and may be passed without waiting.
pub(crate) fn is_passed(graph: &Graph<'_>, reached: &[bool], node: NodeId) -> bool {
    reached[node] && !graph.stops(node) && graph.step(node).is_some()
}

/// The ways from one such step to another on which nothing waits.
pub(crate) fn silent_edges(
    graph: &Graph<'_>,
    reached: &[bool],
    node: NodeId,
) -> impl Iterator<Item = NodeId> {
    let edges = if is_passed(graph, reached, node) { graph.edges(node) } else { &[] };
    let subflow = graph.subflow(node);
    let is_silent = move |edge: &&Edge| match (edge.captures, subflow) {
        (Captures::Ending(at), Some(subflow)) => subflow.is_silent_to(at),
        // A command, which is heard at a question.
        (_, Some(_)) => false,
        (_, None) => graph.is_by_itself(node, edge),
    };
    edges.iter().filter(is_silent).map(|edge| edge.to).filter(|to| is_passed(graph, reached, *to))
}
