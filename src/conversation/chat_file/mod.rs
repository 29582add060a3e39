//! Chat files: conversations as they should go, written down line by line.
//!
//! [`ChatFile::parse`] reads one. [`run()`] plays it against the flows on a
//! [`Phone`], without a server and on a virtual clock, and reports the first
//! line at which the conversation differs. The caller finds and reads all
//! files, including those that a `@deploy` names.

mod callbacks;
mod callee;
mod deploy;
mod difference;
mod directive;
mod line;
mod lookalike;
mod mismatch;
mod near;
mod parse;
mod phone;
mod player;
mod position;
mod requests;
mod written;

use std::collections::HashMap;

pub use callbacks::{Answered, CalledBack};
pub use callee::{Canned, Given};
pub use deploy::{Deployments, replaced};
pub use directive::{Attachment, Directive, Fault};
pub use mismatch::Mismatch;
pub use phone::{Heard, Passed, Phone, Said};
pub use player::{Report, run};
pub use requests::written_requests;
pub use written::{written_message, written_reply, written_state};

use self::line::{Action, Line};
use super::finding::{Code, Finding, Findings, Span};
use super::source::Source;

/// A chat file without faults.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatFile {
    source: Source,
    lines: Vec<Line>,
}

impl ChatFile {
    /// Reads a chat file. All its faults are reported at once.
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

    /// Returns the file's name, as messages show it: `favorite-song.chat`.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Returns the files that its `@deploy` lines name, each with its line.
    pub fn deployed_files(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines.iter().filter_map(|line| match &line.action {
            Action::Deploy(file) => Some((line.number, file.as_str())),
            _ => None,
        })
    }

    /// Returns a fault of one of its lines that only the caller can find, such
    /// as a missing file.
    #[must_use]
    pub fn refused(&self, line: usize, fault: Fault) -> Findings {
        let list = vec![finding(&self.source, line, fault)];
        Findings::new(list, HashMap::new(), std::slice::from_ref(&self.source))
    }
}

/// Returns a fault of a line as a finding.
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
