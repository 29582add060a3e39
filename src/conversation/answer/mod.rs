//! Reads a message as the answer to a question.
//!
//! What is an answer is decided here, by its kind; where the conversation goes
//! with it is [`step`](mod@super::step)'s. The text is what answers; a picture
//! without one answers only a question for media, a shared place only one for a
//! location, and a tapped button stands before the text that its channel sends
//! along. Each type has a module of its own that says what it accepts and what
//! is stored: [`email`], [`phone`], [`date`], [`time`], [`location`],
//! [`options`], [`yes_no`], [`text`]; numbers are [`amount`]'s. What may stand around an answer of any
//! type is [`around`]'s.

mod amount;
mod around;
mod date;
mod days;
mod email;
mod language;
mod location;
mod numerals;
mod options;
mod phone;
mod phrases;
mod plain;
mod reading;
mod text;
mod time;
mod tokens;
mod yes_no;

use super::Value;

pub(super) use self::amount::{decimals, integer};
pub(super) use self::date::whole as whole_date;
pub(super) use self::days::{Day, iso as stored_date};
pub(super) use self::email::MAX_LENGTH as MAX_EMAIL;
pub(super) use self::options::{line as option_line, number as option_number, numbers_in};
pub(super) use self::reading::{read, words_of};
pub(super) use self::text::{characters, composed as composed_text};
pub(super) use self::time::{
    next as next_minute, on_24_hours, plain as plain_time, previous as previous_minute,
    stored as stored_time,
};

pub use self::days::Days;
pub use self::phone::Country;
pub use self::time::Times;

/// What a message is to a question.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// A valid answer.
    Valid(Value),
    /// A valid answer that has a text for people beside it.
    Labelled { value: String, label: String },
    /// A word that skips the question.
    Skipped,
    /// No answer to it.
    Invalid,
}

#[cfg(test)]
mod tests;
