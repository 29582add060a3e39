//! A flow's steps as a graph: every way that a conversation can take.
//!
//! A step that a command led to is another node than the same step reached
//! otherwise, since `resume` goes back to the question only then. A question,
//! and a step that runs a flow with questions of its own, has one node: nothing
//! remembers how it was reached once a question waits.

use super::algorithms::flood;
use super::subflow::{Subflow, Subflows};
use crate::conversation::flow::is_success;
use crate::conversation::load::draft::{Draft, DraftStep, DraftVerb};
use crate::conversation::load::link::targets::Targets;
use crate::conversation::{CommandTarget, StepId, outcome};

/// A node's place in the graph.
pub(crate) type NodeId = usize;

/// A way from one node to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) to: NodeId,
    pub(crate) captures: Captures,
    pub(crate) cause: Cause,
}

/// Why a conversation continues by an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The step is done, or its question is answered.
    Done,
    /// The question got too many invalid answers.
    Failure,
    /// No answer came in time.
    Timeout,
    /// The call has no answer of success.
    FailedCall,
    /// Silence has ended the conversation.
    Expiry,
    /// A command was heard, or its step leads back.
    Command,
}

/// Which of a step's variables have got their values on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Captures {
    /// None of them.
    Nothing,
    /// All of them.
    All,
    /// What is kept of the flow that was run, where it ended in the ending of
    /// this place in [`Subflow::endings`].
    Ending(usize),
}

/// What a step is to the graph.
#[derive(Clone, Copy)]
enum Kind<'a> {
    /// It waits.
    Ask,
    /// It runs a flow, which may wait.
    Run(&'a Subflow),
    /// It waits for the answer to a call, but for no person.
    Call,
    /// It waits for a third party.
    Callback,
    /// It continues by itself.
    Silent,
}

/// The graph of one flow, whose jumps all have a target.
pub(crate) struct Graph<'a> {
    steps: usize,
    edges: Vec<Vec<Edge>>,
    kinds: Vec<Kind<'a>>,
    /// The outcomes, each with a node of its own.
    ends: Vec<String>,
}

impl<'a> Graph<'a> {
    /// The graph; `None` where a flow that is run is not known.
    pub(crate) fn new(
        draft: &Draft,
        targets: &Targets<'_>,
        subflows: &'a Subflows,
    ) -> Option<Self> {
        let steps = draft.steps.len();
        let kinds =
            draft.steps.iter().map(|step| Kind::of(step, subflows)).collect::<Option<_>>()?;
        let named = draft.steps.iter().filter_map(|step| step.end.as_ref());
        let mut ends: Vec<String> = named.map(|end| end.value.clone()).collect();
        ends.extend([outcome::COMPLETED, outcome::CANCELLED].map(str::to_owned));
        ends.sort_unstable();
        ends.dedup();
        let edges = vec![Vec::new(); 2 * steps + 2 + ends.len()];
        let mut graph = Self { steps, edges, kinds, ends };
        graph.add_commands(draft, targets);
        let hears_commands = !graph.edges[graph.any_question()].is_empty();
        for (id, step) in draft.steps.iter().enumerate() {
            for by_command in [false, true] {
                if by_command && graph.waits(id) {
                    continue;
                }
                let from = graph.node(id, by_command);
                let mut edges = graph.ways(id, step, targets, by_command);
                if graph.waits(id) && hears_commands {
                    edges.push(Edge {
                        to: graph.any_question(),
                        captures: Captures::Nothing,
                        cause: Cause::Command,
                    });
                }
                if graph.waits(id)
                    && let Some(to) = draft.on_expire.as_ref().and_then(|to| targets.step(to))
                {
                    let captures = Captures::Nothing;
                    edges.push(Edge { to, captures, cause: Cause::Expiry });
                }
                graph.edges[from] = edges;
            }
            if graph.waits(id) {
                let back = graph.back();
                graph.edges[back].push(Edge {
                    to: id,
                    captures: Captures::Nothing,
                    cause: Cause::Command,
                });
            }
        }
        Some(graph)
    }

    /// The node of a step.
    pub(crate) fn node(&self, step: StepId, by_command: bool) -> NodeId {
        if by_command && !self.waits(step) { self.steps + step } else { step }
    }

    /// The step of a node, if it is one.
    pub(crate) fn step(&self, node: NodeId) -> Option<StepId> {
        (node < 2 * self.steps).then_some(node % self.steps.max(1))
    }

