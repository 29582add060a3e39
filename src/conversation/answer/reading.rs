//! Finds the answer to a question in what was tapped, written, or sent along.

use jiff::civil::Date;

use super::around::{self, Kept};
use super::plain::plain;
use super::{Reading, amount, date, email, location, options, phone, text, time, yes_no};
use crate::conversation::flow::{Ask, Kind};
use crate::conversation::signs::is_doubtful;
use crate::conversation::{Value, words};
use crate::message::Message;

/// Returns the tapped and then the written text, normalised. Words that a flow
/// listens to may be any of them.
pub(in crate::conversation) fn words_of(message: &Message) -> Vec<String> {
    said(message).map(words::normalise).collect()
}

/// Returns the payload and the label of a tapped button, then the written text,
/// without blank ones.
fn said(message: &Message) -> impl Iterator<Item = &str> {
    let tapped = message.button.iter().chain(&message.button_text);
    tapped.chain([&message.body]).map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Returns the texts that people saw: a button's label, then the written text.
fn shown(message: &Message) -> impl Iterator<Item = &str> {
    message.button_text.iter().chain([&message.body]).map(|text| text.trim())
}

/// Reads a message as the answer to this question of a flow that speaks these
/// languages. `today` returns the day in the flow's time zone.
pub(in crate::conversation) fn read(
    ask: &Ask,
    message: &Message,
    languages: &[String],
    today: &dyn Fn() -> Date,
) -> Reading {
    if let Some(sent) = attached(&ask.answer.kind, message) {
        return sent;
    }
    if said(message).any(|text| skips(ask, text, languages)) {
        return Reading::Skipped;
    }
    let valid = |value: Option<Value>| value.map_or(Reading::Invalid, Reading::Valid);
    match &ask.answer.kind {
        Kind::Options(choices) => {
            let payload = message.button.as_deref();
            let tapped = payload.and_then(|payload| options::tapped(choices, payload));
            let written =
                || shown(message).find_map(|text| options::chosen(choices, text, languages));
            match tapped.or_else(written) {
                Some(choice) => {
                    Reading::Labelled { value: choice.id.clone(), label: choice.label.clone() }
                }
                None => Reading::Invalid,
            }
        }
        Kind::YesNo { yes, no } => {
            let payload = message.button.as_deref();
            let tapped = payload.and_then(|payload| yes_no::tapped(yes, no, payload));
            let written = || shown(message).find_map(|text| yes_no::read(yes, no, text, languages));
            valid(tapped.or_else(written).map(Value::from))
        }
        // A text is what was written, or else what people saw on the button.
        Kind::Text { .. } => {
            let body = Some(&message.body).into_iter();
            let mut written = body.chain(&message.button_text).chain(&message.button);
            let seen = written.find(|text| text::composed(text).is_some());
            let text = seen.and_then(|text| text::read(text, &ask.answer, &ask.save));
            valid(text.map(Value::Text))
        }
        Kind::Location => match said(message).find_map(|text| location::read(&plain(text))) {
            Some(value) => Reading::Labelled { value, label: String::new() },
            None => Reading::Invalid,
        },
        kind => {
            let typed = || {
                said(message).find_map(|text| typed_around(kind, &plain(text), languages, today))
            };
            valid(payload(kind, message).or_else(typed))
        }
    }
}

/// Reads what a message carries beside its text, if the question asks for it.
fn attached(kind: &Kind, message: &Message) -> Option<Reading> {
    match kind {
        Kind::Media if !message.media.is_empty() => {
            let addresses: Vec<&str> =
                message.media.iter().map(|media| media.url.as_str()).collect();
            Some(Reading::Valid(Value::Text(addresses.join(" "))))
        }
        Kind::Location => location::shared(message.location.as_ref()?),
        _ => None,
    }
}

/// Reads the payload of a button in the form that only programs write.
fn payload(kind: &Kind, message: &Message) -> Option<Value> {
    match kind {
        Kind::Time(times) => {
            let time = time::payload(message.button.as_deref()?.trim(), times)?;
            Some(Value::Text(time::stored(time)))
        }
        _ => None,
    }
}

/// Returns whether a text is one of the words that skip a question, with only
/// signs and politeness around it. For a question of `type: text`, `no?` is a
/// word, too.
fn skips(ask: &Ask, text: &str, languages: &[String]) -> bool {
    let is_own = |sign| ask.optional.iter().any(|word| word.contains(sign));
    let is_text = matches!(ask.answer.kind, Kind::Text { .. });
    let is_word = |text| ask.optional.contains(&words::normalise(text));
    !ask.optional.is_empty()
        && (is_text || text.chars().all(|c| !is_doubtful(c) || is_own(c)))
        && (is_word(text) || is_word(around::bare(&plain(text), Kept::NOTHING, languages)))
}

/// Reads a text in plain signs as a value of one of the other types, as it is
/// or without what stands around it.
fn typed_around(
    kind: &Kind,
    text: &str,
    languages: &[String],
    today: &dyn Fn() -> Date,
) -> Option<Value> {
    typed(kind, text, today).or_else(|| {
        let bare = around::bare(text, kept(kind), languages);
        if bare.len() == text.len() { None } else { typed(kind, bare, today) }
    })
}

/// Returns the signs that may be part of an answer of this type.
fn kept(kind: &Kind) -> Kept {
    match kind {
        Kind::Integer { .. } | Kind::Number { .. } | Kind::Location => {
            Kept { before: &['-', '+', '.', ','], after: &['-'] }
        }
        Kind::Phone { .. } => Kept { before: &['+', '('], after: &[] },
        _ => Kept::NOTHING,
    }
}

/// Reads a text in plain signs as a value of such a type, as it is.
fn typed(kind: &Kind, text: &str, today: &dyn Fn() -> Date) -> Option<Value> {
    match kind {
        Kind::Integer { min, max } => {
            amount::integer(text).filter(|number| (min..=max).contains(&number)).map(Value::Integer)
        }
        Kind::Number { min, max } => amount::decimal(text, *min, *max).map(Value::Number),
        Kind::Email => email::read(text).map(Value::Text),
        Kind::Phone { country } => phone::read(text, *country).map(Value::Text),
        Kind::Date(days) => date::read(text, today(), days).map(|day| Value::Text(day.to_string())),
        Kind::Time(times) => time::read(text, times).map(|time| Value::Text(time::stored(time))),
        Kind::Text { .. }
        | Kind::YesNo { .. }
        | Kind::Options(_)
        | Kind::Media
        | Kind::Location => None,
    }
}
