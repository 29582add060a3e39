//! Resolves `renamed`: former names of steps, for the people who wait there when a
//! new version of the flow starts.
//!
//! Names may follow each other over several versions (`a: b`, later `b: c`):
//! what counts is where they lead in the end. An answer moves with its step if the
//! step's name is that of its variable, too.

use std::collections::{HashMap, HashSet};

use super::targets::Targets;
use crate::conversation::StepId;
use crate::conversation::finding::Code;
use crate::conversation::flow::label_of;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};

/// Where a name leads in the end.
enum Leads {
    /// To a current step.
    Step(StepId),
    /// To a name that no step has.
    Nowhere,
    /// Round in a circle.
    Round,
}

/// The names, by what was written.
struct Names<'a> {
    next: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    fn new(draft: &'a Draft) -> Self {
        let pairs = draft.renamed.iter();
        Self { next: pairs.map(|(old, new)| (old.value.as_str(), new.value.as_str())).collect() }
    }

    fn lead(&self, from: &str, targets: &Targets<'_>) -> Leads {
        let mut name = from;
        // A path that is longer than the number of names leads round in a circle.
        for _ in 0..=self.next.len() {
            if let Some(step) = targets.named(name) {
                return Leads::Step(step);
            }
            match self.next.get(name) {
                Some(next) => name = next,
                None => return Leads::Nowhere,
            }
        }
        Leads::Round
    }
}

/// Reports names that lead to no question.
pub(crate) fn check(report: &mut Report<'_>, draft: &Draft, targets: &Targets<'_>) {
    let names = Names::new(draft);
    for (old, new) in &draft.renamed {
        if let Some(step) = targets.step(old).and_then(|step| draft.steps.get(step)) {
            report
                .found(
                    Code::Renamed,
                    old.span,
                    format!("the step `{}` still has this name", old.value),
                )
                .label(step.name.span, "here")
                .help("call one of them something else, or remove this line");
            continue;
        }
        match names.lead(&new.value, targets) {
            Leads::Round => {
                report
                    .found(
                        Code::Renamed,
                        new.span,
                        format!("`{}` leads into a circle of names", old.value),
                    )
                    .help("make the last name that of a step");
            }
            // The fault is reported at the line of that name.
            _ if names.next.contains_key(new.value.as_str()) => {}
            Leads::Step(step)
                if draft.steps.get(step).is_some_and(|s| {
                    s.ask().is_none()
                        && s.runs().is_none()
                        && s.call().is_none()
                        && s.wait_for().is_none()
                }) =>
            {
                let message = format!("`{}` asks nothing, so nobody can wait there", new.value);
                report.found(Code::Renamed, new.span, message).help(
                    "write the name of the question at which people go on, or remove this line to let them begin again",
                );
            }
            Leads::Step(_) => {}
            Leads::Nowhere => {
                let near = targets.nearest(report, &new.value, &[]);
                report
                    .found(Code::Renamed, new.span, format!("there is no step `{}`", new.value))
                    .help("write each former name of a step with its current name")
                    .maybe_help(near);
            }
        }
    }
}

/// The former names, each with its current step.
pub(crate) fn steps(draft: &Draft, targets: &Targets<'_>) -> Vec<(String, StepId)> {
    let names = Names::new(draft);
    let renamed = draft.renamed.iter();
    renamed
        .filter_map(|(old, _)| match names.lead(&old.value, targets) {
            Leads::Step(step) => Some((old.value.clone(), step)),
            Leads::Nowhere | Leads::Round => None,
        })
        .collect()
}

/// The variables that had the name of such a step, and their current names. A name
/// to which some step gives a value now has no older meaning.
pub(crate) fn variables(draft: &Draft, targets: &Targets<'_>) -> Vec<(String, String)> {
    let captured: HashSet<String> = draft.steps.iter().flat_map(DraftStep::captures).collect();
    let mut moved = Vec::new();
    for (old, step) in steps(draft, targets) {
        let Some(step) = draft.steps.get(step) else { continue };
        let is_own = |name: &str| name == step.name.value && !draft.is_language(name);
        let Some(ask) = step.ask().filter(|ask| is_own(&ask.save.value)) else {
            continue;
        };
        moved.push((old.clone(), ask.save.value.clone()));
        moved.push((label_of(&old), label_of(&ask.save.value)));
    }
    moved.retain(|(old, new)| !captured.contains(old) && captured.contains(new));
    moved
}
