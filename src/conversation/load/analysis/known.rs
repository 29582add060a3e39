//! Which variables every path to a step has captured.
//!
//! A forward analysis: at the start nothing is known, a question or a `set`
//! adds its variables, and where paths meet only what all of them know remains.
//! Variables that no step captures are the lint `undefined-variable`.

use std::collections::{HashMap, VecDeque};

use super::algorithms::shortest_way;
use super::graph::{Captures, Edge, Graph, NodeId};
use super::part::{Ending, Part};
use super::way::show_way_by;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, DraftVerb, Use};
use crate::conversation::load::syntax::fitting_quotes::{is_in_condition, quoted_at};
use crate::conversation::{StepId, outcome};

/// The variables of a flow and what is known of them at each node.
pub(crate) struct Known {
    variables: Vec<String>,
    ids: HashMap<String, usize>,
    /// What each step captures.
    captures: Vec<Vec<usize>>,
    /// What each step that runs a flow keeps of it, for each of its endings.
    kept: HashMap<StepId, Vec<Vec<usize>>>,
    /// What is known on entering a node; `None` where nothing leads.
    entering: Vec<Option<Set>>,
}

impl Known {
    pub(crate) fn new(draft: &Draft, graph: &Graph<'_>) -> Self {
        let mut names: Vec<Vec<String>> = draft.steps.iter().map(DraftStep::captures).collect();
        // The language is known everywhere, and is no answer.
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
        let kept = steps.filter_map(|(id, step)| Some((id, kept(step, graph.part(id)?, &ids))));
        let kept = kept.collect();
        let entering = vec![None; graph.len()];
        let mut known = Self { variables, ids, captures, kept, entering };
        if !draft.steps.is_empty() {
            known.spread(graph);
        }
        known
    }

    /// Every node is looked at again whenever less is known there than was thought.
    fn spread(&mut self, graph: &Graph<'_>) {
        self.entering[0] = Some(Set::empty(self.variables.len()));
        let mut waiting = VecDeque::from([0]);
        let mut is_waiting = vec![false; graph.len()];
        while let Some(node) = waiting.pop_front() {
            is_waiting[node] = false;
            let Some(before) = self.entering[node].clone() else { continue };
            for edge in graph.edges(node) {
                // The question at hand knows no less than when it was asked.
                if edge.to == graph.back() {
                    continue;
                }
                let mut known = before.clone();
                self.on_edge(graph, node, edge).iter().for_each(|id| known.insert(*id));
                let known = &known;
                let changed = match &mut self.entering[edge.to] {
                    Some(set) => set.retain_all(known),
                    entering => {
                        *entering = Some(known.clone());
                        true
                    }
                };
                if changed && !std::mem::replace(&mut is_waiting[edge.to], true) {
                    waiting.push_back(edge.to);
                }
            }
        }
    }

    /// The variables that have got a value on this way out of a node.
    fn on_edge(&self, graph: &Graph<'_>, node: NodeId, edge: &Edge) -> &[usize] {
        let Some(step) = graph.step(node) else { return &[] };
        let captured = match edge.captures {
            Captures::Nothing => None,
            Captures::All => self.captures.get(step),
            Captures::Ending(at) => self.kept.get(&step).and_then(|kept| kept.get(at)),
        };
        captured.map_or(&[], Vec::as_slice)
    }

    /// The variables that are known on entering a node, sorted.
    pub(crate) fn at_node(&self, node: NodeId) -> Vec<String> {
        self.entering[node].as_ref().map(|set| self.names(set)).unwrap_or_default()
    }

    fn names(&self, set: &Set) -> Vec<String> {
        let names = self.variables.iter().enumerate();
        names.filter(|(id, _)| set.contains(*id)).map(|(_, name)| name.clone()).collect()
    }

    /// The variables that are known on entering a step, sorted.
    pub(crate) fn at_step(&self, graph: &Graph<'_>, step: StepId) -> Vec<String> {
        self.entering_step(graph, step).map(|set| self.names(&set)).unwrap_or_default()
    }

