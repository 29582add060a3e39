//! Reads `optional`. An author who writes `optional: true` means that the question
//! may be skipped, and learns that it takes the words that skip it.

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::Word;
use crate::conversation::load::syntax::node::{Data, Node};

/// The words that skip a question.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Vec<Word> {
    if refuse(report, "optional", node) {
        return Vec::new();
    }
    shape::word_list(report, "optional", node)
}

/// Reports a switch in place of words. Returns whether there is one.
pub(super) fn refuse(report: &mut Report<'_>, key: &str, node: &Node) -> bool {
    let Data::Text { value, .. } = &node.data else { return false };
    let help = match value.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" => {
            format!("write the words that skip the question: `{key}: [skip]`")
        }
        "false" | "off" => format!("leave `{key}` out: a question is not optional by default"),
        _ => return false,
    };
    let what = value.trim();
    report
        .found(Code::Shape, node.span, format!("`{key}` takes a list of words, not `{what}`"))
        .help(help);
    true
}
