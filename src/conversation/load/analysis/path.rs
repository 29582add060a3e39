//! A way through a flow in words: the names of its steps, and why it goes on
//! where that is not by an answer.

use super::graph::{Cause, Edge, Graph, NodeId};
use crate::conversation::flow::{
    AFTER_EXPIRY, AFTER_FAILED_CALL, AFTER_FAILURE, AFTER_TIMEOUT, by_command,
};
use crate::conversation::load::draft::Draft;
use crate::conversation::load::link::targets::Targets;
use crate::conversation::{CommandTarget, StepId};

/// Steps of a way that a message names.
const MAX_SHOWN: usize = 6;

/// The names of these nodes' steps as a way: `A` -> `B`.
pub(crate) fn show_path(draft: &Draft, graph: &Graph<'_>, nodes: &[NodeId]) -> String {
    show_path_by(draft, graph, nodes, |_, _| true)
}

/// The same, where only some of the edges out of a node are meant.
pub(crate) fn show_path_by(
    draft: &Draft,
    graph: &Graph<'_>,
    nodes: &[NodeId],
    is_meant: impl Fn(NodeId, &Edge) -> bool,
) -> String {
    let mut names: Vec<String> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let Some(step) = graph.step(*node).and_then(|step| draft.steps.get(step)) else { continue };
        let before = at.checked_sub(1).and_then(|before| nodes.get(before).copied());
        let why = before.and_then(|from| why(draft, graph, from, *node, &is_meant));
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        names.push(format!("`{}`{why}", step.name.value));
    }
    if names.len() > MAX_SHOWN {
        let end = names.len() - MAX_SHOWN / 2;
        names.splice(MAX_SHOWN / 2..end, ["…".to_owned()]);
    }
    names.join(" -> ")
}

/// Why a way goes on to a node, where that is not by an answer.
fn why(
    draft: &Draft,
    graph: &Graph<'_>,
    from: NodeId,
    to: NodeId,
    is_meant: &impl Fn(NodeId, &Edge) -> bool,
) -> Option<String> {
    if from == graph.any_question() {
        return command_to(draft, graph, to).map(by_command);
    }
    let edges = graph.edges(from).iter();
    let mut meant = edges.filter(|edge| edge.to == to && is_meant(from, edge));
    let first = meant.next()?.cause;
    let why = match first {
        Cause::Failure => AFTER_FAILURE,
        Cause::Timeout => AFTER_TIMEOUT,
        Cause::FailedCall => AFTER_FAILED_CALL,
        Cause::Expiry => AFTER_EXPIRY,
        Cause::Done | Cause::Command => return None,
    };
    meant.all(|edge| edge.cause == first).then(|| why.to_owned())
}

/// The first word of the command that leads to a node.
fn command_to<'a>(draft: &'a Draft, graph: &Graph<'_>, to: NodeId) -> Option<&'a str> {
    let targets = Targets::new(draft);
    let leads = |step: StepId| graph.node(step, true) == to;
    let mut commands = draft.commands.iter().filter(|c| match targets.command(&c.target) {
        Some(CommandTarget::Step(step)) => leads(step),
        Some(CommandTarget::Restart) => to == 0,
        _ => false,
    });
    Some(&commands.next()?.words.first()?.written)
}
