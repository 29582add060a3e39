//! `quiet_after` in a flow that only others run: the end of those flows counts.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Draft};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::UnusedQuietAfter], checks: &[Check::SoundPaths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, _: &Paths<'_>) {
    let draft = facts.draft;
    let begins = |draft: &Draft| draft.start_any.is_some() || !draft.start.is_empty();
    if draft.no_start.is_none() || draft.in_each_language().any(begins) {
        return;
    }
    let name = draft.name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
    for At { span, .. } in draft.steps.iter().filter_map(|step| step.quiet_after.as_ref()) {
        report
            .found(
                Code::UnusedQuietAfter,
                *span,
                format!("this `quiet_after` never matters: nothing begins `{name}` but flows that run it, whose own end counts"),
            )
            .help("remove it, and write it at the `end` of the flow that runs this one");
    }
}
