//! Nudges and timeouts that are due only when something else has ended the wait.

use std::time::Duration;

use crate::conversation::duration;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::analysis::unasked::DEFAULT_EXPIRE;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep};
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::NeverComes], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    let draft = facts.draft;
    draft.steps.iter().for_each(|step| before_timeout(report, step));
    // A flow that only others run is over when they expire.
    if draft.start.is_empty() && draft.start_any.is_none() {
        return;
    }
    let expire = draft.expire.as_ref().map_or(DEFAULT_EXPIRE, |expire| expire.value);
    for step in &draft.steps {
        of_question(report, draft, step, expire);
        of_call(report, draft, step, expire);
        let run = step.runs().and_then(|flow| Some((flow, facts.subflows.get(flow)?)));
        let latest = run.and_then(|(flow, subflow)| Some((flow, subflow.silence.latest?)));
        if let Some((flow, _)) = latest.filter(|(_, latest)| *latest >= expire) {
            let message = format!("a nudge or a timeout of the flow `{}` never comes", flow.value);
            never(report, draft, flow.span, expire, &message);
        }
    }
}

/// Reports nudges that are not before the timeout of their step.
fn before_timeout(report: &mut Report<'_>, step: &DraftStep) {
    let Some(silence) = step.silence() else { return };
    let Some((timeout, _)) = &silence.timeout else { return };
    for (after, _) in silence.nudges.iter().filter(|(after, _)| after.value >= timeout.value) {
        report
            .found(
                Code::NeverComes,
                after.span,
                "this nudge never comes: the wait ends before it is due",
            )
            .label(timeout.span, "the timeout is here")
            .help("nudge earlier, or make `timeout` longer");
    }
}

/// Reports what is due only when the conversation is over.
fn of_question(report: &mut Report<'_>, draft: &Draft, step: &DraftStep, expire: Duration) {
    let Some(silence) = step.silence() else { return };
    let nudges = silence.nudges.iter().map(|(after, _)| (after, "nudge"));
    let timeout = silence.timeout.iter().map(|(after, _)| (after, "timeout"));
    for (after, what) in nudges.chain(timeout).filter(|(after, _)| after.value >= expire) {
        never(report, draft, after.span, expire, &format!("this {what} never comes"));
    }
}

/// Reports the time limit of a call that is over only when the conversation is.
fn of_call(report: &mut Report<'_>, draft: &Draft, step: &DraftStep, expire: Duration) {
    let timeout = step.call().and_then(|call| call.timeout.as_ref());
    if let Some(timeout) = timeout.filter(|timeout| timeout.value >= expire) {
        never(report, draft, timeout.span, expire, "this timeout never comes");
    }
}

fn never(report: &mut Report<'_>, draft: &Draft, span: Span, expire: Duration, message: &str) {
    let time = duration::written(expire.as_secs());
    let message = format!("{message}: the conversation is over after {time} of silence");
    let finding = report.found(Code::NeverComes, span, message);
    match &draft.expire {
        Some(expire) => finding
            .label(expire.span, "`expire` is here")
            .help("make this time shorter, or `expire` longer"),
        None => finding.help("make this time shorter, or write a longer `expire: 3d` in the flow"),
    };
}
