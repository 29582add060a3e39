//! The file `.env` of the current folder, read once at start.
//!
//! What the environment already says wins over the file. All of the file is
//! checked before any of it counts.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use thiserror::Error;

const FILE: &str = ".env";

/// More than any settings are.
const MAX_BYTES: u64 = 1024 * 1024;

/// Why `.env` could not be read. Its lines hold secrets, so they are not quoted.
#[derive(Debug, Error)]
pub enum DotenvError {
    /// A line that is no assignment.
    #[error("`.env`, line {line}, is not `NAME=value`")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// Bytes that are no text.
    #[error("`.env`, line {line}, is not UTF-8")]
    Encoding {
        /// Counted from 1.
        line: usize,
    },
    /// A character that no setting can hold.
    #[error("`.env`, line {line}, holds a NUL character")]
    Nul {
        /// Counted from 1.
        line: usize,
    },
    /// A line that ends as lines of old Macs did, or that is two by mistake.
    #[error("`.env`, line {line}, holds a carriage return that ends no line")]
    CarriageReturn {
        /// Counted from 1.
        line: usize,
    },
    /// A folder, a pipe or a device.
    #[error("`.env` is not a file but {0}")]
    NoFile(&'static str),
    /// Longer than it may be.
    #[error("`.env` is larger than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
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
            Self::Encoding { .. } | Self::Nul { .. } => "save it as text in UTF-8",
            Self::CarriageReturn { .. } => {
                "save it with the line ends of Unix or Windows, one setting on each line"
            }
            Self::NoFile(_) => "write the settings into a file, or give them as variables",
            Self::TooLarge => "leave in it what `ringback --help` names",
            Self::Unreadable(_) => "make it a readable text file, or move it away",
        }
    }
}

/// Puts what `.env` says into the environment; whether there was such a file.
///
/// To be called before any thread is started, since the environment is shared.
pub fn load() -> Result<bool, DotenvError> {
    let Some(text) = read(Path::new(FILE))? else { return Ok(false) };
    let text = checked(&text)?;
    for variable in dotenvy::from_read_iter(text.as_bytes()) {
        variable.map_err(|error| explain(error, &text))?;
    }
    dotenvy::from_read(text.as_bytes()).map_err(|error| explain(error, &text))?;
    Ok(true)
}

/// What a file holds. What is no file is not opened: a pipe would wait for its
/// writer, and a device might never end.
fn read(path: &Path) -> Result<Option<Vec<u8>>, DotenvError> {
    let kind = match fs::metadata(path) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DotenvError::Unreadable(error)),
    };
    if kind.is_dir() {
        return Err(DotenvError::NoFile("a folder"));
    }
    if !kind.is_file() {
        return Err(DotenvError::NoFile("a pipe or a device"));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(DotenvError::Unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(DotenvError::Unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MAX_BYTES) {
        Ok(Some(bytes))
    } else {
        Err(DotenvError::TooLarge)
    }
}

/// The text, if the parser and the environment can take each of its lines.
fn checked(bytes: &[u8]) -> Result<String, DotenvError> {
    let mut text = String::new();
    // Windows editors begin a file so.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    for (line, bytes) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let Ok(content) = str::from_utf8(bytes) else { return Err(DotenvError::Encoding { line }) };
        let content = content.strip_suffix('\r').unwrap_or(content);
        if content.contains('\0') {
            return Err(DotenvError::Nul { line });
        }
        if content.contains('\r') {
            return Err(DotenvError::CarriageReturn { line });
        }
        // The parser wants an end behind the last line, too.
        text.push_str(content);
        text.push('\n');
    }
    Ok(text)
}

fn explain(error: dotenvy::Error, text: &str) -> DotenvError {
    match error {
        dotenvy::Error::LineParse(at, _) => DotenvError::Malformed { line: line_of(&at, text) },
        dotenvy::Error::Io(error) => DotenvError::Unreadable(error),
        error => DotenvError::Unreadable(io::Error::other(error)),
    }
}

/// The number of the line that the parser gave up at: it tells the text only,
/// without a comment behind it.
fn line_of(at: &str, text: &str) -> usize {
    let first = at.lines().next().unwrap_or_default().trim();
    let is_it = |line: &str| {
        let rest = line.trim().strip_prefix(first);
        rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('#'))
    };
    text.lines().position(is_it).map_or(1, |before| before + 1)
}
