//! Reads the `body` of a call: a tree that becomes JSON.

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::DraftJson;
use crate::conversation::load::syntax::node::{Data, Node};

/// The most levels of lists and mappings.
const DEEPEST: usize = 20;

/// Reads a value; `None` where a part of it could not be read.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Option<DraftJson> {
    value(report, node, DEEPEST)
}

fn value(report: &mut Report<'_>, node: &Node, levels: usize) -> Option<DraftJson> {
    let Some(levels) = levels.checked_sub(1) else {
        report
            .found(Code::LimitExceeded, node.span, format!("`body` has more than {DEEPEST} levels"))
            .help("send something simpler");
        return None;
    };
    match &node.data {
        Data::Text { value: text, plain: true } if is_literal(text) => {
            Some(DraftJson::Literal(text.clone()))
        }
        Data::Text { value: text, plain: true } if text.is_empty() => {
            report
                .found(Code::NoValue, node.span, "this part of `body` has no value")
                .help("write `null`, or `\"\"` for an empty text");
            None
        }
        Data::Text { plain: true, .. } => {
            Some(DraftJson::Text(shape::template(report, "body", node)?))
        }
        Data::Text { .. } => Some(DraftJson::Text(shape::any_template(report, "body", node)?)),
        Data::List(items) => {
            let items: Vec<_> = items.iter().map(|item| value(report, item, levels)).collect();
            Some(DraftJson::List(items.into_iter().collect::<Option<_>>()?))
        }
        Data::Map(entries) if entries.is_empty() => Some(DraftJson::Map(Vec::new())),
        Data::Map(_) => {
            let entries = shape::map(report, "body", node);
            let entries: Vec<_> = entries
                .into_iter()
                .map(|(name, node)| Some((name.value.to_owned(), value(report, node, levels)?)))
                .collect();
            Some(DraftJson::Map(entries.into_iter().collect::<Option<_>>()?))
        }
    }
}

/// Returns whether a text without quotes is a number, `true`, `false` or `null`
/// in JSON, too.
fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
        || text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && serde_json::from_str::<serde_json::Number>(text).is_ok()
}
