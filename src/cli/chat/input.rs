//! What the person types: a line that can be edited, and the lines before it.
//!
//! Only on a terminal; what comes by a pipe is read as it is.

use std::io::{self, BufRead, IsTerminal, Lines, StdinLock};

use anyhow::Context;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::screen::Screen;

const UNREADABLE: &str = "what was typed cannot be read";

/// Where lines come from.
pub(super) enum Input {
    /// Somebody types. The lines are kept until the end of the talk.
    Terminal(Box<DefaultEditor>),
    /// A pipe, a file, or a terminal whose output goes elsewhere.
    Plain(Lines<StdinLock<'static>>),
}

impl Input {
    pub(super) fn new() -> Self {
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        match DefaultEditor::new() {
            Ok(editor) if is_terminal => Self::Terminal(Box::new(editor)),
            _ => Self::Plain(io::stdin().lock().lines()),
        }
    }

    /// The next line; none at the end.
    pub(super) fn next(&mut self, screen: &Screen) -> anyhow::Result<Option<String>> {
        match self {
            Self::Terminal(editor) => match editor.readline("> ") {
                Ok(line) => {
                    // A line that cannot be kept is a line all the same.
                    let _ = editor.add_history_entry(&line);
                    Ok(Some(line))
                }
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
                Err(error) => Err(error).context(UNREADABLE),
            },
            Self::Plain(lines) => {
                screen.prompt();
                let line = lines.next().transpose().context(UNREADABLE)?;
                if line.is_none() {
                    screen.end();
                }
                Ok(line)
            }
        }
    }
}
