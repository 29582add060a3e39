//! Signs and polite phrases, which may stand around an answer without changing
//! it.
//!
//! `*3*`, `“3”`, `(3)`, `3!`, `3 👍`, `3 please` and `hello, 3, thank you` are
//! all `3`. Anything else is kept, so that the text is no valid answer. Signs
//! that ask, deny or doubt are kept, too: `3?`, `3 👎`.

use super::language::{Role, roles};
use super::tokens::tokens;
use crate::conversation::signs::{is_doubtful, is_emoji, is_invisible};

/// The length of the longest polite phrase, in words.
const MAX_WORDS: usize = 5;

/// Signs that may belong to an answer of a type. They are kept where they touch
/// it.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    pub(super) before: &'static [char],
    pub(super) after: &'static [char],
}

impl Kept {
    pub(super) const NOTHING: Self = Self { before: &[], after: &[] };
}

/// Returns a text in plain signs without the signs and polite phrases around
/// it. The result is never empty.
pub(super) fn bare<'a>(text: &'a str, kept: Kept, languages: &[String]) -> &'a str {
    let mut text = text.trim();
    loop {
        // Phrases first: of `"5" please` both quotes are left, and are seen as two.
        let bare = without_signs(without_phrase(text, languages), kept);
        if bare.len() == text.len() {
            return text;
        }
        text = bare;
    }
}

fn without_signs(text: &str, kept: Kept) -> &str {
    // What stands around it in pairs may be half of an answer: `_ada@example.com`, `~5`, `5"`.
    for mark in ["_", "~"] {
        let inside = text.strip_prefix(mark).and_then(|text| text.strip_suffix(mark));
        if let Some(inside) = inside.map(str::trim).filter(|inside| !inside.is_empty()) {
            return inside;
        }
    }
    let is_quoted = text.starts_with(is_quote);
    let start = text.trim_start_matches(|c| is_around(c) && !kept.before.contains(&c));
    let start = start
        .strip_prefix(['-', '•', '·'])
        .filter(|rest| rest.starts_with(char::is_whitespace) && !kept.before.contains(&'-'))
        .unwrap_or(start);
    let end = start.trim_end_matches(|c| is_around(c) && !kept.after.contains(&c));
    // `5"` are inches, `5'` are feet.
    let is_unit =
        !is_quoted && end.ends_with(is_number) && start[end.len()..].starts_with(is_quote);
    let bare = if is_unit { start.trim_end() } else { end.trim() };
    if bare.is_empty() { text } else { bare }
}

/// Returns whether a sign ends a sentence, quotes, brackets, formats or
/// decorates.
fn is_around(c: char) -> bool {
    let is_sign = matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '¡'
            | '…'
            | '·'
            | '•'
            | '('
            | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '*'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '。'
            | '、'
            | '，'
            | '．'
            | '！'
            | '；'
            | '：'
            | '،'
            | '؛'
            | '۔'
            | '।'
            | '॥'
            | '—'
            | '–'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '（'
            | '）'
            | '《'
            | '》'
            | '〈'
            | '〉'
    );
    is_sign || is_quote(c) || c.is_whitespace() || is_invisible(c) || is_emoji(c) && !is_doubtful(c)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '‘' | '’' | '‚' | '‛' | '“' | '”' | '„' | '‟' | '´' | '`')
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit()
}

/// Returns whether a sign separates words without a space: `hello,3`. No sign
/// of an address does.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ',' | ';' | ':' | '!' | '…' | '，' | '！' | '、' | '。' | '،' | '؛')
        || is_emoji(c)
}

/// Returns the text without a polite phrase at its start, or else at its end.
fn without_phrase<'a>(text: &'a str, languages: &[String]) -> &'a str {
    if !text.contains(is_between) {
        return text;
    }
    let is_one = |words: &[String], is_first: bool| {
        let is_kind = |role| role == Role::Polite || is_first && role == Role::Greeting;
        roles(languages, words).any(is_kind)
    };
    let mut shortest = text;
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.trim_start_matches(is_around);
    for _ in 0..MAX_WORDS {
        let (word, after) = rest.split_at(rest.find(is_between).unwrap_or(rest.len()));
        words.extend(tokens(word));
        rest = after.trim_start_matches(is_between);
        if !rest.is_empty() && is_one(&words, true) {
            shortest = rest;
        }
    }
    if shortest.len() < text.len() {
        return shortest;
    }
    words.clear();
    rest = text.trim_end_matches(is_around);
    for _ in 0..MAX_WORDS {
        let cut = rest.char_indices().rev().find(|(_, c)| is_between(*c));
        let (before, word) = rest.split_at(cut.map_or(0, |(at, c)| at + c.len_utf8()));
        words.splice(..0, tokens(word));
        rest = before.trim_end_matches(is_between);
        if !rest.is_empty() && is_one(&words, false) {
            shortest = rest;
        }
    }
    shortest
}

#[cfg(test)]
mod tests {
    use super::{Kept, bare};

    const NUMBER: Kept = Kept { before: &['-', '+', '.', ','], after: &['-'] };
    const PHONE: Kept = Kept { before: &['+', '('], after: &[] };

    #[track_caller]
    fn check(kept: Kept, languages: &[&str], cases: &[(&str, &str)]) {
        let languages: Vec<String> = languages.iter().map(|&tag| tag.to_owned()).collect();
        for (text, expected) in cases {
            assert_eq!(bare(text, kept, &languages), *expected, "{text:?}");
        }
    }

