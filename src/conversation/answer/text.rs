//! `type: text`, with `min`, `max` and `match`.
//!
//! **Accepted** is any text in which there is something to see: a letter, a
//! digit, a sign, an emoji. `min` and `max` count what people see as characters:
//! `é`, `👍🏽` and `नि` are one each. A text of many characters that each are
//! several for a machine is refused all the same, where it has more than twice
//! `max` UTF-16 units (an emoji has two; 64 always fit), or more code points
//! than the column holds that its variable has.
//!
//! **Stored** as written, composed (NFC), without the white space and the
//! invisible marks at its ends. For `match` the digits of all scripts are `0`
//! to `9`, and so they are stored where there is a `match`: what is stored
//! matches.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

use crate::conversation::COLUMNS;
use crate::conversation::flow::{Answer, Kind};
use crate::conversation::signs::{digit, is_invisible};

/// An answer may always have this many UTF-16 units, however small `max` is:
/// room for a few composed emoji.
const UNITS: u64 = 64;

/// Reads a text as the answer that goes to this variable.
pub(super) fn read(text: &str, answer: &Answer, variable: &str) -> Option<String> {
    let Kind::Text { min, max } = answer.kind else { return None };
    let text = match &answer.pattern {
        None => composed(text),
        Some(pattern) => Some(Cow::Owned(in_ascii_digits(&composed(text)?)))
            .filter(|text| pattern.is_match(text)),
    }?;
    let width = COLUMNS.iter().find(|(name, _)| *name == variable).map(|(_, width)| *width);
    let fits = (min..=max).contains(&characters(&text))
        && text.encode_utf16().count() as u64 <= max.saturating_mul(2).max(UNITS)
        && width.is_none_or(|width| text.chars().count() <= width);
    fits.then(|| text.into_owned())
}

/// Returns how many characters people see in a text.
pub(in crate::conversation) fn characters(text: &str) -> u64 {
    if text.is_ascii() && !text.contains('\r') {
        return text.len() as u64;
    }
    text.graphemes(true).count() as u64
}

/// Returns the composed text without the invisible characters at its ends.
/// `None` means that nothing in it is visible.
pub(in crate::conversation) fn composed(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim_matches(is_blank);
    if !text.chars().any(is_visible) {
        return None;
    }
    Some(if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) })
}

/// Returns whether it is white space, or a mark that belongs to no character.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}' || is_invisible(c) && !belongs_to_another(c)
}