    /// Where a command is heard: every question leads here.
    pub(crate) fn any_question(&self) -> NodeId {
        2 * self.steps
    }

    /// Where `resume` leads: back to the question at hand.
    pub(crate) fn back(&self) -> NodeId {
        2 * self.steps + 1
    }

    /// The ends of the flow, each with its outcome.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (NodeId, &str)> {
        let first = 2 * self.steps + 2;
        self.ends.iter().enumerate().map(move |(at, outcome)| (first + at, outcome.as_str()))
    }

    /// Whether somebody who comes to this step may end the flow there with `COMPLETED`.
    pub(crate) fn completes_at(&self, step: StepId) -> bool {
        let (reached, end) = (self.reachable(), self.end(outcome::COMPLETED));
        let ends = |node: NodeId| reached[node] && self.edges(node).iter().any(|e| e.to == end);
        [false, true].into_iter().any(|by_command| ends(self.node(step, by_command)))
    }

    /// Whether the flow is over at a node.
    pub(crate) fn is_end(&self, node: NodeId) -> bool {
        node >= 2 * self.steps + 2
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.edges.len()
    }

    /// How many steps there are.
    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    /// Whether every turn ends at a node: at a question, or at a wait for a third
    /// party. An early result passes such a wait, and then begins a turn.
    pub(crate) fn stops(&self, node: NodeId) -> bool {
        matches!(self.kinds.get(node), Some(Kind::Ask | Kind::Callback))
    }

    /// Whether a node is a wait for a third party.
    pub(crate) fn is_callback(&self, node: NodeId) -> bool {
        matches!(self.kinds.get(node), Some(Kind::Callback))
    }

    /// The flow that is run at a node, if one is.
    pub(crate) fn subflow(&self, node: NodeId) -> Option<&'a Subflow> {
        match self.kinds.get(node) {
            Some(Kind::Run(subflow)) => Some(subflow),
            _ => None,
        }
    }

    /// Whether a conversation may wait at a node.
    pub(crate) fn waits(&self, node: NodeId) -> bool {
        matches!(self.kinds.get(node), Some(Kind::Ask | Kind::Run(_) | Kind::Call | Kind::Callback))
    }

    /// Whether it may wait there for longer than a call, and silence act.
    pub(crate) fn waits_long(&self, node: NodeId) -> bool {
        self.waits(node) && !self.is_call(node)
    }

    /// Whether a node is a call.
    pub(crate) fn is_call(&self, node: NodeId) -> bool {
        matches!(self.kinds.get(node), Some(Kind::Call))
    }

    /// Whether a turn goes by an edge without a message of the person. A call
    /// waits for none; what a command or a long silence does there is another turn.
    pub(crate) fn is_by_itself(&self, node: NodeId, edge: &Edge) -> bool {
        let is_outside = matches!(edge.cause, Cause::Command | Cause::Expiry);
        !(self.stops(node) || self.is_call(node) && is_outside)
    }

    /// The ways out of a node.
    pub(crate) fn edges(&self, node: NodeId) -> &[Edge] {
        &self.edges[node]
    }

    /// Every edge turned round.
    pub(crate) fn reversed(&self) -> Vec<Vec<NodeId>> {
        let mut reversed = vec![Vec::new(); self.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for edge in edges {
                reversed[edge.to].push(from);
            }
        }
        reversed
    }

    /// The nodes that can be reached from the first step, which is one of them.
    pub(crate) fn reachable(&self) -> Vec<bool> {
        // `resume` goes back to a question that was reached before.
        let ways = |node| if node == self.back() { &[][..] } else { self.edges(node) };
        flood(self.len(), &[0], |node| ways(node).iter().map(|edge| edge.to))
    }

    /// The node of an outcome, which is one of the flow's.
    fn end(&self, outcome: &str) -> NodeId {
        let at = self.ends.binary_search_by(|end| end.as_str().cmp(outcome)).unwrap_or_default();
        2 * self.steps + 2 + at
    }

    fn add_commands(&mut self, draft: &Draft, targets: &Targets<'_>) {
        let hub = self.any_question();
        for command in &draft.commands {
            let to = match targets.command(&command.target) {
                Some(CommandTarget::Step(step)) => self.node(step, true),
                Some(CommandTarget::Restart) if self.steps > 0 => 0,
                Some(CommandTarget::Stop) => self.end(outcome::CANCELLED),
                Some(CommandTarget::Restart | CommandTarget::Repeat) | None => continue,
            };
            self.edges[hub].push(Edge { to, captures: Captures::Nothing, cause: Cause::Command });
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
            let (to, captures) = (self.back(), Captures::All);
            return vec![Edge { to, captures, cause: Cause::Command }];
        }
        let mut edges = Vec::new();
        let on_fail = step.ask().and_then(|ask| ask.on_fail.as_ref());
        if let Some(target) = on_fail.and_then(|(_, target)| targets.step(target)) {
            let captures = Captures::Nothing;
            edges.push(Edge { to: target, captures, cause: Cause::Failure });
        }
        let on_timeout = step.silence().and_then(|silence| silence.timeout.as_ref());
        if let Some(target) = on_timeout.and_then(|(_, target)| targets.step(target)) {
            let captures = Captures::Nothing;
            edges.push(Edge { to: target, captures, cause: Cause::Timeout });
        }
        let otherwise = self.ways_without_when(id, step, targets, by_command);
        let mut go = |to, captures| edges.push(Edge { to, captures, cause: Cause::Done });
        if let Some(subflow) = self.subflow(id) {
            for (at, ending) in subflow.endings.iter().enumerate() {
                let captures = Captures::Ending(at);
                let named = step.when.iter().find(|(outcome, _)| outcome.value == ending.outcome);
                match named.and_then(|(_, target)| targets.step(target)) {
                    Some(target) => go(target, captures),
                    // As `Step::passes_on` has it.
                    None if ending.outcome == outcome::CANCELLED => {
                        go(self.end(outcome::CANCELLED), captures);
                    }
                    None => otherwise.iter().for_each(|to| go(*to, captures)),
                }
            }
            return edges;
        }
        if let DraftVerb::Call(_) = &step.verb {
            edges.extend(self.ways_of_call(step, targets, &otherwise));
            return edges;
        }
        let when = step.when.iter().filter_map(|(_, target)| targets.step(target));
        when.for_each(|target| go(self.node(target, false), Captures::All));
        // A wait for a third party takes no other outcome.
        if !(step.when_decides_all() || self.is_callback(id)) {
            for to in otherwise {
                go(to, Captures::All);
            }
        }
        edges
    }

    /// The ways out of a call. `otherwise` are those of an answer of success for
    /// which `when` has no entry.
    fn ways_of_call(
        &self,
        step: &DraftStep,
        targets: &Targets<'_>,
        otherwise: &[NodeId],
    ) -> Vec<Edge> {
        let when = step.when.iter().filter_map(|(key, target)| {
            let to = self.node(targets.step(target)?, false);
            Some(if is_success(&key.value) {
                Edge { to, captures: Captures::All, cause: Cause::Done }
            } else {
                Edge { to, captures: Captures::Nothing, cause: Cause::FailedCall }
            })
        });
        let has_all = step.when.iter().any(|(key, _)| key.value == "2xx");
        let otherwise = otherwise.iter().filter(|_| !has_all);
        let otherwise =
            otherwise.map(|to| Edge { to: *to, captures: Captures::All, cause: Cause::Done });
        when.chain(otherwise).collect()
    }

    /// The ways out of a step where `when` has not decided.
    fn ways_without_when(
        &self,
        id: StepId,
        step: &DraftStep,
        targets: &Targets<'_>,
        by_command: bool,
    ) -> Vec<NodeId> {
        let by_command = by_command && !self.waits(id);
        let branches = step.branches.iter().filter_map(|(_, target)| targets.step(target));
        let mut ways: Vec<NodeId> = branches.map(|to| self.node(to, by_command)).collect();
        let next = step.go.as_ref().and_then(|target| targets.step(target));
        ways.push(match (next, &step.end) {
            (Some(target), _) => self.node(target, by_command),
            (None, Some(end)) => self.end(&end.value),
            (None, None) if id + 1 < self.steps => self.node(id + 1, by_command),
            (None, None) => self.end(outcome::COMPLETED),
        });
        ways
    }
}

impl<'a> Kind<'a> {
    fn of(step: &DraftStep, subflows: &'a Subflows) -> Option<Self> {
        Some(match &step.verb {
            DraftVerb::Ask(_) => Self::Ask,
            DraftVerb::Run(run) => Self::Run(subflows.get(run.flow.as_ref()?)?),
            DraftVerb::Call(_) => Self::Call,
            DraftVerb::WaitFor(_) => Self::Callback,
            DraftVerb::Say(_) | DraftVerb::Set(_) | DraftVerb::Branch => Self::Silent,
        })
    }
}

#[cfg(test)]
mod tests;
