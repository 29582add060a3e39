//! Reads `secrets`: the names of what calls send and nobody sees.

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, looks_like_secret};
use crate::conversation::load::syntax::names::MAX_NAME;
use crate::conversation::load::syntax::node::Node;

/// Reads a list of names.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Vec<At<String>> {
    let mut secrets: Vec<At<String>> = Vec::new();
    for item in shape::list(report, "secrets", node) {
        let Some(name) = shape::text(report, "secrets", item) else { continue };
        let is_name = looks_like_secret(&name.value) && name.value.len() <= MAX_NAME;
        if !is_name {
            report
                .found(Code::BadName, name.span, "this cannot be the name of a secret")
                .help("write its name and not its value: begin with a capital, and use only capitals, digits and `_`");
            continue;
        }
        if let Some(first) = secrets.iter().find(|known| known.value == name.value) {
            report
                .found(Code::Duplicate, name.span, format!("`{}` is listed twice", name.value))
                .label(first.span, "first here")
                .help("keep one of them");
            continue;
        }
        secrets.push(name);
    }
    secrets
}
