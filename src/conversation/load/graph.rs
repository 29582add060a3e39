//! A flow's steps as a graph: every way that a conversation can take.
//!
//! A step that a command led to is another node than the same step reached
//! otherwise, since `resume` goes back to the question only then. Questions
//! have one node: once a question waits, nothing remembers how it was reached.

use super::draft::{Draft, DraftStep, DraftVerb};
use super::targets::Targets;
use crate::conversation::{CommandTarget, StepId};

/// A node's place in the graph.
pub(super) type NodeId = usize;

/// A way from one node to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) to: NodeId,
    /// Whether the step's variables have got their values on this way.
    pub(super) captures: bool,
}

/// The graph of one flow, whose jumps all have a target.
pub(super) struct Graph {
    steps: usize,
    edges: Vec<Vec<Edge>>,
    is_ask: Vec<bool>,
}

impl Graph {
    pub(super) fn new(draft: &Draft, targets: &Targets<'_>) -> Self {
        let steps = draft.steps.len();
        let is_ask = draft.steps.iter().map(|step| step.ask().is_some()).collect();
        let mut graph = Self { steps, edges: vec![Vec::new(); 2 * steps + 3], is_ask };
        graph.add_commands(draft, targets);
        let hears_commands = !graph.edges[graph.any_question()].is_empty();
        for (id, step) in draft.steps.iter().enumerate() {
            for by_command in [false, true] {
                if by_command && graph.is_ask[id] {
                    continue;
                }
                let from = graph.node(id, by_command);
                let mut edges = graph.ways(id, step, targets, by_command);
                if graph.is_ask[id] && hears_commands {
                    edges.push(Edge { to: graph.any_question(), captures: false });
                }
                graph.edges[from] = edges;
            }
            if graph.is_ask[id] {
                let back = graph.back();
                graph.edges[back].push(Edge { to: id, captures: false });
            }
        }
        graph
    }

    /// The node of a step.
    pub(super) fn node(&self, step: StepId, by_command: bool) -> NodeId {
        if by_command && !self.is_ask[step] { self.steps + step } else { step }
    }

    /// The step of a node, if it is one.
    pub(super) fn step(&self, node: NodeId) -> Option<StepId> {
        (node < 2 * self.steps).then_some(node % self.steps.max(1))
    }

    /// Where a command is heard: every question leads here.
    pub(super) fn any_question(&self) -> NodeId {
        2 * self.steps
    }

    /// The end of the flow.
    pub(super) fn end(&self) -> NodeId {
        2 * self.steps + 1
    }

    /// Where `resume` leads: back to the question at hand.
    pub(super) fn back(&self) -> NodeId {
        2 * self.steps + 2
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.edges.len()
    }

    /// How many steps there are.
    pub(super) fn steps(&self) -> usize {
        self.steps
    }

    /// Whether a node is a question.
    pub(super) fn is_ask(&self, node: NodeId) -> bool {
        node < self.steps && self.is_ask[node]
    }

    /// The ways out of a node.
    pub(super) fn edges(&self, node: NodeId) -> &[Edge] {
        &self.edges[node]
    }

    /// Every edge turned round.
    pub(super) fn reversed(&self) -> Vec<Vec<NodeId>> {
        let mut reversed = vec![Vec::new(); self.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for edge in edges {
                reversed[edge.to].push(from);
            }
        }
        reversed
    }

    /// The nodes that can be reached from the first step, which is one of them.
    pub(super) fn reachable(&self) -> Vec<bool> {
        // `resume` goes back to a question that was reached before.
        let ways = |node| if node == self.back() { &[][..] } else { self.edges(node) };
        flood(self.len(), &[0], |node| ways(node).iter().map(|edge| edge.to))
    }

