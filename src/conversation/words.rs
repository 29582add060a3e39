//! Compares words: folded, and without the signs around them.
//!
//! A **folded** text is composed, without case, in plain letters, digits,
//! dashes, quotes and apostrophes, with single spaces, and without invisible
//! marks. The Turkish `İ`, `I`, `ı` and `i` are one letter.
//!
//! **Around a word**, white space, punctuation, emoji and WhatsApp's formatting
//! are removed: `*yes*`, `_yes_`, `~yes~` and `hello 👋` are `yes` and `hello`.
//! Signs that belong to a number stay: `-1`, `.5`, `5%`. A text that consists
//! of such signs keeps them: `?`, `👍`.

use std::sync::LazyLock;

use caseless::Caseless;
use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

use super::signs::{JOINER, digit, is_apostrophe, is_emoji, is_invisible};

/// Punctuation is Unicode's general category P, in every script: `!`, `¿`, `«`,
/// `。`, and also `#`, `*`, `%`. Signs like `+` and `$` do not belong to it.
static PUNCTUATION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\p{P}").expect("the pattern is fixed and tested"));

/// Returns the form in which words are compared.
pub(super) fn normalise(text: &str) -> String {
    if is_plain(text) {
        return without_around(text.trim()).to_ascii_lowercase();
    }
    let folded = fold(text);
    let word = without_around(&folded);
    if word.len() == folded.len() { folded } else { word.to_owned() }
}

/// Returns a text as it is compared, with the signs around its words.
pub(super) fn fold(text: &str) -> String {
    if is_plain(text) { text.trim().to_ascii_lowercase() } else { fold_any(text) }
}

/// Returns whether folding changes only the case, as for nearly every message.
/// That takes a tenth of the time.
fn is_plain(text: &str) -> bool {
    let mut before = 0;
    text.bytes().all(|byte| {
        let is_second_space = byte == b' ' && before == b' ';
        before = byte;
        matches!(byte, b' '..=b'~') && byte != b'`' && !is_second_space
    })
}

fn fold_any(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // One emoji of several, or a flag of letters that nobody sees.
            JOINER | '\u{e0020}'..='\u{e007f}' if ends_in_emoji(&plain) => plain.push(c),
            // Unlike other forms of digits these make another number of it: `5²`, `5½`.
            '²' | '³' | '¹' | '¼'..='¾' | '⁰'..='⁹' | '₀'..='₉' | '⅐'..='⅟' | '↉' =>
            {
                plain.push(c);
            }
            '№' => plain.push('#'),
            // Decomposed it would be a space and an accent.
            '´' => plain.push('\''),
            c => decompose_compatible(c, |c| plain.extend(plain_character(c))),
        }
    }
    // Folding may undo a composition, and is only defined on decomposed text.
    let mut before = None;
    let folded = plain.nfd().default_case_fold().filter(|c| {
        let is_dot = *c == '\u{307}' && before == Some('i');
        before = Some(*c);
        !is_dot
    });
    collapse(folded.nfc())
}

fn plain_character(c: char) -> Option<char> {
    match c {
        c if is_invisible(c) => None,
        c if is_apostrophe(c) => Some('\''),
        '“' | '”' | '„' | '‟' | '«' | '»' => Some('"'),
        '‐'..='―' | '−' => Some('-'),
        'ı' | 'İ' => Some('i'),
        c => Some(digit(c).unwrap_or(c)),
    }
}

fn ends_in_emoji(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| is_emoji(c) || is_joint(c))
}

