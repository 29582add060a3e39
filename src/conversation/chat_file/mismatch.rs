//! The line at which a conversation differs from its chat file, and its
//! display.

use std::fmt::{self, Write};

use super::difference::{Difference, Row};
use super::position::Position;
use crate::conversation::shown::{shown, shown_lines};
use crate::conversation::source::Source;

/// The number of earlier messages that are shown.
const TURNS_BEFORE: usize = 2;

/// The most earlier lines that are shown.
const MAX_LINES_BEFORE: usize = 14;

/// A line of a chat file that the conversation did not follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The chat file.
    pub file: String,
    /// The chat file's line, counted from 1.
    pub line: usize,
    /// The first character of the line that differs, counted from 1.
    pub column: usize,
    /// The difference in a sentence.
    pub message: String,
    /// Further remarks.
    pub notes: Vec<String>,
    /// The lines of the chat file that led to it.
    before: Vec<(usize, String)>,
    /// Whether further lines came before these.
    is_cut: bool,
    rows: Vec<Row>,
}

impl Mismatch {
    pub(super) fn new(
        chat: &Source,
        position: Position,
        message: &str,
        difference: Difference,
    ) -> Self {
        let first = difference.rows.iter().find_map(|row| match row {
            Row::Same(line, _) | Row::Chat(line, _) => Some(*line),
            Row::Came(_) | Row::Mark(_) => None,
        });
        // Without a line of its own, the difference belongs below the message.
        let until = first.map_or(position.line, |first| first - 1);
        let (before, is_cut) = lines_before(&chat.text, until);
        Self {
            file: chat.name.clone(),
            line: position.line,
            column: position.column,
            message: message.to_owned(),
            notes: difference.notes,
            before,
            is_cut,
            rows: difference.rows,
        }
    }

    /// Returns the compared lines of the chat file.
    #[must_use]
    pub fn expected(&self) -> String {
        self.side(|row| match row {
            Row::Same(_, text) | Row::Chat(_, text) => Some(text),
            Row::Came(_) | Row::Mark(_) => None,
        })
    }

    /// Returns the actual lines.
    #[must_use]
    pub fn got(&self) -> String {
        self.side(|row| match row {
            Row::Same(_, text) | Row::Came(text) => Some(text),
            Row::Chat(..) | Row::Mark(_) => None,
        })
    }

    fn side(&self, text: fn(&Row) -> Option<&String>) -> String {
        self.rows.iter().filter_map(text).cloned().collect::<Vec<_>>().join("\n")
    }

    /// Renders it for a person: the lines that led to it, and both sides below
    /// each other.
    #[must_use]
    pub fn render(&self, coloured: bool) -> String {
        let mut page = Page::new(self, coloured);
        page.heading(self);
        page.row("", '|', "", None);
        if self.is_cut {
            page.line("...");
        }
        for (line, text) in &self.before {
            page.row(&line.to_string(), '|', text, None);
        }
        for row in &self.rows {
            match row {
                Row::Same(line, text) => page.row(&line.to_string(), '|', text, None),
                Row::Chat(line, text) => page.row(&line.to_string(), '-', text, Some(RED)),
                Row::Came(text) => page.row("", '+', text, Some(GREEN)),
                Row::Mark(marks) => page.row("", '|', marks, Some(GREEN)),
            }
        }
        page.row("", '|', "", None);
        if self.rows.iter().any(|row| matches!(row, Row::Came(_))) {
            page.note("`-` is in the chat file, `+` came");
        }
        for note in &self.notes {
            page.note(note);
        }
        page.text
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// Returns the last turns up to and including a line, and whether earlier ones
/// were left out.
fn lines_before(text: &str, until: usize) -> (Vec<(usize, String)>, bool) {
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).take(until).collect();
    let said = lines.iter().rev().filter(|(_, line)| line.starts_with('>'));
    let mut from = said.take(TURNS_BEFORE + 1).last().map_or(1, |(number, _)| *number);
    // Attachments of a message stand above it.
    while from > 1 && lines.get(from - 2).is_some_and(|(_, line)| line.starts_with('@')) {
        from -= 1;
    }
    let shortest = until.saturating_sub(MAX_LINES_BEFORE - 1).max(1);
    let shown = lines.iter().skip(from.max(shortest) - 1);
    let shown = shown.map(|(number, line)| (*number, line.trim_end().to_owned()));
    (shown.collect(), from.max(shortest) > 1)
}

/// The colours of findings.
const RED: &str = "\x1b[1m\x1b[91m";
const GREEN: &str = "\x1b[1m\x1b[92m";
const BLUE: &str = "\x1b[1m\x1b[94m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// Lines with their numbers, laid out as findings are.
struct Page {
    text: String,
    width: usize,
    coloured: bool,
}

// Writing to a string cannot fail.
impl Page {
    fn new(mismatch: &Mismatch, coloured: bool) -> Self {
        let last = mismatch.rows.iter().filter_map(|row| match row {
            Row::Same(line, _) | Row::Chat(line, _) => Some(*line),
            Row::Came(_) | Row::Mark(_) => None,
        });
        let last = last.chain([mismatch.line]).max().unwrap_or_default();
        Self { text: String::new(), width: last.to_string().len(), coloured }
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.coloured { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
    }

    fn heading(&mut self, mismatch: &Mismatch) {
        let (error, message) = (
            self.paint(RED, "error"),
            self.paint(BOLD, &format!(": {}", shown_lines(&mismatch.message))),
        );
        let arrow = self.paint(BLUE, &format!("{}-->", " ".repeat(self.width)));
        let Mismatch { file, line, column, .. } = mismatch;
        let file = shown(file);
        let _ = writeln!(self.text, "{error}{message}\n{arrow} {file}:{line}:{column}");
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.text, "{}", self.paint(BLUE, text));
    }

    fn row(&mut self, number: &str, sign: char, text: &str, colour: Option<&str>) {
        let text = shown(text);
        let margin = format!("{number:>width$} ", width = self.width);
        let margin = match sign {
            '|' => self.paint(BLUE, &format!("{margin}|")),
            sign => {
                self.paint(BLUE, &margin) + &self.paint(colour.unwrap_or(BOLD), &sign.to_string())
            }
        };
        let text = match colour {
            Some(colour) if !text.is_empty() => self.paint(colour, &text),
            _ => text.into_owned(),
        };
        let gap = if text.is_empty() { "" } else { " " };
        let _ = writeln!(self.text, "{margin}{gap}{text}");
    }

    fn note(&mut self, note: &str) {
        let margin = self.paint(BLUE, &format!("{}=", " ".repeat(self.width + 1)));
        let _ = writeln!(
            self.text,
            "{margin} {}: {note}",
            self.paint(BOLD, "note"),
            note = shown_lines(note)
        );
    }
}
