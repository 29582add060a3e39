//! Callbacks that no third party can use: a URL that is shown while nothing
//! waits for it, and a wait for a URL that nothing shows.

use crate::conversation::StepId;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::algorithms::flood;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::{Cause, Edge, Graph, NodeId};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::Callback], checks: &[Check::AlongPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let draft = facts.draft;
    outside(report, draft);
    changed(report, draft);
    // What is shown or waited for around a flow that only others run is theirs.
    if draft.start.is_empty() && draft.start_any.is_none() {
        return;
    }
    let ways = Ways { draft, paths, shown: draft.shows_callback().collect() };
    ways.shown_in_vain(report);
    ways.waited_for_in_vain(report);
}

/// The paths on which callbacks are shown, waited for and spent.
struct Ways<'a> {
    draft: &'a Draft,
    paths: &'a Paths<'a>,
    /// The steps that show one.
    shown: Vec<(StepId, Span)>,
}

impl Ways<'_> {
    fn graph(&self) -> &Graph<'_> {
        &self.paths.graph
    }

    /// The nodes that can be reached and of which `is_one` is true.
    fn reached(&self, is_one: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        (0..self.graph().len()).filter(|node| self.paths.reached[*node] && is_one(*node)).collect()
    }

    /// Whether the conversation waits for a callback at a node, or in the flow that
    /// runs there.
    fn waits(&self, node: NodeId) -> bool {
        let subflow = self.graph().subflow(node);
        self.graph().is_callback(node) || subflow.is_some_and(|subflow| subflow.callbacks.waits)
    }

    /// Whether a callback is shown at a node, or in the flow that runs there.
    fn shows(&self, node: NodeId) -> bool {
        let subflow = self.graph().subflow(node);
        self.graph().step(node).is_some_and(|id| self.shown.iter().any(|(step, _)| *step == id))
            || subflow.is_some_and(|subflow| subflow.callbacks.shows)
    }

    /// Whether anything waits for a callback behind a step.
    fn is_awaited_behind(&self, id: StepId) -> bool {
        let graph = self.graph();
        let first = self.reached(|node| graph.step(node) == Some(id));
        let behind = flood(graph.len(), &first, |node| graph.edges(node).iter().map(|e| e.to));
        (0..graph.len()).any(|node| behind[node] && self.waits(node))
    }

    /// The nodes to which a callback that was shown may still be open. A result
    /// spends it.
    fn open(&self) -> Vec<bool> {
        let graph = self.graph();
        flood(graph.len(), &self.reached(|node| self.shows(node)), |node| {
            let is_spent = move |edge: &&Edge| graph.is_callback(node) && edge.cause == Cause::Done;
            graph.edges(node).iter().filter(move |edge| !is_spent(edge)).map(|edge| edge.to)
        })
    }

    /// The nodes to which a result leads without another callback being shown.
    fn spent(&self) -> Vec<bool> {
        let graph = self.graph();
        let results = self.reached(|node| graph.is_callback(node));
        let results = results.into_iter().flat_map(|node| graph.edges(node));
        let first: Vec<NodeId> = results
            .filter(|edge| edge.cause == Cause::Done && !self.shows(edge.to))
            .map(|edge| edge.to)
            .collect();
        flood(graph.len(), &first, |node| {
            let edges = graph.edges(node).iter();
            // A command leads back to where it was heard, too.
            edges
                .filter(|edge| edge.cause != Cause::Command && !self.shows(edge.to))
                .map(|edge| edge.to)
        })
    }

    fn shown_in_vain(&self, report: &mut Report<'_>) {
        for (id, span) in &self.shown {
            if !self.is_awaited_behind(*id) {
                report
                    .found(Code::Callback, *span, "nothing behind this `callback` waits for it")
                    .help("add a step with `wait_for` that is reached from here, or leave `callback` out");
            }
        }
        for (id, step) in self.draft.steps.iter().enumerate() {
            let Some((flow, subflow)) = step.runs().zip(self.graph().subflow(id)) else { continue };
            let uses = subflow.callbacks;
            if uses.shows && !uses.waits && self.paths.is_reached(id) && !self.is_awaited_behind(id)
            {
                let message = format!(
                    "`{}` shows a callback, and nothing behind this step waits for it",
                    flow.value
                );
                report
                    .found(Code::Callback, flow.span, message)
                    .help("add a step with `wait_for` that is reached from here");
            }
        }
    }

    fn waited_for_in_vain(&self, report: &mut Report<'_>) {
        let (open, spent) = (self.open(), self.spent());
        for (id, step) in self.draft.steps.iter().enumerate() {
            let is_in_vain = (!open[id] || spent[id]) && self.paths.is_reached(id);
            if !(is_in_vain && self.waits(id)) {
                continue;
            }
            let (span, what) = match (step.wait_for(), step.runs(), self.graph().subflow(id)) {
                (Some(wait), ..) => {
                    let span = wait.name.as_ref().map_or(step.name.span, |name| name.span);
                    (span, "this step waits for a callback".to_owned())
                }
                (_, Some(flow), Some(subflow)) if !subflow.callbacks.shows => {
                    (flow.span, format!("`{}` waits for a callback", flow.value))
                }
                _ => continue,
            };
            let (why, help) = if spent[id] {
                (
                    "the result that leads here spends the last callback, and nothing on the way shows a new one",
                    "write `{{ callback }}` into a text or a call on the way from the result to this step",
                )
            } else {
                (
                    "nothing before it shows one, so that nobody can call back",
                    "write `{{ callback }}` into the text or the call that comes before it",
                )
            };
            report.found(Code::Callback, span, format!("{what}, but {why}")).help(help);
        }
    }
}

/// Reports `callback` in the texts of no step.
fn outside(report: &mut Report<'_>, draft: &Draft) {
    let texts = draft.in_each_language().flat_map(Draft::texts_outside);
    for used in texts.flat_map(|text| &text.uses).filter(|used| used.is_callback()) {
        report
            .found(Code::Callback, used.span, "nothing behind this `callback` waits for it")
            .help("leave `callback` out of texts that no step says");
    }
}

/// Reports a `callback` that is not shown as it is.
fn changed(report: &mut Report<'_>, draft: &Draft) {
    for text in draft.in_each_language().flat_map(|draft| &draft.steps).flat_map(DraftStep::texts) {
        let uses = text.uses.iter().filter(|used| used.is_callback());
        let as_it_is =
            text.template.written_expressions().filter(|written| is_callback(written)).count();
        if let Some(used) = uses.clone().next_back().filter(|_| uses.count() > as_it_is) {
            report
                .found(
                    Code::Callback,
                    used.span,
                    "this `callback` is changed by what stands beside it, and leads nowhere",
                )
                .help("write `{{ callback }}` alone in its braces");
        }
    }
}

fn is_callback(written: &str) -> bool {
    BuiltIn::named(written.trim()) == Some(BuiltIn::Callback)
}
