//! Callbacks that no third party can use: a URL that is shown while nothing
//! waits for it, and a wait for a URL that nothing shows.

use crate::conversation::StepId;
use crate::conversation::built_in::BuiltIn;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::algorithms::flood;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::{Cause, Edge, NodeId};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::Callback], checks: &[Check::AlongPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let (draft, graph) = (facts.draft, &paths.graph);
    outside(report, draft);
    changed(report, draft);
    // What is shown or waited for around a flow that only others run is theirs.
    if draft.start.is_empty() && draft.start_any.is_none() {
        return;
    }
    let shown: Vec<(StepId, Span)> = draft.shows_callback().collect();
    let subflow = |node: NodeId| graph.subflow(node).map(|subflow| subflow.callbacks);
    let step = |node: NodeId| graph.step(node).and_then(|id| draft.steps.get(id));
    let waits = |node: NodeId| {
        let is_one = step(node).is_some_and(|step| step.wait_for().is_some());
        is_one || subflow(node).is_some_and(|callbacks| callbacks.waits)
    };
    let has_url = |node: NodeId| {
        let is_one = graph.step(node).is_some_and(|id| shown.iter().any(|(other, _)| *other == id));
        is_one || subflow(node).is_some_and(|callbacks| callbacks.shows)
    };
    let reached = |node: &NodeId| paths.reached[*node];
    let from = |first: &[NodeId]| {
        flood(graph.len(), first, |node| graph.edges(node).iter().map(|edge| edge.to))
    };
    let nodes = |id| [false, true].map(|by_command| graph.node(id, by_command));
    for (id, span) in &shown {
        let first: Vec<NodeId> = nodes(*id).into_iter().filter(reached).collect();
        let behind = from(&first);
        if !(0..graph.len()).any(|node| behind[node] && waits(node)) {
            report
                .found(Code::Callback, *span, "nothing behind this `callback` waits for it")
                .help(
                    "add a step with `wait_for` that is reached from here, or leave `callback` out",
                );
        }
    }
    // A result spends the callback: what follows it waits for another one.
    let showing: Vec<NodeId> =
        (0..graph.len()).filter(|node| has_url(*node) && reached(node)).collect();
    let known = flood(graph.len(), &showing, |node| {
        let is_spent = move |edge: &&Edge| graph.is_callback(node) && edge.cause == Cause::Done;
        graph.edges(node).iter().filter(move |edge| !is_spent(edge)).map(|edge| edge.to)
    });
    // What a result leads to without a new one being shown. Commands go back to
    // where they were heard.
    let goes_on = |node: NodeId| {
        let edges = graph.edges(node).iter().filter(|edge| edge.cause != Cause::Command);
        edges.map(|edge| edge.to)
    };
    let after_results: Vec<NodeId> = (0..graph.len())
        .filter(|node| graph.is_callback(*node) && reached(node))
        .flat_map(|node| graph.edges(node).iter().filter(|edge| edge.cause == Cause::Done))
        .map(|edge| edge.to)
        .filter(|node| !has_url(*node))
        .collect();
    let is_spent =
        flood(graph.len(), &after_results, |node| goes_on(node).filter(|to| !has_url(*to)));
    for (id, step) in draft.steps.iter().enumerate() {
        let Some(wait) = step.wait_for() else { continue };
        if (!known[id] || is_spent[id]) && paths.is_reached(id) {
            let span = wait.name.as_ref().map_or(step.name.span, |name| name.span);
            let message = if is_spent[id] {
                "a result leads here, and nothing on the way shows a new `callback`, so that nobody can call back"
            } else {
                "nothing before this step shows `callback`, so that nobody can call back"
            };
            report
                .found(Code::Callback, span, message)
                .help("write `{{ callback }}` into the text or the call that comes before it");
        }
    }
    for (id, step) in draft.steps.iter().enumerate().filter(|(id, _)| paths.is_reached(*id)) {
        let Some((flow, uses)) = step.runs().zip(subflow(id)) else { continue };
        let (name, span) = (&flow.value, flow.span);
        if uses.waits && !uses.shows && !known[id] {
            report
                .found(
                    Code::Callback,
                    span,
                    format!(
                        "`{name}` waits for a callback, and nothing before this step shows one"
                    ),
                )
                .help("write `{{ callback }}` into the text or the call that comes before it");
        }
        let behind = || from(&nodes(id).into_iter().filter(reached).collect::<Vec<_>>());
        let is_awaited = || behind().into_iter().enumerate().any(|(node, is)| is && waits(node));
        if uses.shows && !uses.waits && !is_awaited() {
            report
                .found(
                    Code::Callback,
                    span,
                    format!("`{name}` shows a callback, and nothing behind this step waits for it"),
                )
                .help("add a step with `wait_for` that is reached from here");
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
                .found(Code::Callback, used.span, "a `callback` that is changed leads nowhere")
                .help("write `{{ callback }}` with nothing beside it");
        }
    }
}

fn is_callback(written: &str) -> bool {
    BuiltIn::named(written.trim()) == Some(BuiltIn::Callback)
}
