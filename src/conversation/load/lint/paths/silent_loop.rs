//! Steps that follow each other in a circle without a question: such a turn
//! would never end.

use crate::conversation::finding::Code;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::analysis::path::show_path;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule = Rule { codes: &[Code::SilentLoop], checks: &[Check::Paths(check)] };

fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let (draft, graph) = (facts.draft, &paths.graph);
    for path in &paths.silent_loops {
        let step = path.first().and_then(|node| draft.steps.get(graph.step(*node)?));
        let Some(step) = step else { continue };
        report
            .found(
                Code::SilentLoop,
                step.name.span,
                format!("a loop without a question: {}", show_path(draft, graph, path)),
            )
            .help(match path.iter().find_map(|node| graph.subflow(*node)) {
                Some(subflow) => format!(
                    "the flow `{}` can end without a question: put a step with `ask` into the loop, or let it go elsewhere",
                    subflow.flow
                ),
                None => "put a step with `ask` into it, or let it go elsewhere".to_owned(),
            });
    }
}
