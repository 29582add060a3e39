//! Reads a message as the answer to a question.
//!
//! [`read()`] finds the answer in a message. The text answers; a
//! picture without a text answers only a question for media, and a shared
//! location only a question for a location. A tapped button counts before the
//! text that its channel sends along. Each type has a module of its own, which
//! says what it accepts and what is stored. [`step`](mod@super::step) decides
//! where the conversation goes with the answer.

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
pub(super) use self::options::{number as option_number, numbers_in, with_options};
pub(super) use self::reading::{read, words_of};
pub(super) use self::text::{characters, composed as composed_text};
pub(super) use self::time::{
    next as next_minute, on_24_hours, plain as plain_time, previous as previous_minute,
    stored as stored_time,
};

pub use self::days::Days;
pub use self::phone::Country;
pub use self::time::Times;

/// The meaning of a message as the answer to a question.
#[derive(Debug, PartialEq)]
pub(super) enum Reading {
    /// A valid answer.
    Valid(Value),
    /// A valid answer that has a text for people beside it.
    Labelled { value: String, label: String },
    /// A word that skips the question.
    Skipped,
    /// No valid answer.
    Invalid,
}

#[cfg(test)]
mod tests;
