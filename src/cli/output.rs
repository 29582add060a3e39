//! What commands print on standard output.
//!
//! [`shown`] escapes texts of people, flows and files, and colours are added
//! here. [`Output::rendered`] is the only exception.

use std::env;
use std::io::{self, IsTerminal, Write};

use crate::conversation::{shown, shown_lines};

/// The colours that are used, by their ANSI number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
}

/// Standard output, with colours if it is a terminal that supports them.
#[derive(Debug)]
pub(super) struct Output {
    out: io::Stdout,
    colour: bool,
    is_silent: bool,
}

impl Output {
    pub(super) fn new() -> Self {
        let out = io::stdout();
        let colour = out.is_terminal() && colour_is_wanted();
        Self { out, colour, is_silent: false }
    }

    /// Returns an output that prints nothing, for results that are meant for a program.
    pub(super) fn silent() -> Self {
        Self { out: io::stdout(), colour: false, is_silent: true }
    }

    pub(super) fn is_coloured(&self) -> bool {
        self.colour
    }

    /// Prints a line.
    pub(super) fn line(&self, text: &str) {
        self.raw(&format!("{}\n", shown(text)));
    }

    /// Prints a line with this part in a colour, and that part after it.
    pub(super) fn coloured(&self, before: &str, colour: Colour, text: &str, behind: &str) {
        let (before, text, behind) = (shown(before), shown(text), shown(behind));
        let text = if self.colour {
            format!("\x1b[1;{}m{text}\x1b[0m", colour as u8)
        } else {
            text.into_owned()
        };
        self.raw(&format!("{before}{text}{behind}\n"));
    }

    /// Prints lines, without a line end after the last.
    pub(super) fn part(&self, text: &str) {
        self.raw(&shown_lines(text));
    }

    /// Prints lines that findings and mismatches have rendered themselves, in
    /// their own colours.
    pub(super) fn rendered(&self, text: &str) {
        self.raw(&format!("{text}\n"));
    }

    /// A reader that disconnected, as `head` does, is not a fault.
    fn raw(&self, text: &str) {
        if self.is_silent {
            return;
        }
        let mut out = self.out.lock();
        drop(write!(out, "{text}").and_then(|()| out.flush()));
    }
}

/// Prints text on standard error that is not part of the output.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr(), "note: {}", shown(text)));
}

/// `NO_COLOR` (no-color.org): set and not empty means no colours.
#[expect(clippy::disallowed_methods, reason = "a convention of terminals, and no setting")]
pub(super) fn colour_is_wanted() -> bool {
    env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
