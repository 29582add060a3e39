//! Reads `languages` of a flow.

use super::shape;
use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::names::is_tag;
use crate::conversation::load::syntax::node::Node;

/// Reads the languages; the first is that of the file itself.
pub(super) fn read(report: &mut Report<'_>, node: &Node) -> Vec<At<String>> {
    let mut languages: Vec<At<String>> = Vec::new();
    for item in shape::list(report, "languages", node) {
        let Some(language) = shape::text(report, "languages", item) else { continue };
        if !is_tag(&language.value) {
            report
                .found(Code::BadValue, language.span, format!("`{}` is not a language tag", language.value))
                .help("write two or three letters, such as `en`, and a region where it matters, such as `pt-BR`");
            continue;
        }
        let is_same = |other: &&At<String>| other.value.eq_ignore_ascii_case(&language.value);
        if let Some(first) = languages.iter().find(is_same) {
            report
                .found(
                    Code::Duplicate,
                    language.span,
                    format!("`{}` is written twice", language.value),
                )
                .label(first.span, "first here")
                .help("keep one of them");
            continue;
        }
        languages.push(language);
    }
    languages
}
