//! Steps with `resume` to which no command leads, so that no question waits to
//! be asked again.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::UselessResume], checks: &[Check::Paths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let Paths { graph, reached, .. } = paths;
    for (id, step) in facts.draft.steps.iter().enumerate() {
        if let Some(span) = step.resume
            && !graph.waits(id)
            && paths.is_reached(id)
            && !reached[graph.node(id, true)]
        {
            report
                .found(
                    Code::UselessResume,
                    span,
                    format!(
                        "no command leads to `{}`, so there is no question to resume",
                        step.name.value
                    ),
                )
                .help(format!(
                    "write `commands: {{{}: [word]}}` at the top, or remove `resume`",
                    step.name.value
                ));
        }
    }
}
