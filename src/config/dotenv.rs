//! The file `.env` of the current folder, read once at the start.
//!
//! The environment takes precedence over the file. The whole file is checked
//! before any of it takes effect.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use thiserror::Error;

const FILE: &str = ".env";

/// More than any settings need.
const MAX_BYTES: u64 = 1024 * 1024;

/// Why `.env` could not be read. Its lines contain secrets, so they are not quoted.
#[derive(Debug, Error)]
pub enum DotenvError {
    /// A line that is not an assignment.
    #[error("`.env`, line {line}, is not `NAME=value`")]
    Malformed {
        /// Counted from 1.
        line: usize,
    },
    /// Bytes that are not text.
    #[error("`.env`, line {line}, is not UTF-8")]
    Encoding {
        /// Counted from 1.
        line: usize,
    },
    /// A character that no setting can contain.
    #[error("`.env`, line {line}, holds a NUL character")]
    Nul {
        /// Counted from 1.
        line: usize,
    },
    /// A line that ends like the lines of old Macs, or two lines joined by mistake.
    #[error("`.env`, line {line}, holds a carriage return that ends no line")]
    CarriageReturn {
        /// Counted from 1.
        line: usize,
    },
    /// A folder, a pipe or a device.
    #[error("`.env` is not a file but {0}")]
    NoFile(&'static str),
    /// The file is larger than allowed.
    #[error("`.env` is larger than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// The file exists but cannot be read.
    #[error("`.env` cannot be read")]
    Unreadable(#[source] io::Error),
}

impl DotenvError {
    /// Says what to do.
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
            Self::NoFile(_) => "write the settings into a file, or set them as variables",
            Self::TooLarge => "keep only the settings that `ringback --help` names",
            Self::Unreadable(_) => "make it a readable text file, or move it away",
        }
    }
}

/// Puts the settings in `.env` into the environment; returns whether there is such a file.
///
/// Call this before any thread is started, since all threads share the environment.
pub fn load() -> Result<bool, DotenvError> {
    let Some(text) = read(Path::new(FILE))? else { return Ok(false) };
    let text = checked(&text)?;
    for variable in dotenvy::from_read_iter(text.as_bytes()) {
        variable.map_err(|error| explain(error, &text))?;
    }
    dotenvy::from_read(text.as_bytes()).map_err(|error| explain(error, &text))?;
    Ok(true)
}

/// Returns the names of the secrets in `.env` if other users of this machine may
/// read the file.
#[must_use]
pub fn exposed_secrets() -> Vec<String> {
    let path = Path::new(FILE);
    if !others_may_read(path) {
        return Vec::new();
    }
    let Ok(Some(text)) = read(path) else { return Vec::new() };
    let Ok(text) = checked(&text) else { return Vec::new() };
    let variables = dotenvy::from_read_iter(text.as_bytes()).filter_map(Result::ok);
    variables.filter(|(name, value)| is_secret(name, value)).map(|(name, _)| name).collect()
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

/// Returns whether a setting is a secret by its name, or an address with a password.
fn is_secret(name: &str, value: &str) -> bool {
    let is_address = value.split_once("//").is_some_and(|(_, rest)| rest.contains('@'));
    name.contains("TOKEN") || name.contains("SECRET") || is_address
}

/// Reads a file. A path that is not a file is not opened: a pipe would wait for
/// its writer, and a device might never end.
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

/// Returns the text, if the parser and the environment accept each of its lines.
fn checked(bytes: &[u8]) -> Result<String, DotenvError> {
    let mut text = String::new();
    // Windows editors write this mark at the beginning of a file.
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
        // The parser needs a line end after the last line, too.
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

/// Returns the number of the line at which the parser gave up. The parser gives
/// only the text, without a comment after it.
fn line_of(at: &str, text: &str) -> usize {
    let first = at.lines().next().unwrap_or_default().trim();
    let is_it = |line: &str| {
        let rest = line.trim().strip_prefix(first);
        rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('#'))
    };
    text.lines().position(is_it).map_or(1, |before| before + 1)
}
