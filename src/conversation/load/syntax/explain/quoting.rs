//! Explains texts in quotes that go on after their closing quote or have none, and
//! warns of what is sent where quotes are missing.

use super::scan::{self, Quote, Scan};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::quote::{double_quoted, quoted};

/// Quotes of a text processor, the opening one first.
const CURLY: [(char, char); 4] = [('“', '”'), ('„', '“'), ('„', '”'), ('‘', '’')];

/// Reports a quote before `at` that no quote of its kind closes, or that is closed too soon.
pub(super) fn explain(
    report: &mut Report<'_>,
    scan: &Scan,
    start: usize,
    at: usize,
    info: &str,
) -> bool {
    let before = |quote: &&Quote| start + quote.start <= at;
    let Some(quote) = scan.quotes.iter().rfind(before) else { return false };
    let begins = start + quote.start;
    let is_at_end = quote.end.is_none_or(|end| start + end <= at + 1);
    if !is_at_end && begins != at {
        return false;
    }
    if let Some(curly) = closed_by_curly(report, begins) {
        let sign = report.text_from(begins).chars().next().unwrap_or('"');
        let shown = report.text(curly);
        report
            .found(
                Code::Quotes,
                curly,
                format!("the text ends with `{shown}`, which closes nothing"),
            )
            .help(format!("replace `{shown}` with `{sign}`"));
        return true;
    }
    if !info.contains("trailing content") {
        return false;
    }
    let rest = report.text_from(begins);
    let end = match quote.around {
        Some(around) => scan::text_end(rest, 0, around),
        None => scan::line_from(rest, 0).trim_end().len(),
    };
    let text = rest.get(..end).unwrap_or_default();
    let closing = quote.end.map_or(begins, |end| start + end);
    if closing >= begins + text.len() {
        return false;
    }
    let outer = is_inside_quotes(text, closing - begins);
    let inner = if outer { &text[1..text.len() - 1] } else { text };
    report
        .found(
            Code::Quotes,
            Span::new(closing, begins + text.len()),
            "the text continues after its closing quote",
        )
        .help(format!("put the whole text in quotes: write {}", quoted(inner)));
    true
}

/// Whether a text's outermost quotes are meant to enclose it, and those inside
/// belong to it: `'It's nice'`, and not `"a" == "b"`.
fn is_inside_quotes(text: &str, closing: usize) -> bool {
    let Some(sign) = text.chars().next() else { return false };
    let ends = text.len() > closing.max(1) && text.ends_with(sign);
    let goes_on = text.get(closing..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    ends && (goes_on || text.matches(sign).count() % 2 == 1)
}

/// The curly quote that ends the line on which a text in quotes begins.
fn closed_by_curly(report: &Report<'_>, begins: usize) -> Option<Span> {
    let line = scan::line_from(report.text_from(begins), 0).trim_end();
    let sign = line.chars().next()?;
    let line = line.trim_end_matches(['}', ']', ',', ' ']);
    let last = line.chars().last()?;
    let is_curly = match sign {
        '"' => matches!(last, '“' | '”' | '„' | '″'),
        _ => matches!(last, '‘' | '’' | '´' | '`' | '′'),
    };
    let at = begins + line.len() - last.len_utf8();
    (is_curly && line[1..line.len() - last.len_utf8()].matches(sign).count() == 0)
        .then(|| Span::new(at, at + last.len_utf8()))
}

/// Warns of what is sent unchanged in a text without quotes: `\n`, and curly
/// quotes around the whole text.
pub(crate) fn check_plain(report: &mut Report<'_>, span: Span, text: &str) {
    if let Some(at) = report.text(span).find("\\n") {
        let at = span.start + at;
        report
            .found(
                Code::LineBreak,
                Span::new(at, at + 2),
                "`\\n` is a line break only in double quotes: people get these two characters",
            )
            .help(format!("write `{}`", double_quoted(text)));
    }
    let mut signs = text.chars();
    let (Some(first), Some(last)) = (signs.next(), signs.next_back()) else { return };
    let inner = signs.as_str();
    let is_pair = CURLY.contains(&(first, last))
        || matches!(first, '“' | '”' | '„') && matches!(last, '"' | '”')
        || matches!(first, '‘' | '’') && matches!(last, '\'' | '’');
    if is_pair && !inner.contains([first, last]) {
        report
            .found(
                Code::CurlyQuotes,
                span,
                format!(
                    "`{first}` and `{last}` are not quotes in YAML: people get them with the text"
                ),
            )
            .help(format!("write {}; to send them as well, write {}", quoted(inner), quoted(text)));
    }
}
