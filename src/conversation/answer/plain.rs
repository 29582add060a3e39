//! Text as the parsers of answers read it.
//!
//! Keyboards write digits of their own script, full-width signs and several
//! dashes; phones put invisible marks around a number that is copied. Here all
//! of it becomes ASCII, so that each parser knows one spelling only.

use crate::conversation::signs::{digit, is_apostrophe, is_invisible};

/// Returns the text in plain signs, without the white space around it.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter_map(plain_character).collect::<String>().trim().to_owned()
}

fn plain_character(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c);
    }
    if let Some(digit) = digit(c) {
        return Some(digit);
    }
    match c {
        // What makes a keycap of a digit, too: `1️⃣`.
        c if is_invisible(c) => None,
        c if is_apostrophe(c) => Some('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '➖' => Some('-'),
        '➕' => Some('+'),
        c if c.is_whitespace() => Some(' '),
        // Full-width signs stand as far from ASCII as the first of them.
        '！'..='～' => char::from_u32(u32::from(c) - u32::from('！') + u32::from('!')),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn signs_of_every_keyboard() {
        for (text, expected) in [
            (" 12 ", "12"),
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۲۰۲۶", "2026"),
            ("१२", "12"),
            ("１２：３０", "12:30"),
            ("ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com"),
            ("2️⃣", "2"),
            ("\u{202a}+49\u{a0}30\u{2011}5550\u{202c}", "+49 30-5550"),
            ("−5", "-5"),
            ("’26", "'26"),
            ("a\tb\nc", "a\tb\nc"),
            ("52.52\u{3000}13.4", "52.52 13.4"),
            // No digits: they only look so, or count otherwise.
            ("5²", "5²"),
            ("Ⅷ", "Ⅷ"),
            ("é👍", "é👍"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }
}
