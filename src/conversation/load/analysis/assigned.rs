//! Which variables every path to a step has given a value: definite assignment.
//!
//! A forward analysis. At the start no variable is assigned, a question or a
//! `set` assigns its own, and where paths meet only the variables that all of
//! them assign remain.

use std::collections::{HashMap, VecDeque};

use super::graph::{Captures, Edge, Graph, NodeId};
use super::subflow::{Ending, Subflow};
use crate::conversation::load::draft::{Draft, DraftStep, DraftVerb};
use crate::conversation::{StepId, outcome};

/// The variables of a flow, and which of them are assigned at each node.
pub(crate) struct Assigned {
    variables: Vec<String>,
    ids: HashMap<String, usize>,
    /// What each step assigns.
    captures: Vec<Vec<usize>>,
    /// What each step that runs a flow keeps of it, for each of its endings.
    kept: HashMap<StepId, Vec<Vec<usize>>>,
    /// What is assigned on entering a node; `None` where nothing leads.
    entering: Vec<Option<Set>>,
}

impl Assigned {
    pub(crate) fn new(draft: &Draft, graph: &Graph<'_>) -> Self {
        let mut names: Vec<Vec<String>> = draft.steps.iter().map(DraftStep::captures).collect();
        // The language always has a value, and is not an answer.
        for names in &mut names {
            names.retain(|name| !draft.is_language(name));
        }
        let mut variables: Vec<String> = names.iter().flatten().cloned().collect();
        variables.sort_unstable();
        variables.dedup();
        let ids: HashMap<String, usize> =
            variables.iter().cloned().enumerate().map(|(id, name)| (name, id)).collect();
        let captures = names
            .iter()
            .map(|names| names.iter().filter_map(|name| ids.get(name).copied()).collect())
            .collect();
        let steps = draft.steps.iter().enumerate();
        let kept = steps.filter_map(|(id, step)| Some((id, kept(step, graph.subflow(id)?, &ids))));
        let kept = kept.collect();
        let entering = vec![None; graph.len()];
        let mut assigned = Self { variables, ids, captures, kept, entering };
        if !draft.steps.is_empty() {
            assigned.spread(graph);
        }
        assigned
    }

    /// Looks at a node again whenever a path to it assigns less than the paths before.
    fn spread(&mut self, graph: &Graph<'_>) {
        self.entering[0] = Some(Set::empty(self.variables.len()));
        let mut waiting = VecDeque::from([0]);
        let mut is_waiting = vec![false; graph.len()];
        while let Some(node) = waiting.pop_front() {
            is_waiting[node] = false;
            let Some(before) = self.entering[node].clone() else { continue };
            for edge in graph.edges(node) {
                // A question that is asked again has what it had before.
                if edge.to == graph.back() {
                    continue;
                }
                let mut after = before.clone();
                self.on_edge(graph, node, edge).iter().for_each(|id| after.insert(*id));
                let after = &after;
                let changed = match &mut self.entering[edge.to] {
                    Some(set) => set.retain_all(after),
                    entering => {
                        *entering = Some(after.clone());
                        true
                    }
                };
                if changed && !std::mem::replace(&mut is_waiting[edge.to], true) {
                    waiting.push_back(edge.to);
                }
            }
        }
    }

    /// The variables that have a value on this edge out of a node.
    fn on_edge(&self, graph: &Graph<'_>, node: NodeId, edge: &Edge) -> &[usize] {
        let Some(step) = graph.step(node) else { return &[] };
        let captured = match edge.captures {
            Captures::Nothing => None,
            Captures::All => self.captures.get(step),
            Captures::Ending(at) => self.kept.get(&step).and_then(|kept| kept.get(at)),
        };
        captured.map_or(&[], Vec::as_slice)
    }

    /// The variables that are assigned on entering a node, sorted.
    pub(crate) fn at_node(&self, node: NodeId) -> Vec<String> {
        self.entering[node].as_ref().map(|set| self.names(set)).unwrap_or_default()
    }

    fn names(&self, set: &Set) -> Vec<String> {
        let names = self.variables.iter().enumerate();
        names.filter(|(id, _)| set.contains(*id)).map(|(_, name)| name.clone()).collect()
    }

    /// The variables that are assigned on entering a step, sorted.
    pub(crate) fn at_step(&self, graph: &Graph<'_>, step: StepId) -> Vec<String> {
        self.entering_step(graph, step).map(|set| self.names(&set)).unwrap_or_default()
    }

    /// What is assigned on entering a step; `None` where nothing leads.
    pub(crate) fn entering_step(&self, graph: &Graph<'_>, step: StepId) -> Option<Set> {
        let by_command = self.entering[graph.node(step, true)].clone();
        match (self.entering[graph.node(step, false)].clone(), by_command) {
            (Some(mut set), Some(other)) => {
                set.retain_all(&other);
                Some(set)
            }
            (set, other) => set.or(other),
        }
    }

