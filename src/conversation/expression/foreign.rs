//! Recognises the operators of other languages, and advises what to write
//! instead.

use std::ops::Range;

use super::error::SyntaxError;
use super::quotes::end_of_literal;

/// Signs of other languages, each with its counterpart here.
const OPERATORS: [(&str, &str); 17] = [
    ("===", "=="),
    ("!==", "!="),
    ("=!=", "!="),
    ("<=>", "=="),
    ("=>", ">="),
    ("=<", "<="),
    ("<>", "!="),
    ("><", "!="),
    ("=!", "!="),
    ("=", "=="),
    ("≠", "!="),
    ("≥", ">="),
    ("≤", "<="),
    ("&&", "and"),
    ("&", "and"),
    ("||", "or"),
    ("∧", "and"),
];

/// Signs of this language, if they contain no space.
const OWN: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];

/// Returns an error for the sign that begins `range`, if it belongs to another
/// language.
pub(super) fn refused(text: &str, range: Range<usize>) -> Option<SyntaxError> {
    let rest = text.get(range.clone())?;
    let first = rest.chars().next()?;
    let (length, written, help) = match first {
        '=' | '<' | '>' | '!' => compared(rest).or_else(|| negated(rest))?,
        '&' | '|' | '≠' | '≥' | '≤' | '∧' => {
            let (sign, own) = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign))?;
            (sign.len(), (*sign).to_owned(), (*own).to_owned())
        }
        '“' | '„' | '‘' | '«' => quoted(rest, first)?,
        '$' | '@' => {
            let name = word(&rest[1..]);
            (!name.is_empty()).then(|| (1 + name.len(), first.to_string(), name.to_owned()))?
        }
        _ => return None,
    };
    let at = range.start..range.start + length;
    let help = spaced(text, &at, &help);
    let message = format!("`{written}` is not part of the language");
    Some(SyntaxError::new(at, message).hint(format!("write `{help}`")))
}

/// Recognises a comparison that is spelled otherwise, or with a space inside.
fn compared(rest: &str) -> Option<(usize, String, String)> {
    let is_sign = |c: char| matches!(c, '=' | '<' | '>' | '!');
    let mut length = 0;
    let mut sign = String::new();
    for (at, c) in rest.char_indices() {
        if is_sign(c) {
            sign.push(c);
            length = at + 1;
        } else if c != ' ' || !rest[at..].trim_start().starts_with(['=', '>']) {
            break;
        }
    }
    let own = match OPERATORS.iter().find(|(foreign, _)| *foreign == sign) {
        Some((_, own)) => *own,
        None => OWN.into_iter().find(|own| *own == sign && length > sign.len())?,
    };
    Some((length, rest[..length].to_owned(), own.to_owned()))
}

/// Recognises a `!` with its operand.
fn negated(rest: &str) -> Option<(usize, String, String)> {
    if rest.starts_with("!=") {
        return None;
    }
    let inner = rest.strip_prefix('!')?.trim_start_matches('!');
    let signs = rest.len() - inner.len();
    let operand = inner.trim_start();
    let skipped = signs + inner.len() - operand.len();
    let name = word(operand);
    let length = match operand.chars().next() {
        Some('(') => parenthesis(operand),
        Some('"' | '\'') => end_of_literal(operand, 0).unwrap_or(operand.len()),
        _ => name.len(),
    };
    let what = &operand[..length];
    let help = match what {
        "" => "not".to_owned(),
        "in" => "not in".to_owned(),
        // Denied twice, it stays the same.
        _ if signs.is_multiple_of(2) => what.to_owned(),
        _ => format!("not {what}"),
    };
    Some((skipped + length, "!".to_owned(), help))
}

/// Recognises a text in typographic quotes.
fn quoted(rest: &str, opening: char) -> Option<(usize, String, String)> {
    let inside = &rest[opening.len_utf8()..];
    let end = inside.find(['”', '“', '’', '»', '"'])?;
    let closing = inside[end..].chars().next()?;
    let length = opening.len_utf8() + end + closing.len_utf8();
    Some((length, opening.to_string(), format!("\"{}\"", &inside[..end])))
}

/// Returns the letters, digits and `_` that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Returns the length of the parenthesis that a text begins with.
fn parenthesis(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at = match c {
            '"' | '\'' => end_of_literal(text, at).unwrap_or(text.len()),
            _ => at + c.len_utf8(),
        };
        depth = match c {
            '(' => depth + 1,
            ')' => depth.saturating_sub(1),
            _ => depth,
        };
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns a word with the spaces that separate it from its neighbours.
fn spaced(text: &str, at: &Range<usize>, help: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let touches = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '\'');
    let before = text[..at.start].chars().next_back().is_some_and(touches);
    let after = text[at.end..].chars().next().is_some_and(touches);
    let space = |needed| if needed { " " } else { "" };
    let front = space(before && is_word(help.chars().next()));
    let back = space(after && is_word(help.chars().next_back()));
    format!("{front}{help}{back}")
}
