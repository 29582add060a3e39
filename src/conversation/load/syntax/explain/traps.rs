//! Explains YAML's traps in our own words: what a person meant as text and YAML
//! reads as something else.

use super::braced;
use super::brackets;
use super::levels;
use super::quoting;
use super::scan::{self, Scan};
use super::tabs;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::quote::quoted;

/// Characters that begin something other than a text.
const INDICATORS: &str = "*&!@`%|>";

/// What the parser says about texts in quotes, with our message and help.
const QUOTES: [(&str, &str, &str); 5] = [
    (
        "unknown escape",
        "`\\` in double quotes begins an escape such as `\\n`, and this is not one",
        "put the text in single quotes, where `\\` stands for itself",
    ),
    (
        "hexadecimal",
        "`\\` in double quotes begins an escape such as `\\n`, and this is not one",
        "put the text in single quotes, where `\\` stands for itself",
    ),
    (
        "trailing content",
        "the text continues after its closing quote",
        "write a quote inside the text twice in single quotes, or as `\\\"` in double quotes",
    ),
    (
        "indentation in quoted",
        "this quote is not closed",
        "write the same quote at the end of the text",
    ),
    ("end of stream", "this quote is not closed", "write the same quote at the end of the text"),
];

/// Reports that the text is not valid YAML. `info` is the parser's message.
pub(crate) fn explain(report: &mut Report<'_>, at: usize, info: &str) {
    if info.contains("tab") && tabs::explain(report, at) {
        return;
    }
    if braced::explain_line(report, at) {
        return;
    }
    let whole = report.bundle().span(report.bundle().file_at(at));
    let signs = Scan::of(report.text(whole));
    let start = whole.start;
    if quoting::explain(report, &signs, start, at, info)
        || brackets::explain(report, &signs, start, at)
    {
        return;
    }
    let number = report.line_of(at);
    // The parser often sees only on a later line that an earlier one was wrong.
    let first = report.first_line_of(at);
    let earlier = (first..number).rev().find(|n| !report.text(report.line(*n)).trim().is_empty());
    for number in [Some(number), earlier].into_iter().flatten() {
        if tabs::explain(report, report.line(number).start) {
            return;
        }
        let line = report.line(number);
        let text = report.text(line);
        if let Some(trap) = Trap::of(text) {
            let span = Span::new(line.start + trap.at, line.start + trap.end);
            if braced::explain_at(report, span) {
                return;
            }
            report.found(trap.code, span, trap.message).help(trap.help);
            return;
        }
    }
    let sign = report.text_from(at).chars().next().unwrap_or(' ');
    if info.contains("anchor or alias") {
        report
            .found(
                Code::NeedsQuotes,
                Span::new(at, at + sign.len_utf8()),
                format!("`{sign}` needs quotes: it means something else in YAML"),
            )
            .help(format!("write `\"{sign}\"`"));
        return;
    }
    if let Some((_, message, help)) = QUOTES.iter().find(|(words, ..)| info.contains(words)) {
        report.found(Code::Quotes, Span::new(at, at + sign.len_utf8()), *message).help(*help);
        return;
    }
    if levels::explain(report, at) {
        return;
    }
    report.found(Code::Yaml, Span::new(at, at), format!("this is not valid YAML: {info}")).help(
        "check the indentation and the quotes; put a text in quotes if it contains `: ` or ` #`, or begins with a special character",
    );
}

/// Reports a mapping that was meant as a text that begins with `{{`. Returns whether it is one.
pub(crate) fn braces(report: &mut Report<'_>, span: Span) -> bool {
    if !report.text(span).starts_with("{{") {
        return false;
    }
    let line = report.line(report.line_of(span.start));
    let signs = Scan::of(report.text(line));
    let own = signs.brackets.iter().find(|bracket| line.start + bracket.at == span.start);
    let rest = report.text(Span::new(span.start, line.end));
    let end = own
        .and_then(|bracket| bracket.around)
        .map_or(rest.len(), |around| scan::text_end(rest, 0, around));
    let text = rest.get(..end).unwrap_or_default();
    report
        .found(
            Code::NeedsQuotes,
            Span::new(span.start, span.start + end),
            "a text that begins with `{{` needs quotes: YAML reads it as a mapping",
        )
        .help(format!("write {}", quoted(text)));
    true
}

/// Reports a `#` after an unquoted text that looks as if it belonged to the
/// text: YAML begins a comment there. `# ` with a space is taken for a comment.
pub(crate) fn cut_off(report: &mut Report<'_>, span: Span) {
    let line = report.line(report.line_of(span.end));
    let rest = report.text(Span::new(span.end, line.end));
    let comment = rest.trim_start();
    if comment.starts_with('#') && !comment.starts_with("# ") {
        let at = line.end - comment.len();
        let whole = report.text(Span::new(span.start, line.end));
        report
            .found(
                Code::NeedsQuotes,
                Span::new(at, line.end),
                "` #` begins a comment: the text ends before it",
            )
            .help(format!(
                "if it belongs to the text, write {}; if it is a comment, put a space after `#`",
                quoted(whole)
            ));
    }
}

/// A likely fault of a line.
struct Trap {
    code: Code,
    at: usize,
    end: usize,
    message: String,
    help: String,
}

impl Trap {
    fn of(line: &str) -> Option<Self> {
        let indent = line.len() - line.trim_start().len();
        let content = line.trim_start();
        let Some((key, value)) = content.split_once(':') else {
            return Self::of_value(line, content.trim_start_matches("- ").trim(), false);
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !key.trim_start_matches("- ").trim().trim_matches('"').chars().all(is_name) {
            return None;
        }
        if value.starts_with('\t') {
            return Some(Self {
                code: Code::Yaml,
                at: indent + key.len() + 1,
                end: line.len() - value.trim_start().len(),
                message: format!("a tab after `{key}:`, where YAML needs a space"),
                help: format!("write a space: `{key}: {}`", value.trim()),
            });
        }
        if !value.is_empty() && !value.starts_with(' ') {
            return Some(Self {
                code: Code::Yaml,
                at: indent,
                end: line.trim_end().len(),
                message: format!("a space is missing after `{key}:`"),
                help: format!("write `{key}: {}`", value.trim()),
            });
        }
        Self::of_value(line, value.trim(), true)
    }

    /// What is wrong with the value that ends `line`.
    fn of_value(line: &str, value: &str, has_key: bool) -> Option<Self> {
        let end = line.trim_end().len();
        let at = end - value.len();
        let first = value.chars().next()?;
        let message = if value.starts_with("{{") {
            "a text that begins with `{{` needs quotes: YAML reads it as a mapping".to_owned()
        } else if INDICATORS.contains(first) {
            format!(
                "a text that begins with `{first}` needs quotes: it means something else in YAML"
            )
        } else if has_key && matches!(first, '-' | '?') && !value[1..].starts_with(|c| c != ' ') {
            format!(
                "a text that begins with `{first}` and a space needs quotes: it means something else in YAML"
            )
        } else if value.contains(": ") && !value.starts_with(['"', '\'', '[', '{']) {
            "a text with `: ` in it needs quotes: YAML reads it as a key and its value".to_owned()
        } else if value.ends_with(':') {
            "a text that ends with `:` needs quotes: YAML reads it as a key".to_owned()
        } else {
            return None;
        };
        // Advice can quote a single value, not one inside a list on the same line.
        Some(Self {
            code: Code::NeedsQuotes,
            at,
            end,
            message,
            help: format!("write {}", quoted(value)),
        })
    }
}
