//! `options`.
//!
//! **Accepted** is, of each option, its id, its label, one of its synonyms
//! (`words`), and its number as it is printed below the question, in the digits
//! of any script: `2`, `2.`, `#2`, `(2)`, `２`, `2️⃣`, or the whole line,
//! `2. Large`; and each of them in a sentence that does nothing but choose it:
//!
//! | written | |
//! | --- | --- |
//! | `option 2`, `number two`, `the 2nd one`, `the last one` | its number |
//! | `large please`, `I'd like the large one`, `ok, large` | its label |
//! | `2) Large`, `large (2)` | both, of the same option |
//! | `-1`, `1.5`, `1 or 2`, `2 small`, `large?`, `large 👎` | asked again |
//! | `not large`, `small or large`, `large if you have it` | asked again |
//!
//! Every word of a sentence must belong to an option or to the phrases of
//! [`language`](super::language); otherwise the sentence is not understood. The
//! question is asked again after a number that the label of another option
//! contains (`1. 2 rooms`, `2. 1 room`), and after an answer that names two
//! options. A part of a label, or a misspelled one, is not enough.
//!
//! Where something was tapped (a quick reply, an entry of a list), its payload
//! is looked up first, then its label, then the message's text. So a button
//! whose payload is the option's id chooses that option in every language, and
//! a button of another service chooses by its text. A payload is not read as a
//! sentence.
//!
//! **Stored** is the option's id; its label goes to `NAME_label`.

use std::ops::Range;

use super::language::{Role, phrases, roles};
use super::numerals;
use super::tokens::{is_picture, tokens};
use crate::conversation::flow::{Choice, Kind};
use crate::conversation::signs::is_doubtful;
use crate::conversation::words;

/// The longest sentence that is read, in words.
const MAX_WORDS: usize = 60;

/// Returns the option that a text names, without anything around it.
fn named<'a>(choices: &'a [Choice], text: &str) -> Option<&'a Choice> {
    let word = words::normalise(text);
    let find = |is_meant: &dyn Fn(&Choice) -> bool| choices.iter().find(|choice| is_meant(choice));
    find(&|choice| words::normalise(&choice.id) == word)
        .or_else(|| find(&|choice| words::normalise(&choice.label) == word))
        .or_else(|| find(&|choice| choice.synonyms.contains(&word)))
        .filter(|choice| text.chars().all(|c| !is_doubtful(c) || has(choice, c)))
}

/// Returns the option that a payload chooses. A program writes no sentences.
pub(super) fn tapped<'a>(choices: &'a [Choice], payload: &str) -> Option<&'a Choice> {
    let word = words::normalise(payload);
    named(choices, payload).or_else(|| choices.get(number(&word)?.checked_sub(1)?)).or_else(|| {
        let mut lines = (1..).zip(choices);
        let is_line =
            |(number, choice): &(usize, &Choice)| words::normalise(&line(*number, choice)) == word;
        lines.find(is_line).map(|(_, choice)| choice)
    })
}

/// Returns the option that a text chooses.
pub(super) fn chosen<'a>(
    choices: &'a [Choice],
    text: &str,
    languages: &[String],
) -> Option<&'a Choice> {
    let index = || match number(text) {
        // Most answers are one, and need no more looking.
        Some(number) => counted(choices, number, languages),
        None => Sentence::new(choices, text, languages)?.chosen(),
    };
    named(choices, text).or_else(|| choices.get(index()?))
}

/// Returns the index of the option with this number, unless the name of another
/// option contains the number, too.
fn counted(choices: &[Choice], number: usize, languages: &[String]) -> Option<usize> {
    let index = number.checked_sub(1).filter(|index| *index < choices.len())?;
    let mut others = choices.iter().enumerate().filter(|(other, _)| *other != index);
    let has_number = |name: &String| {
        let name = tokens(name);
        numerals::in_label(&name, languages).any(|said| said == number)
    };
    let is_other = others
        .any(|(_, choice)| has_number(&choice.label) || choice.synonyms.iter().any(has_number));
    (!is_other).then_some(index)
}

/// Returns whether a sign occurs in the option's own names.
fn has(choice: &Choice, sign: char) -> bool {
    let words = [&choice.id, &choice.label].into_iter().chain(&choice.synonyms);
    words.into_iter().any(|word| word.contains(sign))
}