    /// Whether a step assigns a variable of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.ids.contains_key(name)
    }

    /// Whether a set of variables holds one of this name.
    pub(crate) fn holds(&self, set: &Set, name: &str) -> bool {
        self.ids.get(name).is_some_and(|id| set.contains(*id))
    }

    /// Adds a variable to a set.
    pub(crate) fn assign(&self, set: &mut Set, name: &str) {
        self.ids.get(name).iter().for_each(|id| set.insert(**id));
    }

    /// Adds what the conditions of a step see besides what was assigned before it:
    /// its answer, or what is kept with every outcome that comes to them.
    pub(crate) fn assign_of(&self, set: &mut Set, graph: &Graph<'_>, id: StepId, step: &DraftStep) {
        let Some(subflow) = graph.subflow(id) else {
            return self.captures[id].iter().for_each(|id| set.insert(*id));
        };
        let comes = |outcome: &str| {
            outcome != outcome::CANCELLED && !step.when.iter().any(|(key, _)| key.value == outcome)
        };
        let endings = self.kept.get(&id).into_iter().flatten().zip(&subflow.endings);
        let kept = endings.filter(|(_, ending)| comes(&ending.outcome)).map(|(kept, _)| kept);
        let always = kept.cloned().reduce(|mut all, kept| {
            all.retain(|id| kept.contains(id));
            all
        });
        always.iter().flatten().for_each(|id| set.insert(*id));
    }

    /// What is assigned wherever a conversation can end: a person may stop at any question.
    pub(crate) fn at_each_end(&self, graph: &Graph<'_>) -> Set {
        let is_end = |node: &NodeId| graph.is_end(*node) || graph.waits(*node);
        let sets = (0..graph.len()).filter(is_end).filter_map(|node| self.entering[node].clone());
        let at_all = sets.reduce(|mut all, set| {
            all.retain_all(&set);
            all
        });
        at_all.unwrap_or_else(|| Set::empty(self.variables.len()))
    }

    /// Whether an edge out of a node assigns a variable.
    pub(crate) fn assigns(&self, graph: &Graph<'_>, node: NodeId, edge: &Edge, name: &str) -> bool {
        self.ids.get(name).is_some_and(|id| self.on_edge(graph, node, edge).contains(id))
    }

    /// The outcomes of the flow that a step runs with which a variable is not kept.
    pub(crate) fn lacking<'a>(&self, graph: &Graph<'a>, step: StepId, name: &str) -> Vec<&'a str> {
        let Some((subflow, kept)) = graph.subflow(step).zip(self.kept.get(&step)) else {
            return Vec::new();
        };
        let lacks = |kept: &[usize]| !self.ids.get(name).is_some_and(|id| kept.contains(id));
        let endings = kept.iter().zip(&subflow.endings).filter(|(kept, _)| lacks(kept));
        endings.map(|(_, ending)| ending.outcome.as_str()).collect()
    }
}

/// What is assigned after each ending of a flow that a step runs.
fn kept(step: &DraftStep, subflow: &Subflow, ids: &HashMap<String, usize>) -> Vec<Vec<usize>> {
    let DraftVerb::Run(run) = &step.verb else { return Vec::new() };
    let of = |ending: &Ending| {
        let kept = run.keep.iter().filter(|(_, theirs)| ending.assigned.contains(&theirs.value));
        kept.filter_map(|(ours, _)| ids.get(&ours.value).copied()).collect()
    };
    subflow.endings.iter().map(of).collect()
}

/// A set of variables, one bit each.
#[derive(Clone, Debug)]
pub(crate) struct Set(Vec<u64>);

impl Set {
    fn empty(variables: usize) -> Self {
        Self(vec![0; variables.div_ceil(64)])
    }

    fn insert(&mut self, id: usize) {
        self.0[id / 64] |= 1 << (id % 64);
    }

    fn contains(&self, id: usize) -> bool {
        self.0[id / 64] & (1 << (id % 64)) != 0
    }

    /// Keeps what `other` has too; whether anything was lost.
    fn retain_all(&mut self, other: &Self) -> bool {
        let mut changed = false;
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            let both = *own & other;
            changed |= both != *own;
            *own = both;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use crate::conversation::{Flows, Source};

    #[test]
    fn steps_know_what_every_path_has_captured() {
        let text = "
flow: order
start: [order]
commands: {restart: [again], SUMMARY: [summary]}
steps:
  size: {ask: Size?, options: {s: Small, l: Large}, when: {s: name}}
  extra: {ask: Extra?, optional: [no thanks]}
  name: {ask: Name?, match: '[A-Z].*', tries: 2, on_fail: BYE, end: NAMED}
  SUMMARY: {say: 'So far: {{ size | default(\"\") }}'}
  more: {ask: More?}
  BYE: {say: Bye.}
";
        let sources = [Source { name: "order.yaml".to_owned(), text: text.to_owned() }];
        let loaded = Flows::load(&sources).unwrap_or_else(|findings| panic!("{findings}"));
        let flow = loaded.flows.get("order").unwrap();
        let known: Vec<(&str, String)> =
            flow.steps.iter().map(|step| (step.name.as_str(), step.known.join(" "))).collect();
        assert_eq!(
            known,
            [
                ("size", String::new()),
                ("extra", "size size_label".to_owned()),
                ("name", "size size_label".to_owned()),
                // By its command, from any question.
                ("SUMMARY", String::new()),
                ("more", String::new()),
                // From `name` by `on_fail`, or from `more`.
                ("BYE", String::new()),
            ]
        );
    }
}
