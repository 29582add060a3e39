//! Conditions that YAML reads as something else: with braces around their
//! variables, as texts have them, or with a `!` before them.

use super::scan;
use crate::conversation::expression::{Expression, end_of_literal};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::quote::as_value;

const MESSAGE: &str = "variables in a condition have no braces";

/// Reports the condition at `is` if it is valid without its braces.
pub(crate) fn explain(report: &mut Report<'_>, node: &Node) -> bool {
    let span = match &node.data {
        Data::Text { value, .. } => {
            let Some(meant) = without_braces(value) else { return false };
            let help = format!("write `{}`", as_value(&meant, is_inside(report, node.span)));
            report.found(Code::Condition, node.span, MESSAGE).help(help);
            return true;
        }
        Data::Map(_) => node.span,
        Data::List(_) => return false,
    };
    let line = report.line(report.line_of(span.start));
    let text = report.text(Span::new(span.start, line.end)).trim_end();
    let text = text.strip_suffix('}').filter(|_| is_inside(report, span)).unwrap_or(text);
    let Some(meant) = without_braces(text) else { return false };
    let whole = Span::new(span.start, span.start + text.len());
    let help = format!("write `{}`", as_value(&meant, is_inside(report, span)));
    report.found(Code::Condition, whole, MESSAGE).help(help);
    true
}

/// Reports the condition on a line of a file that is not valid YAML if it begins
/// with braces, or with a character that means something else there.
pub(crate) fn explain_line(report: &mut Report<'_>, at: usize) -> bool {
    let line = report.line(report.line_of(at));
    let text = report.text(line);
    let begins = ["is: {", "is: !"].into_iter().find_map(|sign| text.find(sign));
    let Some(start) = begins.map(|at| at + "is: ".len()) else { return false };
    let is_inside = text[..start].contains('{');
    let end = if is_inside { scan::text_end(text, start, b'{') } else { text.trim_end().len() };
    explain_at(report, Span::new(line.start + start, line.start + end))
}

/// Reports the text at `span` if it is such a condition in a file that is not valid YAML.
pub(super) fn explain_at(report: &mut Report<'_>, span: Span) -> bool {
    let line = report.line(report.line_of(span.start));
    let before = report.text(Span::new(line.start, span.start));
    if !before.trim_end().ends_with("is:") {
        return false;
    }
    let text = report.text(span);
    let (meant, message) = match (without_braces(text), translated(text)) {
        (Some(meant), _) => (meant, MESSAGE),
        (None, Some(meant)) => (meant, "`!` is not part of the language"),
        (None, None) => return false,
    };
    let help = format!("write `{}`", as_value(&meant, is_inside(report, span)));
    report.found(Code::Condition, span, message).help(help);
    true
}

/// A condition with the operators of other languages replaced by those of this one.
fn translated(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..10 {
        let Err(error) = Expression::parse(&text) else { return Some(text) };
        let written = error.hint?.strip_prefix("write `")?.strip_suffix('`')?.to_owned();
        text.replace_range(error.at, &written);
    }
    None
}

/// Whether it is inside `{ }`, where more characters need quotes.
fn is_inside(report: &Report<'_>, span: Span) -> bool {
    let line = report.line(report.line_of(span.start));
    report.text(Span::new(line.start, span.start)).contains('{')
}

/// The condition without its braces, if it has any and the rest is valid.
pub(crate) fn without_braces(text: &str) -> Option<String> {
    let mut meant = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '{' => {
                let inner = text[at..].trim_start_matches(['{', ' ']);
                at = text.len() - inner.len();
            }
            '}' => {
                meant.truncate(meant.trim_end().len());
                at += c.len_utf8();
            }
            '"' | '\'' => {
                let end = end_of_literal(text, at).unwrap_or(text.len());
                let literal = &text[at..end];
                let inner = literal.trim_matches(c).trim();
                match inner.strip_prefix("{{").and_then(|inner| inner.strip_suffix("}}")) {
                    Some(name) => meant.push_str(name.trim()),
                    None => meant.push_str(literal),
                }
                at = end;
            }
            _ => {
                meant.push(c);
                at += c.len_utf8();
            }
        }
    }
    (meant != text && Expression::parse(&meant).is_ok()).then_some(meant)
}
