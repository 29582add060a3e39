//! Jumps that never happen, because `when` has every answer or outcome.

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::subflow::Subflows;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{DraftStep, DraftVerb};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::outcome;

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::UnusedBranch], checks: &[Check::SoundPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, _: &Paths<'_>) {
    for step in &facts.draft.steps {
        let has_all = match &step.verb {
            DraftVerb::Ask(_) => step.when_decides_all(),
            DraftVerb::Run(_) => has_all_outcomes(step, facts.subflows),
            DraftVerb::Call(_) => step.when.iter().any(|(key, _)| key.value == "2xx"),
            // Any other outcome is refused.
            DraftVerb::WaitFor(_) => true,
            DraftVerb::Say(_) | DraftVerb::Set(_) | DraftVerb::Branch => false,
        };
        let Some((when, _)) = step.when.first().filter(|_| has_all) else { continue };
        let what = match step.verb {
            DraftVerb::Run(_) | DraftVerb::WaitFor(_) => "outcome",
            _ => "answer",
        };
        for (key, span) in others(step) {
            report
                .found(
                    Code::UnusedBranch,
                    span,
                    format!("this `{key}` never decides: `when` lists every {what}"),
                )
                .label(when.span, "here")
                .help(format!("remove {}, or take an {what} out of `when`", all_of(step, key)));
        }
    }
}

/// What must be removed with a key: an `end` takes its `quiet_after` along.
fn all_of(step: &DraftStep, key: &str) -> &'static str {
    if key == "end" && step.quiet_after.is_some() { "it and its `quiet_after`" } else { "it" }
}

/// What would decide after `when`.
fn others(step: &DraftStep) -> impl Iterator<Item = (&'static str, Span)> {
    let branch = step.branches.first().map(|(condition, target)| {
        ("if", condition.as_ref().map_or(target.span, |condition| condition.span))
    });
    let go = step.go.as_ref().map(|target| ("go", target.span));
    let end = step.end.as_ref().map(|outcome| ("end", outcome.span));
    branch.into_iter().chain(go).chain(end)
}

/// Whether each outcome of the flow that is run stands in `when`, or ends this
/// flow, too.
fn has_all_outcomes(step: &DraftStep, subflows: &Subflows) -> bool {
    let Some(subflow) = step.runs().and_then(|flow| subflows.get(flow)) else { return false };
    let stands = |outcome: &str| step.when.iter().any(|(key, _)| key.value == outcome);
    let mut endings = subflow.endings.iter().map(|ending| ending.outcome.as_str());
    endings.all(|ending| ending == outcome::CANCELLED || stands(ending))
}
