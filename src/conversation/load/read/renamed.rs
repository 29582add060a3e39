//! Reads `renamed`: the former names of steps, each with a later one.

use super::shape;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::names::check_name;
use crate::conversation::load::syntax::node::Node;

/// Reads former names, each with a later one.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Vec<(At<String>, At<String>)> {
    let mut renamed = Vec::new();
    for (old, node) in shape::map(report, "renamed", node) {
        check_name(report, "a step", old.value, old.span);
        let Some(new) = shape::text(report, old.value, node) else { continue };
        renamed.push((At { value: old.value.to_owned(), span: old.span }, new));
    }
    renamed
}
