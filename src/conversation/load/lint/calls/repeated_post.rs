//! Calls with POST that may be made several times.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::Facts;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};
use crate::conversation::request::Method;

pub(crate) const RULE: Rule = Rule { codes: &[Code::RepeatedPost], checks: &[Check::Flow(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>) {
    for call in facts.draft.steps.iter().filter_map(|step| step.call()) {
        let is_post = call.target.as_ref().is_some_and(|target| target.method == Method::Post);
        let Some(attempts) =
            call.attempts.as_ref().filter(|attempts| is_post && attempts.value > 1)
        else {
            continue;
        };
        report
            .found(
                Code::RepeatedPost,
                attempts.span,
                format!("this POST may be made up to {} times", attempts.value),
            )
            .help("leave `attempts` out, or allow this if the service takes requests with one `Idempotency-Key` as one");
    }
}
