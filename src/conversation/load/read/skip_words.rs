//! `optional: true`: who writes so means that a question may be skipped, and
//! is to say with which words.

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

/// Reports a switch in the place of words; whether there is one.
pub(super) fn refuse(report: &mut Report<'_>, key: &str, node: &Node) -> bool {
    let Data::Text { value, .. } = &node.data else { return false };
    let help = match value.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" => {
            format!("write the words that skip the question: `{key}: [skip]`")
        }
        "false" | "off" => format!("a question is not optional by itself: leave `{key}` out"),
        _ => return false,
    };
    let what = value.trim();
    report
        .found(Code::Shape, node.span, format!("`{key}` is a list of words, and `{what}` is none"))
        .help(help);
    true
}
