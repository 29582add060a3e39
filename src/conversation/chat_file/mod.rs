//! Chat files: conversations as they should go, written down line by line.
//!
//! [`ChatFile::parse`] reads one, [`run()`] plays it against the flows, on a
//! virtual clock and without a server, and tells the first line at which the
//! conversation went another way. Which files there are, and how a report is
//! printed, is the caller's.

mod parse;
mod run;

use std::time::Duration;

pub use run::{Mismatch, Report, run};

use super::session::State;
use crate::message::{Channel, Location, Media};

/// A chat file that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatFile {
    /// The file's name, as messages show it: `favorite-song.chat`.
    pub name: String,
    lines: Vec<Line>,
}

/// A line of a chat file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}; {hint}")]
pub struct LineError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
    /// What to write.
    pub hint: String,
}

/// What one line does, together with the lines that belong to it.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    number: usize,
    action: Action,
}

#[derive(Clone, Debug, PartialEq)]
enum Action {
    /// `>`: the person says something.
    Say { said: Said, expected: Vec<Expected> },
    /// `@redeliver`: the last message comes once more.
    Redeliver { expected: Vec<Expected> },
    /// `@wait`: time passes.
    Wait(Duration),
    /// `@sms`, `@whatsapp`: the channel from here on.
    Switch(Channel),
    /// `= OUTCOME`, `= @STEP`: the conversation has ended so, or waits there.
    IsIn(State),
    /// `? name = value`: a variable holds this.
    Holds { variable: String, value: String },
}

/// What a person sends.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said {
    text: String,
    media: Vec<Media>,
    location: Option<Location>,
    button: Option<String>,
}

/// One line of an expected reply, as the file writes it.
#[derive(Clone, Debug, PartialEq)]
struct Expected {
    number: usize,
    written: String,
}

/// Parts the messages of a reply.
const NEXT_MESSAGE: &str = "<---";

impl ChatFile {
    /// Reads a chat file. All its faults are told at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, Vec<LineError>> {
        let lines = parse::lines(text)?;
        Ok(Self { name: name.to_owned(), lines })
    }
}

#[cfg(test)]
mod tests;
