//! Explains faults inside `{ }` and `[ ]`: brackets that are not closed, and texts
//! that end sooner than they seem to, since `,`, `{` and `[` end them there.

use super::braced;
use super::scan::{self, Bracket, Scan};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::keys::{self, TEXTS};
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::quote::quoted;

/// Reports a bracket before `at` that is never closed, or that ends a text.
/// `start` is where the scanned file begins.
pub(super) fn explain(report: &mut Report<'_>, scan: &Scan, start: usize, at: usize) -> bool {
    let before = |bracket: &&Bracket| start + bracket.at <= at;
    let inside =
        scan.brackets.iter().filter(before).find_map(|bracket| {
            Some((start + bracket.in_text?, bracket.around?, start + bracket.at))
        });
    if let Some((text, around, bracket)) = inside {
        ends_text(report, text, around, bracket);
        return true;
    }
    if let Some(colon) = scan.colons.iter().find(|colon| start + colon.at <= at) {
        let rest = report.text_from(start + colon.text);
        let text = rest.get(..scan::text_end(rest, 0, b'{')).unwrap_or_default();
        let text_span = Span::new(start + colon.text, start + colon.text + text.len());
        report
            .found(
                Code::NeedsQuotes,
                text_span,
                "a text with `: ` in it needs quotes: YAML reads it as a key and its value",
            )
            .help(format!("write {}", quoted(text)));
        return true;
    }
    let open = scan.brackets.iter().filter(before).rfind(|bracket| !bracket.is_closed);
    let Some(bracket) = open else { return false };
    let at = start + bracket.at;
    let line = report.line(report.line_of(at));
    let value = report.text(Span::new(at, line.end)).trim_end();
    if value.starts_with("{{") {
        return false;
    }
    let (sign, closing) = if value.starts_with('{') { ('{', '}') } else { ('[', ']') };
    let before = report.text(Span::new(line.start, at)).trim();
    let key = before.strip_suffix(':').map(|key| key.trim_start_matches("- "));
    let help = if value.contains(" #") {
        "put the text in quotes if ` #` belongs to it: otherwise it begins a comment".to_owned()
    } else if key.is_some_and(|key| TEXTS.contains(&key)) {
        format!("if it belongs to the text, write {}", quoted(value))
    } else {
        format!(
            "write `{closing}` where it ends; if it belongs to the text, put the text in quotes"
        )
    };
    report.found(Code::Yaml, Span::new(at, at + 1), format!("`{sign}` is not closed")).help(help);
    true
}

/// Reports a text in brackets that another bracket ends.
fn ends_text(report: &mut Report<'_>, start: usize, around: u8, at: usize) {
    let sign = report.text_from(at).chars().next().unwrap_or('{');
    let rest = report.text_from(start);
    let text = rest.get(..scan::text_end(rest, 0, around)).unwrap_or_default();
    let message = if start == at {
        format!("a text that begins with `{sign}` needs quotes inside {}", pair(around))
    } else {
        format!("`{sign}` ends the text inside {}", pair(around))
    };
    let help = if text.contains(": ") || start + text.len() <= at {
        format!("put the whole text in quotes, including the `{sign}`")
    } else {
        format!("write {}", quoted(text))
    };
    let span = Span::new(start, start + text.len());
    if !braced::explain_at(report, span) {
        report.found(Code::NeedsQuotes, span, message).help(help);
    }
}

/// A bracket and its other half, in words.
fn pair(sign: u8) -> &'static str {
    if sign == b'{' { "`{ }`" } else { "`[ ]`" }
}

/// Joins the texts of a mapping in `{ }` that a comma has split, and reports them.
/// The rest of such a text looks like a key without a value.
pub(crate) fn join_texts(report: &mut Report<'_>, span: Span, entries: &mut Vec<(Node, Node)>) {
    if !report.text(span).starts_with('{') {
        return;
    }
    let all = std::mem::take(entries);
    for (key, value) in all {
        let torn = entries.last().and_then(|(_, before)| match &before.data {
            Data::Text { value: text, plain: true } if !text.is_empty() => Some(before.span),
            Data::Map(_) if report.text(before.span).starts_with("{{") => Some(before.span),
            _ => None,
        });
        match torn.filter(|_| is_rest(report, &key, &value)) {
            Some(first) => {
                let rest = report.text_from(first.start);
                let end = first.start + scan::text_end(rest, 0, b'{');
                let whole = Span::new(first.start, end.max(key.span.end));
                let text = report.text(whole);
                report
                    .found(Code::NeedsQuotes, whole, "a comma ends the text inside `{ }`")
                    .help(format!("write {}", quoted(text)));
                if let Some((_, before)) = entries.last_mut() {
                    let value = text.to_owned();
                    // Further parts are reported with it, since its span ends with the whole text.
                    *before = Node { span: whole, data: Data::Text { value, plain: false } };
                }
            }
            None if is_said(&key, entries) => {}
            None => entries.push((key, value)),
        }
    }
}

/// Whether a key is inside the text before it, which was joined.
fn is_said(key: &Node, entries: &[(Node, Node)]) -> bool {
    entries.last().is_some_and(|(_, before)| key.span.start < before.span.end)
}

/// Whether this is the rest of a text and not a key: it has no `:`.
fn is_rest(report: &Report<'_>, key: &Node, value: &Node) -> bool {
    let (Data::Text { value: name, plain: true }, Data::Text { value, plain: true }) =
        (&key.data, &value.data)
    else {
        return false;
    };
    let after = report.text_from(key.span.end).trim_start();
    value.is_empty() && !after.starts_with(':') && !keys::of_step().contains(&name.as_str())
}
