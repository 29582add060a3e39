//! The output for the person at the terminal.

use std::io::{self, IsTerminal};

use crate::cli::output::{Colour, Output};
use crate::cli::report;

/// Standard output, as a phone or as a chat file.
pub(super) struct Screen {
    out: Output,
    interactive: bool,
}

impl Screen {
    pub(super) fn new() -> Self {
        Self { out: Output::new(), interactive: io::stdin().is_terminal() }
    }

    /// Returns whether a person types.
    pub(super) fn is_interactive(&self) -> bool {
        self.interactive
    }

    pub(super) fn prompt(&self) {
        if self.interactive {
            self.out.part("> ");
        }
    }

    /// Leaves the line of the prompt.
    pub(super) fn end(&self) {
        if self.interactive {
            self.out.line("");
        }
    }

    /// Prints a text that does not belong to the conversation.
    pub(super) fn tell(&self, text: &str) {
        for line in text.lines() {
            self.out.line(format!("{}{line}", self.aside()).trim_end());
        }
    }

    /// Returns the prefix of lines that do not belong to the conversation.
    fn aside(&self) -> &'static str {
        if self.interactive { "" } else { "# " }
    }

    pub(super) fn complain(&self, error: &anyhow::Error) {
        let complaint = report::render(error, false);
        for line in complaint.trim_end().lines() {
            self.out.coloured(self.aside(), Colour::Red, line, "");
        }
    }

    /// Prints what happened, indented below the messages.
    pub(super) fn trace(&self, lines: &[String]) {
        for line in lines {
            self.out.coloured(&format!("{}  ", self.aside()), Colour::Yellow, line, "");
        }
    }

    /// Prints lines of a chat file, with their signs in colour.
    pub(super) fn lines(&self, lines: &[String]) {
        for line in lines {
            let (sign, text) = line.split_once(' ').unwrap_or((line, ""));
            let gap = if text.is_empty() { "" } else { " " };
            self.out.coloured("", Colour::Cyan, sign, &format!("{gap}{text}"));
        }
    }
}
