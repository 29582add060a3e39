//! Explains why a message is a certain answer to a question, or an invalid one.
//!
//! It derives the reason from the result, so that turns without a trace need
//! not record reasons.

use crate::conversation::answer::{self, Reading, words_of};
use crate::conversation::flow::{Ask, Choice, Kind, Step};
use crate::conversation::words;
use crate::message::Message;

/// Returns how a question read a message.
pub(super) fn explained(step: &Step, ask: &Ask, message: &Message, reading: &Reading) -> String {
    let name = &step.name;
    let said = words_of(message);
    match reading {
        Reading::Valid(value) => match &ask.answer.kind {
            Kind::YesNo { yes, no } => {
                let word = said.iter().find(|word| yes.contains(word) || no.contains(word));
                let by = word.map(|word| format!(", by the word `{word}`"));
                format!("`{value}` to {name}{}", by.unwrap_or_default())
            }
            _ => format!("an answer to {name}"),
        },
        Reading::Labelled { value, .. } => match &ask.answer.kind {
            Kind::Options(choices) => {
                let by = said.iter().find_map(|word| chosen_by(choices, value, word));
                format!("the option `{value}` of {name}{}", by.unwrap_or_default())
            }
            _ => format!("an answer to {name}"),
        },
        Reading::Skipped => {
            let word = said.iter().find(|word| ask.optional.contains(word));
            format!("`{}` skips {name}", word.map_or(message.body.trim(), String::as_str))
        }
        Reading::Invalid => format!("no answer to {name}: {}", why_not(ask, message)),
    }
}

/// Returns by which of its names an option was chosen, in the order in which
/// they are compared.
fn chosen_by(choices: &[Choice], id: &str, word: &str) -> Option<String> {
    let (place, choice) = (1_usize..).zip(choices).find(|(_, choice)| choice.id == id)?;
    if words::normalise(&choice.id) == word {
        Some(", by its id".to_owned())
    } else if words::normalise(&choice.label) == word {
        Some(", by its label".to_owned())
    } else if choice.synonyms.iter().any(|synonym| synonym == word) {
        Some(format!(", by the word `{word}`"))
    } else {
        (place.to_string() == word).then(|| format!(", by its number {place}"))
    }
}

/// Returns why a message is an invalid answer.
fn why_not(ask: &Ask, message: &Message) -> String {
    let kind = &ask.answer.kind;
    let button = message.button.as_deref().unwrap_or_default();
    let composed = [&message.body, button].into_iter().find_map(answer::composed_text);
    let text = composed.as_deref().unwrap_or_default();
    let of_kind = match kind {
        Kind::Media => return "it carries no picture and no file".to_owned(),
        _ if text.is_empty() => "it has no text",
        Kind::Options(_) => "it is not one of the options",
        Kind::YesNo { .. } => "it is not a word for yes or no",
        _ => "it is not of the type that is asked for",
    };
    match kind {
        _ if text.is_empty() => of_kind.to_owned(),
        Kind::Text { min, max } => {
            let length = answer::characters(text);
            let plural = if length == 1 { "" } else { "s" };
            beyond(&length, min, max).map_or_else(
                || "it does not have the form that `match` asks for".to_owned(),
                |limit| format!("it has {length} character{plural}, {limit}"),
            )
        }
        Kind::Integer { min, max } => match answer::integer(text) {
            Some(number) => beyond(&number, min, max)
                .map_or_else(String::new, |limit| format!("it is {number}, {limit}")),
            None => "it is not a whole number".to_owned(),
        },
        Kind::Number { min, max } => match answer::decimals(text) {
            [Some(one), Some(other)] => format!("it can be {one} and {other}"),
            [Some(number), None] => beyond(&number, min, max)
                .map_or_else(String::new, |limit| format!("it is {number}, {limit}")),
            _ => "it is not a number".to_owned(),
        },
        _ => of_kind.to_owned(),
    }
}

/// Returns the limit that a value exceeds, if any.
fn beyond<T: PartialOrd + std::fmt::Display>(value: &T, min: &T, max: &T) -> Option<String> {
    if value < min {
        Some(format!("and `min` is {min}"))
    } else if max < value {
        Some(format!("and `max` is {max}"))
    } else {
        None
    }
}
