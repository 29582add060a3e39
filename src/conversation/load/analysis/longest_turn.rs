//! The longest turns: those paths on which nothing waits that add up to the
//! most, by any [`Measure`], through the sub-flows that are run on them, too.

use super::algorithms::components;
use super::graph::{Captures, Edge, Graph, NodeId};
use super::measure::Measure;
use super::silent::{is_passed, silent_edges};
use super::subflow::{Stretch, TurnLength};
use crate::conversation::StepId;

/// The turns of a flow that has no loop without a question.
pub(crate) struct Turns<'a> {
    graph: &'a Graph<'a>,
    reached: &'a [bool],
    /// The nodes that a turn passes, each after those that it leads to.
    order: Vec<NodeId>,
}

impl<'a> Turns<'a> {
    pub(crate) fn new(graph: &'a Graph<'a>, reached: &'a [bool]) -> Self {
        let components = components(graph.len(), |node| silent_edges(graph, reached, node));
        let mut order = components.concat();
        order.retain(|node| is_passed(graph, reached, *node));
        Self { graph, reached, order }
    }

    /// The turns with the most steps.
    pub(crate) fn by_steps(&self) -> LongestTurn<'_> {
        self.by(Measure::Steps, vec![Some(1); self.graph.steps()])
    }

    /// The turns that add up to the most, where each step adds its weight. A step
    /// without a weight is no part of a turn that passes others.
    pub(crate) fn by(&self, measure: Measure, weights: Vec<Option<u64>>) -> LongestTurn<'_> {
        let len = self.graph.len();
        let (from, next) = (vec![0; len], vec![None; len]);
        let mut longest = LongestTurn { turns: self, measure, weights, question: 0, from, next };
        longest.look_at_questions();
        for node in &self.order {
            longest.look_at(*node);
        }
        longest
    }

    fn reached(&self) -> impl Iterator<Item = NodeId> {
        (0..self.graph.len()).filter(|node| self.reached[*node])
    }
}

/// The turn that adds up to the most, from each node on.
pub(crate) struct LongestTurn<'a> {
    turns: &'a Turns<'a>,
    measure: Measure,
    /// What each step adds.
    weights: Vec<Option<u64>>,
    /// The longest question that `resume` may ask again.
    question: u64,
    /// What a turn adds up to from entering a node on.
    from: Vec<u64>,
    /// Where that turn continues.
    next: Vec<Option<NodeId>>,
}

