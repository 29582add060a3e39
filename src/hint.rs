//! Advice about an error, which travels with it as a hint.
//!
//! Any error of the commands may carry a hint.
//! [`cli::report`](crate::cli::report) prints it.

use std::error::Error;
use std::fmt;

/// An error together with a sentence that says what to do about it.
///
/// It displays as the error inside it, so a hint neither hides nor repeats
/// anything.
#[derive(Debug)]
pub struct Hinted {
    error: anyhow::Error,
    hint: String,
}

impl Hinted {
    /// Returns the advice.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for Hinted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Adds a hint to a result that failed.
pub trait WithHint<T> {
    /// Returns the same result; an error shows `hint` when it is printed.
    fn with_hint(self, hint: impl Into<String>) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> WithHint<T> for Result<T, E> {
    fn with_hint(self, hint: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| Hinted { error: error.into(), hint: hint.into() }.into())
    }
}
