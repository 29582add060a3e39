//! The facts about one flow on which the lints rest, each computed once.

use std::collections::HashMap;

use super::algorithms::{components, shortest_path};
use super::graph::{Graph, NodeId};
use super::lengths::Lengths;
use super::longest_turn::Turns;
use super::silent::silent_edges;
use super::subflow::Subflows;
use super::types;
use crate::conversation::StepId;
use crate::conversation::expression::types::Types;
use crate::conversation::load::draft::Draft;
use crate::conversation::load::link::targets::Targets;
use crate::message::consent::OptOutWords;

/// What is known of a flow, however much of it could be read.
pub(crate) struct Facts<'a> {
    pub(crate) draft: &'a Draft,
    /// The flows that it may run.
    pub(crate) subflows: &'a Subflows,
    /// Words that are a wish to stop by a setting.
    pub(crate) opt_out: &'a OptOutWords,
    /// How long its variables and texts can be.
    pub(crate) lengths: Lengths,
    /// What its variables can be, by language.
    pub(crate) types: Vec<HashMap<String, Types>>,
}

impl<'a> Facts<'a> {
    pub(crate) fn new(draft: &'a Draft, subflows: &'a Subflows, opt_out: &'a OptOutWords) -> Self {
        let lengths = Lengths::new(draft, subflows, u64::MAX);
        let types = draft.in_each_language().map(|draft| types::of_variables(draft, subflows));
        Self { draft, subflows, opt_out, lengths, types: types.collect() }
    }

    /// What the variables can be, whatever the language.
    pub(crate) fn types_in_any_language(&self) -> HashMap<String, Types> {
        let mut types: HashMap<String, Types> = HashMap::new();
        for (name, more) in self.types.iter().flatten() {
            let known = types.entry(name.clone()).or_default();
            *known = known.or(*more);
        }
        types
    }
}

/// The paths through a flow whose steps and jumps could all be read.
pub(crate) struct Paths<'a> {
    pub(crate) graph: Graph<'a>,
    /// Which nodes can be reached from the first step.
    pub(crate) reached: Vec<bool>,
    /// Each loop in which nothing waits, from its first step round to that step again.
    pub(crate) silent_loops: Vec<Vec<NodeId>>,
}

impl<'a> Paths<'a> {
    /// The paths; `None` where a step, a jump or a flow that is run is missing.
    pub(crate) fn of(facts: &Facts<'a>) -> Option<Self> {
        let draft = facts.draft;
        let is_whole = draft.in_each_language().all(|draft| draft.paths_are_whole);
        if !is_whole || draft.steps.is_empty() {
            return None;
        }
        let graph = Graph::new(draft, &Targets::new(draft), facts.subflows)?;
        let reached = graph.reachable();
        let silent_loops = silent_loops(&graph, &reached);
        Some(Self { graph, reached, silent_loops })
    }

    /// Whether anything leads to a step.
    pub(crate) fn is_reached(&self, step: StepId) -> bool {
        [false, true].into_iter().any(|by_command| self.reached[self.graph.node(step, by_command)])
    }

    /// The longest turns. There must be no silent loop.
    pub(crate) fn turns(&self) -> Turns<'_> {
        Turns::new(&self.graph, &self.reached)
    }
}

fn silent_loops(graph: &Graph<'_>, reached: &[bool]) -> Vec<Vec<NodeId>> {
    // The same loop may exist twice: reached by a command and otherwise.
    let mut seen: Vec<StepId> = Vec::new();
    let mut loops = Vec::new();
    let next = |node: NodeId| silent_edges(graph, reached, node);
    for component in components(graph.len(), next) {
        let first = component.iter().copied().min_by_key(|node| graph.step(*node));
        let Some((first, step)) = first.and_then(|node| Some((node, graph.step(node)?))) else {
            continue;
        };
        let inside = |node: NodeId| next(node).filter(|to| component.binary_search(to).is_ok());
        let path = shortest_path(graph.len(), first, |node| node == first, inside);
        let Some(path) = path.filter(|_| !seen.contains(&step)) else { continue };
        seen.push(step);
        loops.push(path);
    }
    loops
}
