//! Chat files: conversations as they should go, written down line by line.
//!
//! [`ChatFile::parse`] reads one, [`run()`] plays it against the flows on a
//! [`Phone`], without a server and on a virtual clock, and tells the first line
//! at which the conversation went another way. Which files there are, and what
//! lies in those that a `@deploy` names, is the caller's to know: nothing is
//! read here.

mod deploy;
mod difference;
mod directive;
mod lookalike;
mod mismatch;
mod near;
mod parse;
mod phone;
mod run;
mod written;

use std::collections::HashMap;
use std::time::Duration;

pub use deploy::{Deployments, replaced};
pub use directive::{Attachment, Directive, Fault};
pub use mismatch::Mismatch;
pub use phone::{Heard, Phone, Said};
pub use run::{Report, run};
pub use written::{written_message, written_reply, written_state};

use super::finding::{Code, Finding, Findings, Span};
use super::session::State;
use super::source::Source;
use crate::message::Channel;

/// A chat file that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatFile {
    source: Source,
    lines: Vec<Line>,
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
    /// `@deploy`: the flows from here on.
    Deploy(String),
    /// `= OUTCOME`, `= @STEP`: the conversation has ended so, or waits there.
    IsIn(State),
    /// `? name = value`: a variable holds this.
    Holds { variable: String, value: String },
}

/// One line of an expected reply, as the file writes it.
#[derive(Clone, Debug, PartialEq)]
struct Expected {
    number: usize,
    written: String,
}

impl ChatFile {
    /// Reads a chat file. All its faults are told at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, Findings> {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        match parse::lines(text) {
            Ok(lines) => Ok(Self { source, lines }),
            Err(faults) => {
                let list = faults.into_iter().map(|(line, fault)| finding(&source, line, fault));
                Err(Findings::new(list.collect(), HashMap::new(), std::slice::from_ref(&source)))
            }
        }
    }

    /// The file's name, as messages show it: `favorite-song.chat`.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The files that its `@deploy` lines name, each with its line.
    pub fn deployed_files(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().filter_map(|line| match &line.action {
            Action::Deploy(file) => Some((line.number, file.as_str())),
            _ => None,
        })
    }

    /// Says of one of its lines what is wrong with it: for what only the
    /// caller can know, as whether a file is there.
    #[must_use]
    pub fn refused(&self, line: usize, fault: Fault) -> Findings {
        let list = vec![finding(&self.source, line, fault)];
        Findings::new(list, HashMap::new(), std::slice::from_ref(&self.source))
    }
}

/// A fault of a line, as it is shown.
fn finding(source: &Source, line: usize, Fault { message, help }: Fault) -> Finding {
    let starts = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1));
    let start = starts.take(line.max(1)).last().unwrap_or_default();
    let written = source.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let indentation = written.len() - written.trim_start().len();
    let start = start + indentation;
    Finding {
        code: Code::ChatFile,
        file: source.name.clone(),
        span: Span::new(start, start + written.trim().len()),
        line,
        column: written.chars().take_while(|c| c.is_whitespace()).count() + 1,
        message,
        help: Some(help),
        labels: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
