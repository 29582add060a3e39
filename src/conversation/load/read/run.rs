//! Reads a step that runs another flow: which answers it keeps, and where it goes
//! after each outcome.

use super::names;
use super::shape;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, DraftRun};
use crate::conversation::load::syntax::keys::AskKeys;

/// Reads the other keys of `run` into it, and returns its `when`.
pub(super) fn read(
    report: &mut Report<'_>,
    run: &mut DraftRun,
    keys: &AskKeys<'_>,
) -> Vec<(At<String>, At<String>)> {
    if let Some((_, node)) = keys.get("keep") {
        for (ours, node) in shape::map(report, "keep", node) {
            names::check_variable(report, ours.value, ours.span);
            let Some(theirs) = shape::text(report, ours.value, node) else { continue };
            run.keep.push((At { value: ours.value.to_owned(), span: ours.span }, theirs));
        }
    }
    let Some((_, node)) = keys.get("when") else { return Vec::new() };
    shape::map(report, "when", node)
        .into_iter()
        .filter_map(|(outcome, node)| {
            let target = shape::text(report, outcome.value, node)?;
            Some((At { value: outcome.value.to_owned(), span: outcome.span }, target))
        })
        .collect()
}