    fn entering_step(&self, graph: &Graph<'_>, step: StepId) -> Option<Set> {
        let by_command = self.entering[graph.node(step, true)].clone();
        match (self.entering[graph.node(step, false)].clone(), by_command) {
            (Some(mut set), Some(other)) => {
                set.retain_all(&other);
                Some(set)
            }
            (set, other) => set.or(other),
        }
    }
}

/// Reports every use of a variable that some path has not captured.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, known: &Known) {
    for (id, step) in draft.steps.iter().enumerate() {
        let Some(mut set) = known.entering_step(graph, id) else { continue };
        let mut look = |set: &Set, uses: &[Use]| {
            for used in unknown(known, set, uses) {
                let goal = |node: NodeId| graph.step(node) == Some(id);
                missing(report, draft, graph, known, used, &goal, &step.name.value);
            }
        };
        for text in &step.media {
            look(&set, &text.uses);
        }
        match &step.verb {
            DraftVerb::Ask(ask) => {
                for text in ask.texts() {
                    look(&set, &text.uses);
                }
            }
            DraftVerb::Say(Some(text)) => look(&set, &text.uses),
            DraftVerb::Set(entries) => {
                // Each sees those above it.
                for (name, text) in entries {
                    if let Some(text) = text {
                        look(&set, &text.uses);
                    }
                    known.ids.get(&name.value).iter().for_each(|id| set.insert(**id));
                }
            }
            DraftVerb::Say(None) | DraftVerb::Run(_) | DraftVerb::Branch => {}
        }
        // Conditions see the answer, or what every outcome keeps that comes to them.
        match graph.part(id) {
            Some(part) => {
                let comes = |outcome: &str| !step.when.iter().any(|(key, _)| key.value == outcome);
                let endings = known.kept.get(&id).into_iter().flatten().zip(&part.endings);
                let endings = endings.filter(|(_, ending)| {
                    comes(&ending.outcome) && ending.outcome != outcome::CANCELLED
                });
                let always = endings.map(|(kept, _)| kept.clone()).reduce(|mut all, kept| {
                    all.retain(|id| kept.contains(id));
                    all
                });
                always.iter().flatten().for_each(|id| set.insert(*id));
            }
            None => known.captures[id].iter().for_each(|id| set.insert(*id)),
        }
        for condition in step.conditions() {
            look(&set, &condition.uses);
        }
    }
    check_ended(report, draft, graph, known);
}

/// `ended` comes after any end: the person may have stopped at any question.
fn check_ended(report: &mut Report<'_>, draft: &Draft, graph: &Graph<'_>, known: &Known) {
    let Some(text) = &draft.ended else { return };
    let is_end = |node: NodeId| graph.is_end(node) || graph.waits(node);
    let mut set: Option<Set> = None;
    for entering in
        (0..graph.len()).filter(|n| is_end(*n)).filter_map(|n| known.entering[n].as_ref())
    {
        match &mut set {
            Some(set) => {
                set.retain_all(entering);
            }
            None => set = Some(entering.clone()),
        }
    }
    let set = set.unwrap_or_else(|| Set::empty(known.variables.len()));
    for used in unknown(known, &set, &text.uses) {
        let help = with_default(report, draft, used);
        report
            .found(Code::MaybeUndefinedVariable, used.span, format!("a conversation can end before `{}` is known: a person may stop at any question", used.name))
            .help(help);
    }
}

/// The uses of variables that some step captures, but no step on every path.
fn unknown<'a>(known: &Known, set: &Set, uses: &'a [Use]) -> Vec<&'a Use> {
    let is_missing = |used: &&Use| known.ids.get(&used.name).is_some_and(|id| !set.contains(*id));
    uses.iter().filter(|used| !used.has_default).filter(is_missing).collect()
}

