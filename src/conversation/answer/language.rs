//! Phrases of a language around an answer and in its place: politeness, yes and
//! no, and choices from a list.
//!
//! Each language is a file of `languages/`: lists of phrases with commas
//! between; a list goes on in indented lines, and `#` begins a line of comment.
//! A phrase stands in a list only if it can mean nothing else there. English is
//! understood in every flow, another language in the flows that speak it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::tokens;

/// The part that a phrase plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Polite: it may stand before an answer and after it.
    Polite,
    /// Polite: it may stand before an answer.
    Greeting,
    Yes,
    No,
    /// It may go with a yes, and says nothing by itself.
    WithYes,
    /// It may go with a no, and says nothing by itself.
    WithNo,
    /// It may go with a yes or a no, and says nothing by itself.
    WithBoth,
    /// It says neither yes nor no here, although its words or another language
    /// suggest it.
    Unclear,
    /// It may stand before an option or its number.
    Choosing,
    /// It may stand before an option. A number after it is a quantity:
    /// `I want 2`.
    Wanting,
    /// It may stand behind an option.
    Behind,
    /// A number after it is the number of an option: `option 2`.
    Number,
    /// Together with the name of an option before it, it names that option:
    /// `the small one`.
    Noun,
    Cardinal(usize),
    Ordinal(usize),
    Last,
}

/// The files, each with the first part of its language's tag.
const FILES: [(&str, &str); 13] = [
    ("en", include_str!("languages/en.txt")),
    ("ar", include_str!("languages/ar.txt")),
    ("de", include_str!("languages/de.txt")),
    ("es", include_str!("languages/es.txt")),
    ("fr", include_str!("languages/fr.txt")),
    ("hi", include_str!("languages/hi.txt")),
    ("id", include_str!("languages/id.txt")),
    ("it", include_str!("languages/it.txt")),
    ("nl", include_str!("languages/nl.txt")),
    ("pl", include_str!("languages/pl.txt")),
    ("pt", include_str!("languages/pt.txt")),
    ("ru", include_str!("languages/ru.txt")),
    ("tr", include_str!("languages/tr.txt")),
];

static LANGUAGES: LazyLock<Vec<Language>> =
    LazyLock::new(|| FILES.iter().map(|(tag, file)| Language::read(tag, file)).collect());

struct Language {
    tag: &'static str,
    /// Phrases and their roles, by their first word.
    phrases: HashMap<String, Vec<(Vec<String>, Role)>>,
}

impl Language {
    fn read(tag: &'static str, file: &str) -> Self {
        let mut phrases: HashMap<String, Vec<(Vec<String>, Role)>> = HashMap::new();
        for (list, items) in lists(file) {
            for (place, phrase) in items.split(',').enumerate() {
                // A number has several spellings.
                let is_number = matches!(list, "cardinals" | "ordinals");
                let spellings = phrase.split(|c: char| is_number && c == ' ');
                for spelling in spellings {
                    let mut words = tokens(spelling);
                    // `no.` differs from `no`, and stands only before a number.
                    if let Some(last) = words.last_mut().filter(|_| spelling.ends_with('.')) {
                        last.push('.');
                    }
                    let first = words.first().cloned();
                    if let (Some(first), Some(role)) = (first, role(list, place)) {
                        phrases.entry(first).or_default().push((words, role));
                    }
                }
            }
        }
        Self { tag, phrases }
    }
}

/// Returns the lists of a file, each with its name.
fn lists(file: &str) -> Vec<(&str, String)> {
    let mut lists: Vec<(&str, String)> = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("  "), lists.last_mut(), line.split_once(": ")) {
            (Some(more), Some((_, items)), _) => *items += more,
            (_, _, Some((name, items))) => lists.push((name, items.to_owned())),
            _ => {}
        }
    }
    lists
}

fn role(list: &str, place: usize) -> Option<Role> {
    Some(match list {
        "polite" => Role::Polite,
        "greeting" => Role::Greeting,
        "yes" => Role::Yes,
        "no" => Role::No,
        "with yes" => Role::WithYes,
        "with no" => Role::WithNo,
        "with both" => Role::WithBoth,
        "unclear" => Role::Unclear,
        "choosing" => Role::Choosing,
        "wanting" => Role::Wanting,
        "behind" => Role::Behind,
        "number" => Role::Number,
        "noun" => Role::Noun,
        "cardinals" => Role::Cardinal(place + 1),
        "ordinals" => Role::Ordinal(place + 1),
        "last" => Role::Last,
        _ => return None,
    })
}

/// Returns the phrases of a flow's languages, and of English.
fn spoken(tags: &[String]) -> impl Iterator<Item = &'static Language> {
    let is_of = |tag: &String, language: &str| {
        tag.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(language))
    };
    LANGUAGES.iter().filter(move |language| {
        language.tag == "en" || tags.iter().any(|tag| is_of(tag, language.tag))
    })
}

/// Returns the phrases with which these words begin, in the languages of a
/// flow: the role of each, and its number of words.
pub(super) fn phrases(tags: &[String], words: &[String]) -> impl Iterator<Item = (Role, usize)> {
    let first = words.first();
    let known = spoken(tags).filter_map(move |language| language.phrases.get(first?));
    known
        .flatten()
        .filter(|(phrase, _)| words.starts_with(phrase))
        .map(|(phrase, role)| (*role, phrase.len()))
}

/// Returns the roles of these words, if all of them together are a phrase.
pub(super) fn roles(tags: &[String], words: &[String]) -> impl Iterator<Item = Role> {
    phrases(tags, words).filter(|(_, count)| *count == words.len()).map(|(role, _)| role)
}

/// Returns all phrases of one word.
pub(super) fn single(tags: &[String]) -> impl Iterator<Item = (&'static str, Role)> {
    let known = spoken(tags).flat_map(|language| language.phrases.values().flatten());
    known.filter_map(|(words, role)| match &words[..] {
        [word] => Some((word.as_str(), *role)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{FILES, Role, lists, phrases, role, spoken};
    use crate::conversation::answer::tokens::tokens;

    #[test]
    fn every_line_is_of_a_list_that_is_known() {
        for (tag, file) in FILES {
            for line in file.lines() {
                let is_known = line.starts_with("# ")
                    || line.starts_with("  ")
                    || line.split_once(": ").is_some_and(|(list, _)| role(list, 0).is_some());
                assert!(is_known, "{tag}: {line}");
            }
            for (list, items) in lists(file) {
                for phrase in items.split(',') {
                    assert!(!tokens(phrase).is_empty(), "{tag}, {list}: {items}");
                }
            }
        }
    }

    #[test]
    fn a_flow_has_the_phrases_of_its_languages_and_english() {
        let known = |tags: &[&str]| {
            let tags: Vec<String> = tags.iter().map(|&tag| tag.to_owned()).collect();
            spoken(&tags).map(|language| language.tag).collect::<Vec<_>>()
        };
        assert_eq!(known(&[]), ["en"]);
        assert_eq!(known(&["en", "de"]), ["en", "de"]);
        assert_eq!(known(&["pt-BR", "TR", "zh"]), ["en", "pt", "tr"]);
    }

    #[test]
    fn phrases_are_found_where_they_begin() {
        let of = |text: &str| phrases(&[], &tokens(text)).collect::<Vec<_>>();
        assert!(of("Thank you, sir").contains(&(Role::Polite, 2)));
        assert!(of("two").contains(&(Role::Cardinal(2), 1)));
        assert!(of("I’d like").contains(&(Role::Wanting, 2)));
        assert_eq!(of("pizza please"), []);
        assert_eq!(of(""), []);
    }
}
