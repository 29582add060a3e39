//! Reads a message as the answer to a question.
//!
//! What is an answer is decided here, by its kind; where the conversation goes
//! with it is [`step`](mod@super::step)'s. The text is what answers; a picture
//! without one answers only a question for media, and a tapped button stands
//! before the text that its channel sends along.

use super::flow::{Answer, Ask, Choice, Kind};
use super::{Value, number, words};
use crate::message::Message;

/// What a message is to a question.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// A valid answer.
    Valid(Value),
    /// One of the question's options.
    Chosen { id: String, label: String },
    /// A word that skips the question.
    Skipped,
    /// No answer to it.
    Invalid,
}

/// What was tapped, then what was written, as words are compared: whoever
/// listens to words looks them up in both.
pub(super) fn words_of(message: &Message) -> Vec<String> {
    let texts = message.button.iter().chain([&message.body]).map(|text| text.trim());
    texts.filter(|text| !text.is_empty()).map(words::normalise).collect()
}

/// Reads a message as the answer to this question.
pub(super) fn read(ask: &Ask, message: &Message) -> Reading {
    let is_media = matches!(ask.answer.kind, Kind::Media);
    if is_media && !message.media.is_empty() {
        let addresses: Vec<&str> = message.media.iter().map(|media| media.url.as_str()).collect();
        return Reading::Valid(Value::Text(addresses.join(" ")));
    }
    let text = message.body.trim();
    let said = words_of(message);
    if said.iter().any(|word| ask.optional.contains(word)) {
        return Reading::Skipped;
    }
    match &ask.answer.kind {
        Kind::Options(choices) => match said.iter().find_map(|word| chosen(choices, word)) {
            Some(choice) => Reading::Chosen { id: choice.id.clone(), label: choice.label.clone() },
            None => Reading::Invalid,
        },
        Kind::YesNo { yes, no } => match said.iter().find_map(|word| yes_or_no(yes, no, word)) {
            Some(answer) => Reading::Valid(Value::from(answer)),
            None => Reading::Invalid,
        },
        Kind::Text { .. } | Kind::Integer { .. } | Kind::Number { .. } | Kind::Media => {
            let button = message.button.as_deref().map(str::trim);
            let written = if text.is_empty() { button.unwrap_or_default() } else { text };
            typed(&ask.answer, written).map_or(Reading::Invalid, Reading::Valid)
        }
    }
}

/// An option by its id, its label, a synonym, or its number, in this order.
fn chosen<'a>(choices: &'a [Choice], word: &str) -> Option<&'a Choice> {
    let by_number = || {
        let number: usize = word.parse().ok()?;
        // Rust reads more than is printed below the question: `+1`, `01`.
        choices.get(number.checked_sub(1)?).filter(|_| number.to_string() == word)
    };
    let find = |is_meant: &dyn Fn(&Choice) -> bool| choices.iter().find(|choice| is_meant(choice));
    find(&|choice| words::normalise(&choice.id) == word)
        .or_else(|| find(&|choice| words::normalise(&choice.label) == word))
        .or_else(|| find(&|choice| choice.synonyms.iter().any(|synonym| synonym == word)))
        .or_else(by_number)
}

fn yes_or_no(yes: &[String], no: &[String], word: &String) -> Option<&'static str> {
    if yes.contains(word) {
        Some("yes")
    } else if no.contains(word) {
        Some("no")
    } else {
        None
    }
}

/// A text or a number within its limits, and as its pattern wants it.
fn typed(answer: &Answer, text: &str) -> Option<Value> {
    if text.is_empty() || answer.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
        return None;
    }
    match &answer.kind {
        Kind::Text { min, max } => {
            let characters = u64::try_from(text.chars().count()).ok()?;
            (*min..=*max).contains(&characters).then(|| Value::from(text))
        }
        Kind::Integer { min, max } => {
            number::integer(text).filter(|number| (min..=max).contains(&number)).map(Value::Integer)
        }
        Kind::Number { min, max } => {
            number::decimal(text).filter(|number| (min..=max).contains(&number)).map(Value::Number)
        }
        Kind::YesNo { .. } | Kind::Options(_) | Kind::Media => None,
    }
}

#[cfg(test)]
mod tests;
