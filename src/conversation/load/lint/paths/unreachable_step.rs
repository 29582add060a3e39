//! Steps to which nothing leads.

use crate::conversation::StepId;
use crate::conversation::finding::Code;
use crate::conversation::load::analysis::algorithms::flood;
use crate::conversation::load::analysis::facts::{Facts, Paths};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::lint::rule::{Check, Rule};

pub(crate) const RULE: Rule =
    Rule { codes: &[Code::UnreachableStep], checks: &[Check::Paths(check)] };

/// Reports the first of several lost steps that follow each other.
fn check(report: &mut Report<'_>, facts: &Facts<'_>, paths: &Paths<'_>) {
    let (draft, graph) = (facts.draft, &paths.graph);
    let lost = |step: &StepId| !paths.is_reached(*step);
    let before = graph.reversed();
    let is_root =
        |step: &StepId| before[*step].iter().all(|from| from == step || *from >= graph.steps());
    let mut covered = vec![false; graph.len()];
    for roots_only in [true, false] {
        for step in (0..graph.steps()).filter(lost) {
            if covered[step] || (roots_only && !is_root(&step)) {
                continue;
            }
            let follows =
                flood(graph.len(), &[step], |node| graph.edges(node).iter().map(|edge| edge.to));
            covered.iter_mut().zip(follows).for_each(|(covered, follows)| *covered |= follows);
            let name = &draft.steps[step].name;
            let finding = report.found(
                Code::UnreachableStep,
                name.span,
                format!("nothing leads to the step `{}`", name.value),
            );
            let above = step.checked_sub(1).filter(|_| roots_only);
            if let Some((id, above)) = above.and_then(|id| Some((id, draft.steps.get(id)?))) {
                let why = match graph.subflow(id) {
                    Some(subflow) => format!(
                        "with none of the outcomes of `{}` it continues: `{}`",
                        subflow.flow,
                        subflow.outcomes()
                    ),
                    None => "the step above always goes elsewhere".to_owned(),
                };
                finding.label(above.name.span, why);
            }
            let unheard = draft.steps.iter().find(|from| {
                let go = from.go.as_ref().is_some_and(|go| go.value == name.value);
                go && from.when_decides_all()
            });
            finding.help(match unheard {
                Some(from) => format!(
                    "`go: {}` of `{}` never happens, since its `when` lists every answer: take those out that should lead here",
                    name.value, from.name.value
                ),
                None => format!(
                    "write `go: {}` where it should follow, or remove the step",
                    name.value
                ),
            });
        }
    }
}