    #[test]
    fn signs_around_an_answer_are_dropped() {
        check(
            Kept::NOTHING,
            &[],
            &[
                ("three", "three"),
                (" three. ", "three"),
                ("three!!!", "three"),
                ("three…", "three"),
                ("\"three\"", "three"),
                ("“three”", "three"),
                ("„three“", "three"),
                ("«three»", "three"),
                ("‹three›", "three"),
                ("'three'", "three"),
                ("‘three’", "three"),
                ("「三」", "三"),
                ("(three)", "three"),
                ("[three]", "three"),
                ("*three*", "three"),
                ("_three_", "three"),
                ("~three~", "three"),
                ("`three`", "three"),
                ("```three```", "three"),
                ("*_three_*", "three"),
                ("_*three*_!", "three"),
                ("- three", "three"),
                ("• three", "three"),
                ("* three", "three"),
                ("three 👍", "three"),
                ("🍕 three 🍕🍕", "three"),
                ("three 👍🏽", "three"),
                ("three ❤\u{fe0f}", "three"),
                ("👩‍🚀three", "three"),
                ("three।", "three"),
                ("three。", "three"),
                ("three ☺", "three"),
                // Inside they are left.
                ("three, four", "three, four"),
                ("three (4) five", "three (4) five"),
            ],
        );
    }

    #[test]
    fn what_changes_an_answer_is_left() {
        check(
            Kept::NOTHING,
            &["de"],
            &[
                ("three?", "three?"),
                ("three? 🙂", "three?"),
                ("three 👎", "three 👎"),
                ("three 🤔", "three 🤔"),
                ("🤷 three", "🤷 three"),
                ("❌ three", "❌ three"),
                ("not three, please", "not three"),
                ("three or four, thanks", "three or four"),
                ("~5", "~5"),
                ("5%", "5%"),
                ("5°", "5°"),
                ("5\"", "5\""),
                ("5' please", "5'"),
                ("\"5\"", "5"),
                ("\"5\" please", "5"),
                ("₹5", "₹5"),
                ("_five", "_five"),
                ("-5", "-5"),
                ("=5", "=5"),
                (">5", ">5"),
                ("three 3 please", "three 3"),
                ("maybe three", "maybe three"),
                ("three, but later, bitte", "three, but later"),
            ],
        );
    }

    #[test]
    fn politeness_around_an_answer_is_dropped() {
        check(
            Kept::NOTHING,
            &[],
            &[
                ("three please", "three"),
                ("Three, PLEASE!", "Three"),
                ("please three", "three"),
                ("three,please", "three"),
                ("please,three", "three"),
                ("please: three", "three"),
                ("three pls 🙏", "three"),
                ("three 🙏 thanks 🙏", "three"),
                ("three thank you", "three"),
                ("three. Thank you very much!", "three"),
                ("three please and thank you", "three"),
                ("hi three please thanks", "three"),
                ("Hello, three", "three"),
                ("Good morning! three.", "three"),
                ("three, sir", "three"),
                ("dear Sir or Madam, three", "three"),
                ("three\nthanks", "three"),
                ("“three”, please", "three"),
                ("*three* please", "three"),
                // No language of the flow.
                ("three bitte", "three bitte"),
                // Only before an answer.
                ("three hello", "three hello"),
                // Never down to nothing.
                ("please", "please"),
                ("thank you", "thank you"),
                ("!!!", "!!!"),
                ("👍", "👍"),
                ("please!", "please"),
                ("", ""),
                // Part of a word or of an address.
                ("pleasethree", "pleasethree"),
                ("thanks.ada@example.com", "thanks.ada@example.com"),
                ("hi@example.com", "hi@example.com"),
                ("please_ada@example.com", "please_ada@example.com"),
            ],
        );
        for (language, cases) in [
            (
                "de",
                &["drei bitte", "Hallo, drei, danke schön!", "bitte drei", "drei. Vielen Dank"][..],
            ),
            ("es", &["drei por favor", "hola, drei, muchas gracias", "¡drei, porfa!"]),
            ("fr", &["drei s'il vous plaît", "drei S'IL VOUS PLAÎT", "Bonjour, drei svp, merci"]),
            ("pt-BR", &["drei por favor", "olá drei obrigada", "bom dia, drei"]),
            ("it", &["drei per favore", "ciao, drei, grazie mille"]),
            ("nl", &["drei alstublieft", "hoi drei, dank je wel", "drei aub"]),
            ("pl", &["drei proszę", "Dzień dobry, drei. Dziękuję!"]),
            ("tr", &["drei lütfen", "drei, TEŞEKKÜRLER", "merhaba drei"]),
            ("ru", &["drei, пожалуйста", "Здравствуйте, drei. Спасибо!"]),
            ("ar", &["drei من فضلك", "مرحبا، drei، شكراً"]),
            ("hi", &["कृपया drei", "नमस्ते drei धन्यवाद।"]),
            ("id", &["tolong drei", "halo, drei, terima kasih"]),
        ] {
            for text in cases {
                check(Kept::NOTHING, &["en", language], &[(text, "drei")]);
            }
        }
    }

    #[test]
    fn signs_of_a_type_stay() {
        check(
            NUMBER,
            &[],
            &[
                ("-3", "-3"),
                ("+3!", "+3"),
                (".5", ".5"),
                ("(3)", "3"),
                ("3.", "3"),
                ("please, -3", "-3"),
                ("- 3", "- 3"),
                ("*-3* thanks", "-3"),
                ("3-", "3-"),
            ],
        );
        check(
            PHONE,
            &[],
            &[("(030) 5550 1234.", "(030) 5550 1234"), ("*+49 30 5550*, thanks", "+49 30 5550")],
        );
    }
}
