//! The file `.env` of the current folder, read once at start.
//!
//! What the environment already says wins over the file.

use std::io;
use std::path::Path;

use thiserror::Error;

const FILE: &str = ".env";

/// Why `.env` could not be read. Its lines hold secrets, so they are not quoted.
#[derive(Debug, Error)]
pub enum DotenvError {
    /// A line that is no assignment.
    #[error("`.env`, line {line}, is not `NAME=value`")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// The file is there but cannot be read.
    #[error("`.env` cannot be read")]
    Unreadable(#[source] io::Error),
}

impl DotenvError {
    /// What to do.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => {
                "write `NAME=value`; put a value with spaces, quotes, `#` or `$` in single quotes"
            }
            Self::Unreadable(_) => "make it a readable text file, or move it away",
        }
    }
}

/// Puts what `.env` says into the environment; whether there was such a file.
///
/// To be called before any thread is started, since the environment is shared.
pub fn load() -> Result<bool, DotenvError> {
    match dotenvy::from_path(Path::new(FILE)) {
        Ok(()) => Ok(true),
        Err(error) if error.not_found() => Ok(false),
        Err(dotenvy::Error::LineParse(text, _)) => {
            let file = std::fs::read_to_string(FILE).map_err(DotenvError::Unreadable)?;
            Err(DotenvError::Malformed { line: line_of(&text, &file) })
        }
        Err(dotenvy::Error::Io(error)) => Err(DotenvError::Unreadable(error)),
        Err(error) => Err(DotenvError::Unreadable(io::Error::other(error))),
    }
}

/// The number of the line that the parser gave up at: it tells the text only.
fn line_of(text: &str, file: &str) -> usize {
    let first = text.lines().next().unwrap_or_default().trim();
    let found = file.lines().position(|line| line.trim().starts_with(first));
    found.map_or(1, |before| before + 1)
}