    fn add_commands(&mut self, draft: &Draft, targets: &Targets<'_>) {
        let hub = self.any_question();
        for command in &draft.commands {
            let to = match targets.command(&command.target) {
                Some(CommandTarget::Step(step)) => self.node(step, true),
                Some(CommandTarget::Restart) if self.steps > 0 => 0,
                Some(CommandTarget::Stop) => self.end(),
                Some(CommandTarget::Restart | CommandTarget::Repeat) | None => continue,
            };
            self.edges[hub].push(Edge { to, captures: false });
        }
    }

    /// The ways out of a step, commands aside, in the order in which they are tried.
    fn ways(
        &self,
        id: StepId,
        step: &DraftStep,
        targets: &Targets<'_>,
        by_command: bool,
    ) -> Vec<Edge> {
        if by_command && step.resume.is_some() {
            return vec![Edge { to: self.back(), captures: true }];
        }
        let mut edges = Vec::new();
        let on_fail = step.ask().and_then(|ask| ask.on_fail.as_ref());
        if let Some(target) = on_fail.and_then(|(_, target)| targets.step(target)) {
            edges.push(Edge { to: target, captures: false });
        }
        let stays_by_command = by_command && !self.is_ask[id];
        let mut go = |target: NodeId| edges.push(Edge { to: target, captures: true });
        let when = step.when.iter().filter_map(|(_, target)| targets.step(target));
        when.for_each(|target| go(self.node(target, stays_by_command)));
        if when_decides_all(step) {
            return edges;
        }
        let branches = step.branches.iter().filter_map(|(_, target)| targets.step(target));
        branches.for_each(|target| go(self.node(target, stays_by_command)));
        let next = step.go.as_ref().and_then(|target| targets.step(target));
        let following = (id + 1 < self.steps).then_some(id + 1);
        let target = match (next, &step.end) {
            (Some(target), _) => Some(target),
            (None, Some(_)) => None,
            (None, None) => following,
        };
        go(target.map_or(self.end(), |target| self.node(target, stays_by_command)));
        edges
    }
}

/// Whether every answer that a question takes stands in its `when`.
fn when_decides_all(step: &DraftStep) -> bool {
    let DraftVerb::Ask(ask) = &step.verb else { return false };
    let decided = |answer: &&str| step.when.iter().any(|(key, _)| key.value == *answer);
    let answers = ask.answer.as_ref().and_then(|answer| answer.kind.answers());
    ask.optional.is_empty() && answers.is_some_and(|answers| answers.iter().all(decided))
}

/// The nodes that can be reached from `from` by `next`, `from` included.
pub(super) fn flood<I: Iterator<Item = NodeId>>(
    nodes: usize,
    from: &[NodeId],
    next: impl Fn(NodeId) -> I,
) -> Vec<bool> {
    let mut seen = vec![false; nodes];
    let mut waiting = Vec::new();
    for node in from {
        if !std::mem::replace(&mut seen[*node], true) {
            waiting.push(*node);
        }
    }
    while let Some(node) = waiting.pop() {
        for to in next(node) {
            if !std::mem::replace(&mut seen[to], true) {
                waiting.push(to);
            }
        }
    }
    seen
}

/// The shortest way from `from` to a node that `is_goal`, by `next`, both ends included.
///
/// At least one step is taken, so that a way may lead back to where it began.
pub(super) fn shortest_way<I: Iterator<Item = NodeId>>(
    nodes: usize,
    from: NodeId,
    is_goal: impl Fn(NodeId) -> bool,
    next: impl Fn(NodeId) -> I,
) -> Option<Vec<NodeId>> {
    let mut came_from: Vec<Option<NodeId>> = vec![None; nodes];
    let mut waiting = std::collections::VecDeque::from([from]);
    while let Some(node) = waiting.pop_front() {
        for to in next(node) {
            if is_goal(to) {
                let mut way = vec![to, node];
                let mut at = node;
                while at != from {
                    at = came_from[at]?;
                    way.push(at);
                }
                way.reverse();
                return Some(way);
            }
            if to != from && came_from[to].is_none() {
                came_from[to] = Some(node);
                waiting.push_back(to);
            }
        }
    }
    None
}