impl LongestTurn<'_> {
    fn look_at_questions(&mut self) {
        let (turns, graph) = (self.turns, self.turns.graph);
        for node in turns.reached().filter(|node| graph.waits_long(*node)) {
            let question = if let Some(subflow) = graph.subflow(node) {
                subflow.turns.by(self.measure).question
            } else {
                self.from[node] = self.weight(node);
                self.from[node]
            };
            self.question = self.question.max(question);
        }
        // A turn does not pass the question to which it returns.
        if self.measure == Measure::Steps {
            self.question = 0;
        }
        self.from[graph.back()] = self.question;
    }

    fn look_at(&mut self, node: NodeId) {
        let graph = self.turns.graph;
        let subflow = graph.subflow(node);
        let to_wait = subflow.map_or(0, |subflow| subflow.turns.by(self.measure).to_wait);
        let (mut after, mut next) = (to_wait, None);
        for edge in graph.edges(node) {
            let passed = self.passed(node, edge, false);
            let Some(sum) = passed.map(|passed| self.join(passed, self.entered(edge.to))) else {
                continue;
            };
            if sum > after || next.is_none() && sum == after {
                (after, next) = (sum, Some(edge.to));
            }
        }
        self.from[node] = self.join(self.weight(node), after);
        self.next[node] = next;
    }

    fn join(&self, one: u64, other: u64) -> u64 {
        self.measure.join(one, other)
    }

    /// What a step adds, if it adds to a turn that passes others.
    pub(crate) fn of_step(&self, step: StepId) -> u64 {
        self.weights[step].unwrap_or_default()
    }

    fn weight(&self, node: NodeId) -> u64 {
        self.turns.graph.step(node).map_or(0, |step| self.of_step(step))
    }

    fn stands_alone(&self, node: NodeId) -> bool {
        self.turns.graph.step(node).is_some_and(|step| self.weights[step].is_none())
    }

    /// What entering a node adds to the turn that comes to it.
    fn entered(&self, node: NodeId) -> u64 {
        if self.stands_alone(node) { 0 } else { self.from[node] }
    }

    /// What is added inside a node before an edge leaves it, either from the last
    /// question there on, its own or its sub-flow's, or without a question.
    fn passed(&self, node: NodeId, edge: &Edge, after_question: bool) -> Option<u64> {
        let graph = self.turns.graph;
        match (edge.captures, graph.subflow(node)) {
            (Captures::Ending(at), Some(subflow)) => {
                let stretch = subflow.turns.by(self.measure).endings.get(at)?;
                if after_question { stretch.after_question } else { stretch.through }
            }
            (_, Some(_)) => None,
            (_, None) => {
                let is_heard = node == graph.any_question() || !graph.is_by_itself(node, edge);
                (is_heard == after_question).then_some(0)
            }
        }
    }

    /// What the first turn adds up to, where another text may stand before it.
    pub(crate) fn at_beginning(&self) -> u64 {
        if self.turns.graph.steps() == 0 { 0 } else { self.entered(0) }
    }

    /// Each turn: what it adds up to, and the node that it begins at.
    pub(crate) fn each(&self) -> Vec<(u64, NodeId)> {
        let graph = self.turns.graph;
        let mut turns: Vec<(u64, NodeId)> = Vec::new();
        if graph.steps() > 0 {
            turns.push((self.at_beginning(), 0));
        }
        for node in self.turns.reached() {
            if self.stands_alone(node) && !graph.stops(node) {
                turns.push((self.from[node], node));
            }
            turns.extend(self.after_question(node));
        }
        turns
    }

    /// The turns that begin with an answer at a node: what each adds up to, and
    /// the node after it.
    fn after_question(&self, node: NodeId) -> impl Iterator<Item = (u64, NodeId)> {
        let edges = self.turns.graph.edges(node).iter();
        edges.filter_map(move |edge| {
            let passed = self.passed(node, edge, true)?;
            Some((self.join(passed, self.entered(edge.to)), edge.to))
        })
    }

    /// The longest stretch from a step to the next question or end: what it adds
    /// up to, the step's node, and whether it begins at that step and not at the
    /// last question of the sub-flow that the step runs.
    pub(crate) fn longest(&self) -> Option<(u64, NodeId, bool)> {
        let graph = self.turns.graph;
        let from_step = self.turns.order.iter().map(|node| (self.from[*node], *node, true));
        let runs = self.turns.reached().filter(|node| graph.subflow(*node).is_some());
        let from_subflow =
            runs.flat_map(|node| self.after_question(node).map(move |(sum, _)| (sum, node, false)));
        // Of equal ones the first in the file.
        from_step.chain(from_subflow).max_by_key(|(sum, node, _)| (*sum, std::cmp::Reverse(*node)))
    }

    /// The nodes of the longest turn from a node on.
    pub(crate) fn path(&self, from: NodeId) -> Vec<NodeId> {
        let goes_on = |node: &NodeId| self.next[*node].filter(|next| !self.stands_alone(*next));
        std::iter::successors(Some(from), goes_on).collect()
    }

    /// What a flow that runs this one knows of its turns.
    pub(crate) fn seen_from_outside(&self) -> TurnLength {
        let ends = self.turns.graph.ends().map(|(end, _)| end);
        let ends = ends.filter(|end| self.turns.reached[*end]);
        TurnLength {
            to_wait: self.from.first().copied().unwrap_or_default(),
            question: self.question,
            endings: ends.map(|end| self.to_end(end)).collect(),
        }
    }

    fn to_end(&self, end: NodeId) -> Stretch {
        let mut from: Vec<Option<u64>> = vec![None; self.turns.graph.len()];
        from[end] = Some(0);
        let by = |from: &[Option<u64>], node: NodeId, after_question: bool| {
            let edges = self.turns.graph.edges(node).iter();
            let sums = edges.filter_map(|edge| {
                Some(self.join(self.passed(node, edge, after_question)?, from[edge.to]?))
            });
            sums.max()
        };
        for node in &self.turns.order {
            let after = by(&from, *node, false);
            from[*node] = after.map(|after| self.join(self.weight(*node), after));
        }
        let after_question = self.turns.reached().filter_map(|node| by(&from, node, true)).max();
        Stretch { through: from.first().copied().flatten(), after_question }
    }
}
