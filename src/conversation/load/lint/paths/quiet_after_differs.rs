//! Ends with the same outcome that differ in `quiet_after`: an outcome has one length.

use std::collections::HashMap;
use std::time::Duration;

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::graph::Graph;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::outcome;

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::QuietAfterDiffers], checks: &[Check::SoundPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let draft = facts.draft;
    if draft.steps.iter().all(|step| step.quiet_after.is_none()) {
        return;
    }
    let mut first_of: HashMap<&str, End<'_>> = HashMap::new();
    for end in ends(draft, &paths.graph) {
        let Some(first) = first_of.get(end.outcome) else {
            first_of.insert(end.outcome, end);
            continue;
        };
        if first.quiet() != end.quiet() {
            differ(report, first, &end);
        }
    }
}

/// A step at which the flow ends.
struct End<'a> {
    step: &'a DraftStep,
    outcome: &'a str,
    /// Whether the outcome is written there.
    is_written: bool,
}

impl End<'_> {
    fn quiet(&self) -> Option<Duration> {
        self.step.quiet_after.as_ref().map(|quiet| quiet.value)
    }

    /// Where it says for how long, or else where it ends.
    fn span(&self) -> Span {
        let quiet = self.step.quiet_after.as_ref().map(|quiet| quiet.span);
        let end = self.step.end.as_ref().map(|end| end.span);
        quiet.or(end).unwrap_or(self.step.name.span)
    }
}

/// The ends in the order of the file, with that of a last step which only has
/// nothing after it.
fn ends<'a>(draft: &'a Draft, graph: &Graph<'_>) -> Vec<End<'a>> {
    let written = |step: &'a DraftStep| {
        let outcome = step.end.as_ref()?.value.as_str();
        Some(End { step, outcome, is_written: true })
    };
    let last = draft.steps.len().saturating_sub(1);
    let unwritten = draft.steps.last().filter(|step| step.go.is_none() && step.end.is_none());
    let unwritten = unwritten.filter(|_| graph.completes_at(last));
    let unwritten =
        unwritten.map(|step| End { step, outcome: outcome::COMPLETED, is_written: false });
    draft.steps.iter().filter_map(written).chain(unwritten).collect()
}

/// Two steps with the same outcome are quiet for different lengths of time.
fn differ(report: &mut Report<'_>, first: &End<'_>, second: &End<'_>) {
    let (outcome, there) = (second.outcome, &first.step.name.value);
    let written = |end: &End<'_>| {
        let quiet = end.step.quiet_after.as_ref()?;
        Some(format!("quiet_after: {}", report.text(quiet.span)))
    };
    let (message, help) = match (written(first), written(second)) {
        (Some(theirs), ours) => (
            match ours {
                Some(ours) => format!("`{outcome}` has `{theirs}` at `{there}`, and `{ours}` here"),
                None => format!("`{outcome}` has `{theirs}` at `{there}`, and none here"),
            },
            format!("write `{}{theirs}` here, too", end_beside(second)),
        ),
        (None, ours) => {
            let ours = ours.unwrap_or_default();
            (
                format!("`{outcome}` has `{ours}` here, and none at `{there}`"),
                format!("write `{ours}` there, too"),
            )
        }
    };
    report
        .found(Code::QuietAfterDiffers, second.span(), message)
        .label(first.span(), "the same outcome")
        .help(format!("{help}, or end one of the two with another outcome"));
}

/// What must be written beside `quiet_after` where no `end` is.
fn end_beside(end: &End<'_>) -> String {
    if end.is_written { String::new() } else { format!("end: {}` and `", end.outcome) }
}
