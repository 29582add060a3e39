//! Finds characters in a file's structure that look like a space, like nothing or
//! like a `:`, but are letters for YAML. People paste them from a page or a chat.

use super::scan::{indent_of, line_from};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::keys;
use crate::conversation::lookalike::{LOOKALIKES, described};

/// What a person sees as a `:`.
const COLON: char = '：';

/// Reports each such character of a file. Returns whether there are any.
pub(crate) fn check(report: &mut Report<'_>, file: usize) -> bool {
    let whole = report.bundle().span(file);
    let text = report.text(whole);
    if text.is_ascii() {
        return false;
    }
    let before = report.errors();
    // The indentation of a line whose value may go on in deeper ones.
    let mut goes_on: Option<usize> = None;
    let mut at = whole.start;
    while at < whole.end {
        let line = line_from(report.text(Span::new(at, whole.end)), 0);
        let blanks = line.len() - line.trim_start_matches(is_blank).len();
        let depth = line[..blanks].chars().filter(|c| *c != '\u{feff}').count();
        let content = line[blanks..].trim_end();
        if !content.is_empty()
            && !content.starts_with('#')
            && goes_on.is_none_or(|indent| depth <= indent)
        {
            of_line(report, at, line, blanks);
            goes_on = has_value(content).then_some(depth);
        }
        at += line.len() + 1;
    }
    report.errors() > before
}

/// Whether a text or a block begins on a line, and may go on.
fn has_value(content: &str) -> bool {
    let value = content.split_once(": ").map(|(_, value)| value);
    value.is_some_and(|value| !value.trim().is_empty() && !value.starts_with(['{', '[']))
}

/// Checks the indentation of a line, its key and what follows the `:`.
fn of_line(report: &mut Report<'_>, at: usize, line: &str, blanks: usize) {
    let indent = &line[..blanks];
    // A byte order mark is allowed where the file begins.
    let spaces = indent.trim_start_matches('\u{feff}');
    if let Some(c) = spaces.chars().find(|c| !c.is_ascii()) {
        let what = if is_nothing(c) { "remove it" } else { "write spaces instead" };
        let start = at + indent_of(indent);
        report
            .found(
                Code::Lookalike,
                Span::new(start, at + blanks),
                format!("{} in the indentation: YAML takes it for a letter", described(Some(c))),
            )
            .help(what);
        return;
    }
    let mut start = blanks;
    while let Some(rest) = line[start..].strip_prefix('-') {
        let Some(c) = rest.chars().next().filter(|c| is_blank(*c)) else { break };
        if !c.is_ascii() {
            return replace(report, at + start + 1, c, "-");
        }
        start += 1 + c.len_utf8();
    }
    of_key(report, at + start, &line[start..]);
    // Inside `{ }`, each key is checked.
    let value = line[start..].split_once([':', COLON]).map(|(_, value)| value);
    if !value.is_some_and(|value| value.trim_start_matches(is_blank).starts_with('{')) {
        return;
    }
    let mut is_quoted = false;
    for (inside, sign) in line[start..].match_indices(['{', ',', '"']) {
        is_quoted ^= sign == "\"";
        if is_quoted || sign == "\"" {
            continue;
        }
        let rest = &line[start + inside + 1..];
        let skipped = rest.len() - rest.trim_start().len();
        of_key(report, at + start + inside + 1 + skipped, rest.trim_start());
    }
}

/// Checks a key that may begin here.
fn of_key(report: &mut Report<'_>, at: usize, text: &str) {
    let end = text.find([':', COLON, ',', '{']);
    let Some(colon) = end.filter(|end| !text[*end..].starts_with([',', '{'])) else { return };
    let written = &text[..colon];
    let key: String = written.chars().filter(char::is_ascii).collect();
    let hidden = written.char_indices().find(|(_, c)| !c.is_ascii());
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if key.is_empty() || !key.chars().all(is_name) {
        return;
    }
    // A language file has `STEP.ask` and the like.
    let last = key.rsplit('.').next().unwrap_or_default();
    let is_key = keys::of_step().contains(&last) || keys::OF_FILE.contains(&last) || last == "is";
    let sign = text[colon..].chars().next().unwrap_or(':');
    let after = &text[colon + sign.len_utf8()..];
    let is_at_end = after.trim_end().is_empty() || after.trim_start().starts_with('{');
    if let Some((place, c)) = hidden {
        let is_whole = written.chars().all(|c| c.is_ascii() || is_blank(c) || is_nothing(c));
        if is_whole && (is_key || sign == ':' && (is_at_end || after.starts_with(' '))) {
            report
                .found(
                    Code::Lookalike,
                    Span::new(at + place, at + place + c.len_utf8()),
                    format!(
                        "{} in the key `{key}`: it becomes part of the name",
                        described(Some(c))
                    ),
                )
                .help(format!("remove it: write `{key}:`"));
        }
        return;
    }
    if sign == COLON {
        if is_key || is_at_end {
            let value = after.trim();
            let space = if value.is_empty() { "" } else { " " };
            report
                .found(
                    Code::Lookalike,
                    Span::new(at + colon, at + colon + sign.len_utf8()),
                    format!("{} after `{key}`, where YAML needs `:`", described(Some(sign))),
                )
                .help(format!("write `{key}:{space}{value}`"));
        }
        return;
    }
    let next = after.chars().next().filter(|c| !c.is_ascii() && (is_blank(*c) || is_nothing(*c)));
    if let Some(c) = next.filter(|_| is_key) {
        replace(report, at + colon + 1, c, &format!("{key}:"));
    }
}

/// Reports a character where a space is needed.
fn replace(report: &mut Report<'_>, at: usize, c: char, after: &str) {
    report
        .found(
            Code::Lookalike,
            Span::new(at, at + c.len_utf8()),
            format!("{} after `{after}`, where YAML needs a space", described(Some(c))),
        )
        .help(format!("write a plain space after `{after}`"));
}

/// Whether a person sees a space or nothing at the beginning of a line.
fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t' || !c.is_ascii() && (c.is_whitespace() || is_nothing(c))
}

fn is_nothing(c: char) -> bool {
    LOOKALIKES.iter().any(|(known, plain, _)| *known == c && plain.is_empty())
}
