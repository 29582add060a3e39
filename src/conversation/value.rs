//! The value of an answer: a text or a number.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::cut;

/// The value of a variable. In JSON it is a plain string or number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// An answer of `type: integer`.
    Integer(i64),
    /// An answer of `type: number`; always finite.
    Number(f64),
    /// Any other answer: `yes`/`no`, an option's id, a text, media addresses
    /// with spaces between them, and the stored forms of further types, such as
    /// `2026-12-24`, `14:30` and `+493055501234`. The answer of a skipped
    /// question is empty.
    Text(String),
}

impl Value {
    /// The longest text, in bytes: that of the longest answer.
    pub(super) const MAX_BYTES: usize = 16 << 10;

    /// Returns the bytes of a text. Those of a number do not count.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Integer(_) | Self::Number(_) => 0,
        }
    }

    /// Cuts a text to at most `most` bytes, and returns whether it was longer.
    pub(super) fn cut(&mut self, most: usize) -> bool {
        match self {
            Self::Text(text) => cut::to(text, most),
            Self::Integer(_) | Self::Number(_) => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => write!(f, "{number}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