/// Returns whether it is a part of the character before it, which it makes an
/// emoji or changes to another.
fn belongs_to_another(c: char) -> bool {
    matches!(
        c,
        '\u{180b}'..='\u{180f}'
            | '\u{20e3}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0020}'..='\u{e007f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

fn is_visible(c: char) -> bool {
    !is_blank(c) && (!belongs_to_another(c) || ('\u{1f3fb}'..='\u{1f3ff}').contains(&c))
}

fn in_ascii_digits(text: &str) -> String {
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::{characters, composed, read};
    use crate::conversation::flow::{Answer, Kind};

    fn text(min: u64, max: u64) -> Answer {
        Answer { kind: Kind::Text { min, max }, pattern: None }
    }

    #[test]
    fn ends_that_nobody_sees_are_left_out() {
        for (text, expected) in [
            ("Ada", Some("Ada")),
            (" \n Ada \t", Some("Ada")),
            ("\u{200b}Ada\u{feff}", Some("Ada")),
            ("\u{202a}Ada\u{202c}", Some("Ada")),
            ("\u{2800}Ada\u{2800}", Some("Ada")),
            ("\u{3164}Ada\u{3164}", Some("Ada")),
            ("\u{a0}Ada\u{3000}", Some("Ada")),
            ("Ada\u{200f}", Some("Ada")),
            ("Ada\0", Some("Ada")),
            ("Ada  Lovelace", Some("Ada  Lovelace")),
            ("Ada\u{200d}B", Some("Ada\u{200d}B")),
            ("Zoe\u{308}", Some("Zoë")),
            ("Zoë", Some("Zoë")),
            ("i\u{307}", Some("i\u{307}")),
            ("ﬁ", Some("ﬁ")),
            ("❤\u{fe0f}", Some("❤\u{fe0f}")),
            ("1\u{fe0f}\u{20e3}", Some("1\u{fe0f}\u{20e3}")),
            ("👍🏽", Some("👍🏽")),
            (
                "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
                Some("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"),
            ),
            ("👨\u{200d}👩\u{200d}👧", Some("👨\u{200d}👩\u{200d}👧")),
            ("🇩🇪", Some("🇩🇪")),
            (".", Some(".")),
            ("-", Some("-")),
            ("?", Some("?")),
            ("٣", Some("٣")),
            ("नमस्ते", Some("नमस्ते")),
            ("", None),
            (" ", None),
            ("\u{200b}", None),
            ("\u{2800}\u{2800}", None),
            ("\u{3164}", None),
            ("\u{115f}\u{1160}", None),
            ("\u{feff}\u{200d}\u{200c}", None),
            ("\u{fe0f}", None),
            ("\u{20e3}", None),
            ("\u{202a}\u{202c}", None),
            ("\u{ad}", None),
            ("\u{a0}\u{3000}\n", None),
            ("\u{e0020}", None),
            ("\0\u{7}", None),
        ] {
            assert_eq!(composed(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn what_people_see_as_characters_is_counted() {
        for (text, count) in [
            ("Ada", 3),
            ("a\r\nb", 3),
            ("Zoe\u{308}", 3),
            ("👍🏽👍🏽", 2),
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 1),
            ("🇩🇪🇫🇷", 2),
            ("❤\u{fe0f}", 1),
            ("1\u{fe0f}\u{20e3}", 1),
            ("नि", 1),
            ("각", 1),
            ("Z\u{335}\u{336}\u{337}", 1),
            ("", 0),
        ] {
            assert_eq!(characters(text), count, "{text:?}");
        }
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        for (min, max, text_of, taken) in [
            (1, 1, "👍🏽".to_owned(), true),
            (2, 5, "👍🏽".to_owned(), false),
            (1, 2, family.repeat(2), true),
            (1, 1, family.repeat(2), false),
            (1, 5, family.repeat(5), true),
            (1, 40, family.repeat(7), true),
            // Few to see, many to keep.
            (1, 40, family.repeat(8), false),
            (1, 5, format!("Z{}", "\u{335}".repeat(64)), false),
            (4, 4, "\u{200b}Anna\u{200b}".to_owned(), true),
            (5, 9, "\u{200b}Anna\u{200b}".to_owned(), false),
        ] {
            assert_eq!(read(&text_of, &text(min, max), "NAME").is_some(), taken, "{text_of:?}");
        }
    }

    #[test]
    fn a_column_holds_every_code_point() {
        let long = "नि".repeat(60);
        assert!(read(&long, &text(1, 100), "NAME").is_some());
        assert!(read(&long, &text(1, 100), "user_name").is_none());
        assert!(read(&"नि".repeat(50), &text(1, 100), "user_name").is_some());
        assert!(read(&long, &text(1, 200), "favorite_song").is_some());
    }

    #[test]
    fn a_pattern_sees_the_digits_of_ascii() {
        let pattern = Some(Regex::new("^(?:[A-Z][0-9]{3})$").unwrap());
        let code = Answer { pattern, ..text(1, 10) };
        for (text, stored) in [
            ("A123", Some("A123")),
            ("A١٢٣", Some("A123")),
            ("A１２３", Some("A123")),
            ("\u{200e}A123 ", Some("A123")),
            ("a123", None),
            ("A12", None),
            ("A½23", None),
        ] {
            assert_eq!(read(text, &code, "CODE").as_deref(), stored, "{text:?}");
        }
        assert_eq!(read("A١٢٣", &text(1, 10), "CODE").as_deref(), Some("A١٢٣"));
    }

    proptest! {
        #[test]
        fn what_is_stored_is_within_its_limits_and_stored_alike(
            text_of in r"(?s)(.|[\u{200b}\u{2800}e\u{308}👍🏽]){0,12}", min in 1..4_u64, more in 0..6_u64,
        ) {
            let answer = text(min, min + more);
            if let Some(stored) = read(&text_of, &answer, "NAME") {
                prop_assert!((min..=min + more).contains(&characters(&stored)));
                prop_assert_eq!(read(&stored, &answer, "NAME"), Some(stored));
            }
        }
    }
}
