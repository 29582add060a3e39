//! The quotes that advice writes around a text: inside a value in double
//! quotes, another double quote would end the value.

use crate::conversation::finding::Span;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{Draft, DraftStep, Use};

/// A text as it can be written inside the value at `value`.
pub(crate) fn quoted(report: &Report<'_>, value: Span, text: &str) -> String {
    let quote = if report.text(value).starts_with('"') { '\'' } else { '"' };
    format!("{quote}{text}{quote}")
}

/// A text as it can be written where a name is read.
pub(crate) fn quoted_at(report: &Report<'_>, draft: &Draft, used: &Use, text: &str) -> String {
    let texts = draft.steps.iter().flat_map(DraftStep::texts).chain(draft.texts_outside());
    let mut values = texts.map(|text| text.span).chain(conditions(draft));
    quoted(report, values.find(|span| holds(*span, used)).unwrap_or(used.span), text)
}

/// Whether a name is read in a condition, where names have no braces.
pub(crate) fn is_in_condition(draft: &Draft, used: &Use) -> bool {
    conditions(draft).any(|span| holds(span, used))
}

fn conditions(draft: &Draft) -> impl Iterator<Item = Span> {
    draft.steps.iter().flat_map(DraftStep::conditions).map(|condition| condition.span)
}

fn holds(span: Span, used: &Use) -> bool {
    span.start <= used.span.start && used.span.end <= span.end
}
