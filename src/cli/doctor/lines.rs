//! The lines of `doctor`: what was tried, how it went, and what to do.

use crate::cli::output::{Colour, Output};
use crate::cli::{report, secrets};

/// Prints the lines, and counts them.
#[derive(Debug)]
pub(super) struct Lines {
    out: Output,
    warnings: usize,
    wrong: usize,
}

impl Lines {
    pub(super) fn new(out: Output) -> Self {
        Self { out, warnings: 0, wrong: 0 }
    }

    /// Prints that something is as it should be.
    pub(super) fn ok(&self, subject: &str, text: &str) {
        self.line("ok", Colour::Green, subject, text, None);
    }

    /// Prints what may be intended or may not.
    pub(super) fn warning(&mut self, subject: &str, text: &str, cure: &str) {
        self.warnings += 1;
        self.line("warning", Colour::Yellow, subject, text, Some(cure));
    }

    /// Prints what keeps the service from its work.
    pub(super) fn wrong(&mut self, subject: &str, text: &str, cure: &str) {
        self.wrong += 1;
        self.line("wrong", Colour::Red, subject, text, Some(cure));
    }

    /// Prints an error, with its own advice.
    pub(super) fn error(&mut self, subject: &str, error: &anyhow::Error) {
        self.wrong += 1;
        let text = format!("{error:#}");
        self.line("wrong", Colour::Red, subject, &text, report::hint(error));
    }

    /// Prints the result; returns `false` if something is wrong.
    pub(super) fn conclude(&self) -> bool {
        let count = |number, what: &str| match number {
            1 => format!("1 {what}"),
            _ => format!("{number} {what}s"),
        };
        let warnings = count(self.warnings, "warning");
        self.out.line("");
        self.out.line(&match (self.wrong, self.warnings) {
            (0, 0) => "all well".to_owned(),
            (0, _) => format!("nothing is wrong, {warnings}"),
            (wrong, 0) => format!("{} wrong", count(wrong, "thing")),
            (wrong, _) => format!("{} wrong, {warnings}", count(wrong, "thing")),
        });
        self.wrong == 0
    }

    /// Prints one line, whatever the text has: errors may have several, and
    /// quote what somebody put in the wrong place.
    fn line(&self, verdict: &str, colour: Colour, subject: &str, text: &str, cure: Option<&str>) {
        let cure = cure.map(|cure| format!(" -> {cure}")).unwrap_or_default();
        let text = format!("{subject}: {text}{cure}");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let space = " ".repeat(9_usize.saturating_sub(verdict.len()));
        self.out.coloured("", colour, verdict, &format!("{space}{}", secrets::hidden(&text)));
    }
}
