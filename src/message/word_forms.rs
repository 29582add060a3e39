//! The form in which opt-out words are compared: in lower case, and without
//! accents and the separators between their parts.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The longest opt-out word in characters, including the separators between its parts.
pub const MAX_WORD: usize = 40;

/// Returns whether a text is one of these words, compared as the provider
/// compares them. Quotes, a full stop or an emoji around the word do not
/// matter.
pub(super) fn is_one_of(body: &str, words: &[&str]) -> bool {
    let word = without_around(body);
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn without_around(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Returns a text in the form in which opt-out words are compared: in lower
/// case, without accents, and without the separators between its words. Returns
/// `None` if the text is longer than any of them, or spelled out: `s-t-o-p` is
/// not a word.
pub(super) fn joined(text: &str) -> Option<String> {
    let text = without_around(text);
    // No character takes more than four bytes.
    if text.is_empty() || text.len() > 4 * MAX_WORD {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return (text.len() > 1).then(|| text.to_ascii_lowercase());
    }
    let mut joined = String::with_capacity(text.len());
    for part in text.split(is_between) {
        let before = joined.len();
        if part.is_ascii() {
            joined.push_str(&part.to_ascii_lowercase());
        } else {
            let seen = part.nfkd().filter(|c| !is_accent(*c) && !is_unseen(*c));
            joined.extend(seen.default_case_fold());
        }
        // A letter of an alphabet has two bytes at most; a Chinese word may be one character.
        if (1..3).contains(&(joined.len() - before)) && joined[before..].chars().count() == 1 {
            return None;
        }
    }
    Some(joined)
}

/// Returns whether a character is a separator between the parts of a word.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '_' | '\u{ad}' | '‐'..='―' | '−' | '－')
}

/// Returns whether a character is an accent, or a mark that Arabic sets above and below its letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{655}')
}

/// Returns whether a character is an invisible mark.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}
