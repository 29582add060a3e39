//! Reads what the person types: a line that can be edited, with a history of
//! earlier lines.
//!
//! This works only on a terminal. A pipe is read as it is.

use std::io::{self, BufRead, IsTerminal, Lines, StdinLock};

use anyhow::Context;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::screen::Screen;

const UNREADABLE: &str = "the typed line cannot be read";

/// The source of lines.
pub(super) enum Input {
    /// A person types. The lines are kept until the end of the talk.
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

    /// Returns the next line, or `None` at the end.
    pub(super) fn next(&mut self, screen: &Screen) -> anyhow::Result<Option<String>> {
        match self {
            Self::Terminal(editor) => match editor.readline("> ") {
                Ok(line) => {
                    // A line that cannot be kept still counts.
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
