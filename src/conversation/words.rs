//! How words are compared: composed, trimmed, case-folded, without the
//! punctuation around them.

use std::sync::LazyLock;

use caseless::Caseless;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// From the first to the last character that is neither punctuation nor white
/// space. Punctuation is what Unicode calls so (general category P, in every
/// script: `!`, `¿`, `«`, `。`, and `#`, `*`, `%`, too); signs like `+` and `$`
/// and emoji are none.
static INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\p{P}\s](?s:.*[^\p{P}\s])?").expect("the pattern is fixed and tested")
});

/// The form in which two words are compared. What is only punctuation stays as it is.
pub(super) fn normalise(text: &str) -> String {
    if text.is_ascii() { normalise_ascii(text) } else { normalise_any(text) }
}

fn normalise_any(text: &str) -> String {
    // Folding may undo a composition, and is only defined on decomposed text.
    let folded: String = text.trim().nfd().default_case_fold().nfc().collect();
    match INSIDE.find(&folded) {
        Some(inside) if inside.len() < folded.len() => inside.as_str().to_owned(),
        _ => folded,
    }
}

/// The same for what nearly every message is, at a tenth of the cost: no
/// letter of ASCII has a second form.
fn normalise_ascii(text: &str) -> String {
    // Of the signs, these are none of Unicode's punctuation.
    let is_sign = |c: char| matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~');
    let is_around = |c: char| c.is_whitespace() || (c.is_ascii_punctuation() && !is_sign(c));
    let text = text.trim();
    let inside = text.trim_matches(is_around);
    if inside.is_empty() { text } else { inside }.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalise;

    #[test]
    fn words_are_compared_without_case_and_surrounding_punctuation() {
        for (text, normalised) in [
            ("hello", "hello"),
            ("  Hello! ", "hello"),
            ("\"HELLO\"", "hello"),
            ("«Bonjour»", "bonjour"),
            ("¿Qué?", "qué"),
            ("que\u{301}", "qué"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("σίσυφος", "σίσυφοσ"),
            ("こんにちは。", "こんにちは"),
            ("1.", "1"),
            ("1)", "1"),
            ("#1", "1"),
            ("it's", "it's"),
            ("well-done", "well-done"),
            ("thank  you!!", "thank  you"),
            ("yes !\n", "yes"),
            ("C++", "c++"),
            ("$5", "$5"),
            ("👍🏽", "👍🏽"),
            ("👍!", "👍"),
            ("?", "?"),
            (" *** ", "***"),
            ("! !", "! !"),
            ("*", "*"),
            ("", ""),
            (" \u{a0}", ""),
        ] {
            assert_eq!(normalise(text), normalised, "{text:?}");
        }
    }

    #[test]
    fn every_character_is_normalised_once_and_for_all() {
        for c in '\0'..=char::MAX {
            let once = normalise(&c.to_string());
            assert_eq!(normalise(&once), once, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "(?s).{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn ascii_is_compared_like_all_else(text in r"[\x00-\x7F]{0,12}") {
            prop_assert_eq!(super::normalise_ascii(&text), super::normalise_any(&text));
        }

        #[test]
        fn case_and_marks_around_do_not_matter(text in r"\p{L}{1,12}", mark in r"[!?.,… ]{0,3}") {
            let shouted = format!("{mark}{}{mark}", text.to_uppercase());
            prop_assert_eq!(normalise(&shouted), normalise(&text.to_uppercase()));
        }
    }
}
