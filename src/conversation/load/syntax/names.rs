//! What names look like: those of steps and variables, and those of languages.

use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;

/// The longest name of a step, a variable, an outcome or a flow.
pub(crate) const MAX_NAME: usize = 50;

/// The longest tag of a language: the length that BCP 47 asks to make room for.
const MAX_TAG: usize = 35;

/// Whether this is a valid name of a step or a variable.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Reports an invalid name. `what` says what it should name.
pub(crate) fn check_name(report: &mut Report<'_>, what: &str, name: &str, span: Span) -> bool {
    if is_name(name) {
        return true;
    }
    let wish = format!(
        "start with a letter and use only letters, digits and `_`, at most {MAX_NAME} characters"
    );
    report.found(Code::BadName, span, format!("`{name}` cannot be the name of {what}")).help(wish);
    false
}

/// Whether a text looks like a language's tag: `en`, `pt-BR`, `zh-Hant-TW`.
pub(crate) fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
        && text.len() <= MAX_TAG
}