/// Reports a variable that is not known at a step, with a path that lacks it.
fn missing(
    report: &mut Report<'_>,
    draft: &Draft,
    graph: &Graph<'_>,
    known: &Known,
    used: &Use,
    is_goal: &dyn Fn(NodeId) -> bool,
    step: &str,
) {
    let Some(id) = known.ids.get(&used.name) else { return };
    let message = format!("`{}` is not known on every path to `{step}`", used.name);
    if report.is_full() {
        report.found(Code::MaybeUndefinedVariable, used.span, message);
        return;
    }
    let next = |node: NodeId| {
        let edges = graph.edges(node).iter();
        let lacks = move |edge: &&Edge| !known.on_edge(graph, node, edge).contains(id);
        edges.filter(lacks).map(|edge| edge.to).filter(|to| *to != graph.back())
    };
    let way = if is_goal(0) { None } else { shortest_way(graph.len(), 0, is_goal, next) };
    let captured_at = draft.steps.iter().find(|s| s.captures().contains(&used.name));
    let without = with_default(report, draft, used);
    let finding = report.found(Code::MaybeUndefinedVariable, used.span, message);
    if let Some(captured) = captured_at {
        let when = match captured.runs() {
            Some(flow) => lacking(draft, graph, known, captured, *id)
                .map(|outcomes| format!(", but not if `{}` ends with `{outcomes}`", flow.value)),
            None => None,
        };
        let when = when.unwrap_or_default();
        finding
            .label(captured.name.span, format!("`{}` is known after this step{when}", used.name));
    }
    let Some(way) = way else {
        finding.help(format!("ask for it before, or {without}"));
        return;
    };
    let lacks = |node: NodeId, edge: &Edge| !known.on_edge(graph, node, edge).contains(id);
    let shown = show_way_by(draft, graph, &way, lacks);
    // Who was asked for it on this way, and gave none, need not be asked before.
    let captures = |step: StepId| known.captures.get(step).is_some_and(|all| all.contains(id));
    let was_asked =
        way.iter().any(|node| graph.is_ask(*node) && graph.step(*node).is_some_and(captures));
    let before = if was_asked { "" } else { "ask for it before, or " };
    finding.help(format!("nothing gives it a value on the way {shown}: {before}{without}"));
}

/// The outcomes with which a variable is not kept of the flow that a step runs.
fn lacking(
    draft: &Draft,
    graph: &Graph<'_>,
    known: &Known,
    step: &DraftStep,
    variable: usize,
) -> Option<String> {
    let id = draft.steps.iter().position(|other| other.name.span == step.name.span)?;
    let endings = &graph.part(id)?.endings;
    let lacking = known.kept.get(&id)?.iter().zip(endings);
    let outcomes: Vec<&str> = lacking
        .filter(|(kept, _)| !kept.contains(&variable))
        .map(|(_, ending)| ending.outcome.as_str())
        .collect();
    (!outcomes.is_empty()).then(|| outcomes.join("` or `"))
}

/// What is known after each ending of a flow that a step runs.
fn kept(step: &DraftStep, part: &Part, ids: &HashMap<String, usize>) -> Vec<Vec<usize>> {
    let DraftVerb::Run(run) = &step.verb else { return Vec::new() };
    let of = |ending: &Ending| {
        let kept = run.keep.iter().filter(|(_, theirs)| ending.known.contains(&theirs.value));
        kept.filter_map(|(ours, _)| ids.get(&ours.value).copied()).collect()
    };
    part.endings.iter().map(of).collect()
}

/// What to write so that a variable may be missing.
fn with_default(report: &Report<'_>, draft: &Draft, used: &Use) -> String {
    let name = &used.name;
    let empty = quoted_at(report, draft, used, "");
    if is_in_condition(draft, used) {
        return format!("say what to take without it: `{name} | default({empty})`");
    }
    format!("say what to write without it: `{{{{ {name} | default({empty}) }}}}`")
}

/// A set of variables, one bit each.
#[derive(Clone, Debug)]
struct Set(Vec<u64>);

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
