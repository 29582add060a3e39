//! Texts in front of a call: the reply waits less long for the answer then.

use crate::conversation::duration;
use crate::conversation::finding::Code;
use crate::conversation::flow::{DEFAULT_TIMEOUT, PATIENCE_WITH_TEXT};
use crate::conversation::load::analysis::algorithms::shortest_path;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftStep, DraftVerb};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::SaidBeforeCall], checks: &[Check::SoundPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let (draft, graph) = (facts.draft, &paths.graph);
    let mut before = vec![Vec::new(); graph.len()];
    // A command that leads back to a call does not lead to it.
    let leads =
        |node: &usize| paths.reached[*node] && !graph.waits(*node) && graph.step(*node).is_some();
    for node in (0..graph.len()).filter(leads) {
        for edge in graph.edges(node) {
            before[edge.to].push(node);
        }
    }
    let says = |node: usize| {
        graph.step(node).and_then(|id| draft.steps.get(id)).is_some_and(says_something)
    };
    for (id, step) in draft.steps.iter().enumerate() {
        let Some(call) = step.call() else { continue };
        let timeout = call.timeout.as_ref().map_or(DEFAULT_TIMEOUT, |timeout| timeout.value);
        let Some(line) = call.line.as_ref().filter(|_| timeout > PATIENCE_WITH_TEXT) else {
            continue;
        };
        let way = shortest_path(graph.len(), id, says, |node| before[node].iter().copied());
        let first = way.as_ref().and_then(|way| way.last()).and_then(|node| graph.step(*node));
        let Some(first) = first.and_then(|id| draft.steps.get(id)) else { continue };
        let time = duration::written(timeout.as_secs());
        report
            .found(
                Code::SaidBeforeCall,
                line.span,
                format!("this call can take {time}, and `{}` says something before it", first.name.value),
            )
            .label(first.name.span, "this text waits at most 1.5 seconds for what follows")
            .help("say it behind the call, or write `timeout: 1s`; otherwise it may come first, and what follows as a message of its own");
    }
}

fn says_something(step: &DraftStep) -> bool {
    match &step.verb {
        DraftVerb::Say(text) => {
            !step.media.is_empty() || text.as_ref().is_none_or(|text| text.fixed_length != Some(0))
        }
        _ => false,
    }
}