/// Returns an option as it is printed below its question.
fn line(number: usize, choice: &Choice) -> String {
    format!("{number}. {}", choice.label)
}

/// Appends the options of a question to a text, one a line.
pub(in crate::conversation) fn with_options(mut text: String, kind: &Kind) -> String {
    if let Kind::Options(choices) = kind {
        for (number, choice) in (1..).zip(choices) {
            text.push('\n');
            text.push_str(&line(number, choice));
        }
    }
    text
}

/// Reads a normalised word as a number, written as options are numbered: not
/// `+1`, not `01`.
pub(in crate::conversation) fn number(word: &str) -> Option<usize> {
    let number: usize = word.parse().ok()?;
    (number.to_string() == word).then_some(number)
}

/// Returns the numbers for which a label may be taken.
pub(in crate::conversation) fn numbers_in(label: &str) -> Vec<usize> {
    numerals::in_label(&tokens(label), &[]).collect()
}

/// The names of an option, each as a list of words.
struct Names {
    id: Vec<String>,
    /// The label and the synonyms, with and without their emoji and question marks.
    shown: Vec<Vec<String>>,
}

impl Names {
    fn of(choice: &Choice) -> Self {
        let mut shown: Vec<Vec<String>> = Vec::new();
        for name in std::iter::once(&choice.label).chain(&choice.synonyms) {
            let name = tokens(name);
            let is_said = |token: &&String| !is_picture(token) && !token.chars().all(is_doubtful);
            let said: Vec<String> = name.iter().filter(is_said).cloned().collect();
            shown.extend([name, said]);
        }
        shown.retain(|name| !name.is_empty());
        Self { id: tokens(&choice.id), shown }
    }

    fn are(&self, words: &[String]) -> bool {
        self.shown.iter().any(|name| name == words) || !words.is_empty() && self.id == words
    }
}

/// A text at a question with options.
struct Sentence<'a> {
    choices: &'a [Choice],
    words: Vec<String>,
    options: Vec<Names>,
    languages: &'a [String],
}

impl<'a> Sentence<'a> {
    fn new(choices: &'a [Choice], text: &str, languages: &'a [String]) -> Option<Self> {
        let words = tokens(text);
        if words.is_empty() || words.len() > MAX_WORDS {
            return None;
        }
        Some(Self { choices, words, options: choices.iter().map(Names::of).collect(), languages })
    }

    /// Returns the index of the one option that it can mean.
    fn chosen(&self) -> Option<usize> {
        if let Some(whole) = self.one(|names| names.are(&self.words)) {
            return Some(whole);
        }
        let (mut choosing, mut wanting) = (vec![false; self.words.len() + 1], vec![]);
        wanting.clone_from(&choosing);
        choosing[0] = true;
        for start in 0..self.words.len() {
            if choosing[start] || wanting[start] {
                self.reach(start, &mut choosing, &mut wanting);
            }
        }
        let behind = self.behind();
        let mut meant: Option<usize> = None;
        for start in 0..self.words.len() {
            for end in (start + 1..=self.words.len()).filter(|end| behind[*end]) {
                let named = (choosing[start] || wanting[start]).then(|| self.named(start..end));
                let numbered = choosing[start].then(|| self.numbered(start..end));
                for index in [named, numbered].into_iter().flatten().flatten() {
                    if meant.is_some_and(|other| other != index)
                        || self.names_other(index, start..end)
                    {
                        return None;
                    }
                    meant = Some(index);
                }
            }
        }
        meant
    }

    /// Marks where an option may begin after a phrase at `start`.
    fn reach(&self, start: usize, choosing: &mut [bool], wanting: &mut [bool]) {
        let mut after = |is_choosing: bool, count: usize| {
            if is_choosing && choosing[start] {
                choosing[start + count] = true;
            } else {
                wanting[start + count] = true;
            }
        };
        for (role, count) in phrases(self.languages, &self.words[start..]) {
            match role {
                Role::Choosing | Role::Polite | Role::Greeting => after(true, count),
                Role::Wanting => after(false, count),
                _ => {}
            }
        }
        if is_picture(&self.words[start]) {
            after(true, 1);
        }
    }