/// Returns whether it joins emoji, or is part of one.
fn is_joint(c: char) -> bool {
    c == JOINER || matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// Reduces each run of white space to one space, and removes it at the ends.
fn collapse(characters: impl Iterator<Item = char>) -> String {
    let mut text = String::with_capacity(characters.size_hint().0);
    for c in characters {
        if !c.is_whitespace() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Returns a folded text without the signs around its words. A text that has
/// nothing else stays as it is.
fn without_around(folded: &str) -> &str {
    let trimmed = |is_around: fn(char) -> bool| {
        let start = folded.trim_start_matches(is_around);
        let word = start.trim_end_matches(is_around);
        let before = &folded[..folded.len() - start.len()];
        (before, word, &start[word.len()..])
    };
    let (before, word, after) = trimmed(|c| is_mark(c) || is_emoji(c) || is_joint(c));
    if word.is_empty() {
        let (_, emoji, _) = trimmed(is_mark);
        return if emoji.is_empty() { folded } else { emoji };
    }
    let struck = word.strip_prefix('~').and_then(|word| word.strip_suffix('~'));
    if let Some(struck) = struck.filter(|struck| !struck.trim().is_empty()) {
        return without_around(struck.trim());
    }
    let is_number = |c: char| c.is_ascii_digit();
    let is_signed = word.starts_with(is_number) && before.ends_with(['-', '.', ',']);
    let has_unit = word.ends_with(is_number) && after.starts_with(['-', '%']);
    let start = before.len() - usize::from(is_signed);
    &folded[start..before.len() + word.len() + usize::from(has_unit)]
}

/// Returns whether it is white space or punctuation.
pub(super) fn is_mark(c: char) -> bool {
    if c.is_ascii() {
        // These ASCII signs do not belong to Unicode's punctuation.
        let is_sign = matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~');
        return c == ' ' || c.is_ascii_punctuation() && !is_sign;
    }
    !c.is_alphanumeric() && PUNCTUATION.is_match(c.encode_utf8(&mut [0; 4]))
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
            ("thank  you!!", "thank you"),
            ("thank\u{a0}you", "thank you"),
            ("thank\r\n\t you", "thank you"),
            ("yes !\n", "yes"),
            ("C++", "c++"),
            ("$5", "$5"),
            // Nothing that is not seen counts.
            ("he\u{200b}llo", "hello"),
            ("\u{202a}hello\u{202c}", "hello"),
            ("\u{feff}hel\u{ad}lo\u{2060}", "hello"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("hello\u{0}", "hello"),
            // Apostrophes, quotes and dashes are plain.
            ("don’t", "don't"),
            ("don´t", "don't"),
            ("don`t", "don't"),
            ("donʼt", "don't"),
            ("“don‘t”", "don't"),
            ("pick–up", "pick-up"),
            ("pick\u{2011}up", "pick-up"),
            ("say “hi” now", "say \"hi\" now"),
            // Other forms of a letter or a digit are that letter or digit.
            ("ｈｅｌｌｏ", "hello"),
            ("１２", "12"),
            ("𝐡𝐞𝐥𝐥𝐨", "hello"),
            ("ﬁne", "fine"),
            ("١٢", "12"),
            ("১২", "12"),
            ("①", "1"),
            ("№ 5", "5"),
            ("5²", "5²"),
            ("1½", "1½"),
            ("ﾊﾛｰ", "ハロー"),
            // Turkish i, dotted and dotless.
            ("İPTAL", "iptal"),
            ("IPTAL", "iptal"),
            ("ıptal", "iptal"),
            ("iptal", "iptal"),
            ("i\u{307}ptal", "iptal"),
            ("I\u{307}PTAL", "iptal"),
            ("ILIK", "ilik"),
            ("ılık", "ilik"),
            // Formatting and emoji around a word.
            ("*hello*", "hello"),
            ("_hello_", "hello"),
            ("~hello~", "hello"),
            ("`hello`", "hello"),
            ("```hello```", "hello"),
            ("*_~hello~_*", "hello"),
            ("~*hello*~!", "hello"),
            ("hello 👋", "hello"),
            ("👋🏽 hello 👋🏽", "hello"),
            ("hello ❤\u{fe0f}", "hello"),
            ("hello 👩🏽‍🚀", "hello"),
            ("hello 🇩🇪", "hello"),
            ("hello ☺", "hello"),
            ("~5", "~5"),
            ("hello~", "hello~"),
            // What belongs to a number.
            ("-1", "-1"),
            ("−1", "-1"),
            ("(-1)", "-1"),
            ("+1", "+1"),
            (".5", ".5"),
            ("1.5", "1.5"),
            ("1-2", "1-2"),
            ("5%", "5%"),
            ("- 1", "1"),
            ("1️⃣", "1"),
            ("#️⃣", "#"),
            // Nothing else is there.
            ("👍🏽", "👍"),
            ("👍!", "👍"),
            ("❤️", "❤"),
            ("👩🏽‍🚀", "👩‍🚀"),
            ("👩‍🚀", "👩‍🚀"),
            ("👍👍", "👍👍"),
            ("🇩🇪", "🇩🇪"),
            ("🏴\u{e0067}\u{e007f}", "🏴\u{e0067}\u{e007f}"),
            ("~", "~"),
            ("?", "?"),
            (" *** ", "***"),
            ("! !", "! !"),
            ("!  !", "! !"),
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
        fn ascii_is_compared_like_all_else(text in r"[\x00-\x7F]{0,12}|[a-zA-Z0-9.~'! -]{0,12}") {
            let folded = super::fold_any(&text);
            prop_assert_eq!(normalise(&text), super::without_around(&folded));
            prop_assert_eq!(super::fold(&text), folded);
        }

        #[test]
        fn what_nobody_sees_does_not_count(
            text in r"[\p{L}\p{N}]{1,6}",
            hidden in "[\u{200b}\u{200e}\u{202a}\u{2060}\u{feff}\u{fe0f}]",
            at in 0..6_usize,
        ) {
            let mut marked: Vec<char> = text.chars().collect();
            marked.insert(at.min(marked.len()), hidden.chars().next().unwrap());
            let marked: String = marked.into_iter().collect();
            prop_assert_eq!(normalise(&marked), normalise(&text));
        }

        #[test]
        fn case_and_marks_around_do_not_matter(
            text in r"\p{L}{1,12}",
            mark in r"[!?.,… ]{0,3}",
            emoji in "(👍|👋🏽|❤️| ){0,3}",
        ) {
            let shouted = format!("{mark}{}{mark}{emoji}", text.to_uppercase());
            prop_assert_eq!(normalise(&shouted), normalise(&text.to_uppercase()));
        }
    }
}
