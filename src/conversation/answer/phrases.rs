//! Phrases before or after an answer of a type that do not change it: `for`,
//! `it's`, `works for me`.
//!
//! Each type has its own phrases. Any other words beside its answer make it
//! unclear, so that `not 4` and `4 or so` are never read as `4`.

/// Phrases that introduce an answer of any type.
pub(super) const INTRODUCTIONS: &[&str] = &[
    "it's",
    "its",
    "it is",
    "it'll be",
    "it will be",
    "it would be",
    "that's",
    "thats",
    "that is",
    "that would be",
    "that'll be",
    "make it",
    "make that",
    "let's do",
    "lets do",
    "let's make it",
    "let's say",
    "lets say",
    "i'd like",
    "id like",
    "i would like",
    "i want",
    "i'll take",
    "we'd like",
    "we would like",
    "we want",
    "we'll take",
    "my answer is",
    "answer",
];

/// Phrases of agreement after an answer of any type.
pub(super) const AGREEMENTS: &[&str] = &[
    "works",
    "works for me",
    "works for us",
    "works best",
    "would work",
    "will do",
    "is fine",
    "is fine for me",
    "is fine for us",
    "is good",
    "is good for me",
    "is ok",
    "is okay",
    "is great",
    "is perfect",
    "is best",
    "would be fine",
    "would be good",
    "would be great",
    "would be ok",
    "would be perfect",
    "would be nice",
    "would be ideal",
    "would be best",
    "suits me",
    "suits us",
];

/// Signs with which people emphasise and quote.
const MARKS: [char; 8] = ['*', '_', '"', '“', '”', '„', '«', '»'];

/// Returns the text in small letters with its white space reduced to single
/// spaces and line breaks. A pair of marks inside is removed
/// (`for *4* people`), unless it may correct what stands before it
/// (`500 *600`).
pub(super) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let emphasised = text.find(MARKS).filter(|at| {
        text.matches(MARKS).count() <= 2 && !text[..*at].contains(|c: char| c.is_ascii_digit())
    });
    for c in text.trim().chars() {
        match c {
            c if emphasised.is_some() && MARKS.contains(&c) => {}
            c if !c.is_whitespace() => spaced.extend(c.to_lowercase()),
            c if spaced.ends_with([' ', '\n']) => {
                if is_break(c) && spaced.ends_with(' ') {
                    spaced.pop();
                    spaced.push('\n');
                }
            }
            c if is_break(c) => spaced.push('\n'),
            _ => spaced.push(' '),
        }
    }
    spaced
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns a text in small letters without the phrases at its start and its
/// end. The result is never empty.
pub(super) fn without<'a>(text: &'a str, before: &[&[&str]], behind: &[&[&str]]) -> &'a str {
    let mut text = trimmed(text);
    loop {
        let rest = longest(before, |phrase| after(text, phrase))
            .or_else(|| longest(behind, |phrase| ahead_of(text, phrase)));
        match rest.map(trimmed).filter(|rest| !rest.is_empty()) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// Returns whether a text in small letters consists of such phrases only.
pub(super) fn are_all(text: &str, phrases: &[&[&str]]) -> bool {
    let mut text = trimmed(text);
    while !text.is_empty() {
        let Some(rest) = longest(phrases, |phrase| after(text, phrase)) else { return false };
        text = trimmed(rest);
    }
    true
}

/// Returns the text without the marks between it and a phrase. A comma may
/// begin a number: `,5`.
fn trimmed(text: &str) -> &str {
    let is_mark = |c: char| c.is_whitespace() || ":;!".contains(c);
    let mut rest = text.trim_start_matches(is_mark);
    while let Some(after) =
        rest.strip_prefix(',').filter(|rest| !rest.starts_with(char::is_numeric))
    {
        rest = after.trim_start_matches(is_mark);
    }
    rest.trim_end_matches(|c: char| is_mark(c) || c == ',')
}

/// Returns the rest after the longest phrase that is found.
fn longest<'a>(lists: &[&[&str]], find: impl Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    lists
        .iter()
        .flat_map(|list| list.iter())
        .filter_map(|phrase| find(phrase))
        .min_by_key(|rest| rest.len())
}

/// Returns the rest of a text that begins with the phrase. A letter may not
/// follow the phrase directly.
fn after<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(phrase)?;
    let goes_on = phrase.ends_with(char::is_alphabetic) && rest.starts_with(is_of_word);
    (!goes_on).then_some(rest)
}

/// Returns the beginning of a text that ends with the phrase.
fn ahead_of<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = text.strip_suffix(phrase)?;
    let goes_on = phrase.starts_with(char::is_alphabetic) && rest.ends_with(is_of_word);
    (!goes_on).then_some(rest)
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || c == '\'' || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{AGREEMENTS, INTRODUCTIONS, are_all, spaced, without};

    #[test]
    fn only_whole_phrases_are_left_out() {
        for (text, rest) in [
            ("it's 4", "4"),
            ("it's: 4", "4"),
            ("its4", "4"),
            ("itself 4", "itself 4"),
            ("4 is fine", "4"),
            ("4, works for me!", "4"),
            ("4 is not fine", "4 is not fine"),
            ("4 this is fine", "4 this"),
            ("let's say 4 would be great", "4"),
            ("it's", "it's"),
            ("it's it's 4", "4"),
            ("it's ,5", ",5"),
            ("it's, 5,", "5"),
            ("not 4", "not 4"),
            ("", ""),
        ] {
            assert_eq!(without(text, &[INTRODUCTIONS], &[AGREEMENTS]), rest, "{text:?}");
        }
        assert!(are_all("it's, that is:", &[INTRODUCTIONS]));
        assert!(are_all("", &[INTRODUCTIONS]));
        assert!(!are_all("it's not", &[INTRODUCTIONS]));
    }

    #[test]
    fn spaces_and_line_breaks_are_told_apart() {
        for (text, expected) in [
            ("  For \t 4 ", "for 4"),
            ("1 \r\n  500", "1\n500"),
            ("1\u{a0}500", "1 500"),
            ("for *4* people", "for 4 people"),
            ("*Friday* evening", "friday evening"),
            ("tel. *030", "tel. 030"),
            ("it's “4”", "it's 4"),
            ("500 *600", "500 *600"),
            ("*500* *600*", "*500* *600*"),
            ("2 * 3", "2 * 3"),
            ("\n", ""),
        ] {
            assert_eq!(spaced(text), expected, "{text:?}");
        }
    }
}