    /// Returns for each position whether only words without a meaning of their
    /// own follow.
    fn behind(&self) -> Vec<bool> {
        let mut behind = vec![false; self.words.len() + 1];
        behind[self.words.len()] = true;
        for start in (0..self.words.len()).rev() {
            let mut known = phrases(self.languages, &self.words[start..]);
            let ends = |(role, count): (Role, usize)| {
                matches!(role, Role::Behind | Role::Polite) && behind[start + count]
            };
            behind[start] = known.any(ends) || is_picture(&self.words[start]) && behind[start + 1];
        }
        behind
    }

    /// Returns the option that these words name by its label, or by more than
    /// its number.
    fn named(&self, range: Range<usize>) -> Option<usize> {
        let words = &self.words[range];
        let label = |words: &[String]| self.one(|names| names.are(words));
        // `2. Large`, `large, number 2`: both must say the same.
        let both = |name: &[String], number: &[String]| {
            let index = label(name)?;
            let number = self.cardinal(number).or_else(|| self.marked(number))?;
            (number == index + 1).then_some(index)
        };
        let (last, before) = words.split_last()?;
        let with_noun =
            || self.is_noun(last).then(|| label(before).or_else(|| self.ranked(before)))?;
        let in_two = || {
            (1..words.len()).find_map(|at| {
                let (first, second) = words.split_at(at);
                both(first, second).or_else(|| both(second, first))
            })
        };
        label(words)
            .or_else(|| self.ranked(words))
            .or_else(with_noun)
            .or_else(in_two)
            .or_else(|| self.counted(self.marked(words)?))
            .or_else(|| self.behind_marker(words).find_map(label))
    }

    /// Returns the option that these words name by its number alone.
    fn numbered(&self, range: Range<usize>) -> Option<usize> {
        self.counted(self.cardinal(&self.words[range])?)
    }

    /// Returns the option that these words name by its rank (`second`), unless
    /// the name of another option contains the rank, too.
    fn ranked(&self, words: &[String]) -> Option<usize> {
        let rank = self.ordinal(words)?;
        let index = rank.checked_sub(1).filter(|index| *index < self.options.len())?;
        let mut others = self.options.iter().enumerate().filter(|(other, _)| *other != index);
        let has_rank = |name: &Vec<String>| name.chunks(1).any(|w| self.ordinal(w) == Some(rank));
        let is_other = others.any(|(_, names)| names.shown.iter().any(has_rank));
        (!is_other).then_some(index)
    }

    fn cardinal(&self, words: &[String]) -> Option<usize> {
        let [word] = words else { return None };
        numerals::cardinal(word, self.languages)
    }

    fn ordinal(&self, words: &[String]) -> Option<usize> {
        let [word] = words else { return None };
        numerals::ordinal(word, self.languages, self.options.len())
    }

    /// Returns the number after a word that marks it as an option's:
    /// `option 2`.
    fn marked(&self, words: &[String]) -> Option<usize> {
        self.behind_marker(words).find_map(|number| self.cardinal(number))
    }

    fn behind_marker<'w>(&self, words: &'w [String]) -> impl Iterator<Item = &'w [String]> {
        let markers = phrases(self.languages, words).filter(|(role, _)| *role == Role::Number);
        markers.map(|(_, count)| &words[count..])
    }

    fn is_noun(&self, word: &String) -> bool {
        roles(self.languages, std::slice::from_ref(word)).any(|role| role == Role::Noun)
    }

    /// Returns the option with this number.
    fn counted(&self, number: usize) -> Option<usize> {
        counted(self.choices, number, self.languages)
    }

    /// Returns the index of the option for which this is true, unless it is
    /// true for several.
    fn one(&self, is_meant: impl Fn(&Names) -> bool) -> Option<usize> {
        let mut meant = (0..).zip(&self.options).filter(|(_, names)| is_meant(names));
        let (index, _) = meant.next()?;
        meant.next().is_none().then_some(index)
    }

    /// Returns whether the words around these ones name another option: `ok` in
    /// `ok, small`.
    fn names_other(&self, index: usize, range: Range<usize>) -> bool {
        let mut others = self.options.iter().enumerate().filter(|(other, _)| *other != index);
        others.any(|(_, names)| {
            names.shown.iter().any(|name| {
                let windows = self.words.windows(name.len()).enumerate();
                let mut found = windows.filter(|(_, words)| words == name);
                found.any(|(at, _)| at < range.start || at + name.len() > range.end)
            })
        })
    }
}
