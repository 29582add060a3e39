//! What commands print on standard output.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// The colours that are used, by their ANSI number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

/// Standard output, with colours where it is a terminal that wants them.
#[derive(Debug)]
pub(super) struct Output {
    out: io::Stdout,
    colour: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        let out = io::stdout();
        let colour = out.is_terminal() && colour_is_wanted();
        Self { out, colour }
    }

    pub(super) fn is_coloured(&self) -> bool {
        self.colour
    }

    /// A text in a colour.
    pub(super) fn paint(&self, colour: Colour, text: &str) -> String {
        if self.colour { format!("\x1b[1;{}m{text}\x1b[0m", colour as u8) } else { text.to_owned() }
    }

    /// Prints a line. A reader that went away, as `head` does, is no fault.
    pub(super) fn line(&self, text: &str) {
        drop(writeln!(self.out.lock(), "{text}"));
    }

    /// Prints without a line end.
    pub(super) fn part(&self, text: &str) {
        let mut out = self.out.lock();
        drop(write!(out, "{text}").and_then(|()| out.flush()));
    }
}

/// Tells on standard error what is no part of the output.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr(), "note: {text}"));
}

/// `NO_COLOR` (no-color.org): set and not empty means no colours.
pub(super) fn colour_is_wanted() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A value with `\n` where it has a line break, as chat files write it.
pub(super) fn in_one_line(value: impl Display) -> String {
    value.to_string().replace('\n', "\\n")
}
