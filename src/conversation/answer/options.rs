//! `options`.
//!
//! **Accepted** is, of each option, in this order: its id, its label, one of its
//! synonyms (`words`), and its number as it is printed below the question, with
//! or without marks and in the digits of any script: `2`, `2.`, `#2`, `(2)`,
//! `２`, `2️⃣`, or the whole line, `2. Large`. Capitals and punctuation around it
//! make no difference.
//!
//! Where something was tapped (a quick reply, an entry of a list), its payload
//! is looked up first, then what stood on it, then the message's text: so a
//! button whose payload is the option's id chooses it whatever language it
//! shows, and one of another service's does by its text.
//!
//! **Stored** is the option's id; its label goes to `NAME_label`.

use super::plain::plain;
use crate::conversation::flow::Choice;
use crate::conversation::words;

/// The option that a normalised word chooses.
pub(super) fn chosen<'a>(choices: &'a [Choice], word: &str) -> Option<&'a Choice> {
    let find = |is_meant: &dyn Fn(&Choice) -> bool| choices.iter().find(|choice| is_meant(choice));
    find(&|choice| words::normalise(&choice.id) == word)
        .or_else(|| find(&|choice| words::normalise(&choice.label) == word))
        .or_else(|| find(&|choice| choice.synonyms.iter().any(|synonym| synonym == word)))
        .or_else(|| choices.get(number(word)?.checked_sub(1)?))
        .or_else(|| {
            let (_, choice) = (1..)
                .zip(choices)
                .find(|(number, choice)| words::normalise(&line(*number, choice)) == word)?;
            Some(choice)
        })
}

/// An option as it is printed below its question.
pub(in crate::conversation) fn line(number: usize, choice: &Choice) -> String {
    format!("{number}. {}", choice.label)
}

/// The number that a normalised word is, written as it is printed: not `+1`, not `01`.
pub(in crate::conversation) fn number(word: &str) -> Option<usize> {
    let word = plain(word);
    let number: usize = word.parse().ok()?;
    (number.to_string() == word).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_as_they_are_printed() {
        for (word, expected) in [
            ("1", Some(1)),
            ("12", Some(12)),
            ("１", Some(1)),
            ("١٢", Some(12)),
            ("2️⃣", Some(2)),
            ("0", Some(0)),
            ("01", None),
            ("+1", None),
            ("-1", None),
            ("1.0", None),
            ("one", None),
            ("99999999999999999999", None),
            ("", None),
        ] {
            assert_eq!(number(word), expected, "{word:?}");
        }
    }
}
