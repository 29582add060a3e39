//! Outcomes in `when` with which the flow that is run never ends.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::subflow::Subflow;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::DraftStep;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::UnknownOutcome], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for step in &facts.draft.steps {
        if let Some(subflow) = step.runs().and_then(|flow| facts.subflows.get(flow)) {
            outcomes(report, step, subflow);
        }
    }
}

fn outcomes(report: &mut Report<'_>, step: &DraftStep, subflow: &Subflow) {
    for (outcome, _) in &step.when {
        let endings = subflow.endings.iter().map(|ending| ending.outcome.as_str());
        if endings.clone().any(|ending| ending == outcome.value) {
            continue;
        }
        let near = report.did_you_mean(&outcome.value, endings);
        report
            .found(
                Code::UnknownOutcome,
                outcome.span,
                format!("the flow `{}` never ends with `{}`", subflow.flow, outcome.value),
            )
            .help(format!("its outcomes are `{}`", subflow.outcomes()))
            .maybe_help(near);
    }
}
