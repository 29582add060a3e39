//! Phrases that stand before or behind an answer of a type and leave it as it
//! is: `for`, `it's`, `works for me`.
//!
//! Each type has its own, and whatever else stands beside its answer makes it
//! unclear. So `not 4` and `4 or so` are never read as `4`.

/// What introduces an answer of any type.
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

/// What agrees behind an answer of any type.
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

/// Signs that people emphasise and quote with.
const MARKS: [char; 8] = ['*', '_', '"', '“', '”', '„', '«', '»'];

/// The text in small letters, in which all white space is one space, or one
/// line break where it breaks the line. A pair of marks inside is left out
/// (`for *4* people`), unless it may correct what stands before it (`500 *600`).
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

/// A text in small letters without the phrases at its start and its end; never
/// nothing.
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

/// Whether a text in small letters is nothing but such phrases.
pub(super) fn are_all(text: &str, phrases: &[&[&str]]) -> bool {
    let mut text = trimmed(text);
    while !text.is_empty() {
        let Some(rest) = longest(phrases, |phrase| after(text, phrase)) else { return false };
        text = trimmed(rest);
    }
    true
}

/// The text without the marks that part it from a phrase. A comma may begin a number: `,5`.
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

/// What is left after the longest phrase that is found.
fn longest<'a>(lists: &[&[&str]], find: impl Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    lists
        .iter()
        .flat_map(|list| list.iter())
        .filter_map(|phrase| find(phrase))
        .min_by_key(|rest| rest.len())
}

/// What follows a phrase that the text begins with. No letter may follow it at once.
fn after<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(phrase)?;
    let goes_on = phrase.ends_with(char::is_alphabetic) && rest.starts_with(is_of_word);
    (!goes_on).then_some(rest)
}

/// What stands ahead of a phrase that the text ends with.
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
