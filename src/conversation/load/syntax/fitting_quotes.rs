//! The quotes that advice writes around a text: inside a value in double
//! quotes, another double quote would end the value.

use crate::conversation::finding::Span;
use crate::conversation::load::diagnostics::Report;

/// A text as it can be written inside the value at `value`.
pub(crate) fn quoted(report: &Report<'_>, value: Span, text: &str) -> String {
    let quote = if report.text(value).starts_with('"') { '\'' } else { '"' };
    format!("{quote}{text}{quote}")
}
