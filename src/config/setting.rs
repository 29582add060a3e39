//! The common part of all settings: how they are read and how they fail.
//!
//! A setting that is present but empty is an error. An empty `DATABASE_URL`,
//! for example, is a secret that did not arrive; the default would then keep
//! the conversations in a file where nobody looks for them.

use std::convert::Infallible;

use secrecy::SecretString;
use thiserror::Error;

use crate::store::url;

/// A setting that cannot be used, and what to write instead.
///
/// The texts never quote a value that could contain a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{setting}` {problem}")]
pub struct SettingError {
    setting: String,
    problem: String,
    hint: String,
}

impl SettingError {
    pub(super) fn new(
        setting: impl Into<String>,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { setting: setting.into(), problem: problem.into(), hint: hint.into() }
    }

    /// Says what to write instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

/// Returns the value of a setting without surrounding spaces and line ends. The
/// address of a database is refused here, since it belongs elsewhere.
pub(super) fn given<'a>(setting: &'static str, value: &'a str) -> Result<&'a str, SettingError> {
    let value = filled(setting, value)?;
    if url::is_address(value) {
        return Err(misplaced(setting));
    }
    Ok(value)
}

/// Returns the same where any value may be given.
pub(super) fn filled<'a>(setting: &'static str, value: &'a str) -> Result<&'a str, SettingError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(empty(setting));
    }
    Ok(value)
}

/// Returns the error for the address of a database in the wrong place.
pub(super) fn misplaced(setting: &'static str) -> SettingError {
    SettingError::new(
        setting,
        "is the address of a database",
        "write that as `DATABASE_URL` or after `--database-url`; `ringback check` looks into a \
         database with `ringback check FLOWS --against URL`",
    )
}

pub(super) fn empty(setting: &str) -> SettingError {
    let elsewhere = if setting.starts_with('-') {
        "leave it out"
    } else {
        "remove it from the environment and from `.env`"
    };
    SettingError::new(
        setting,
        "is set but empty",
        format!("give `{setting}` a value, or {elsewhere}"),
    )
}

/// Accepts any text: clap quotes the text that a parser refuses, and a secret must not be quoted.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a clap value parser")]
pub(super) fn secret(text: &str) -> Result<SecretString, Infallible> {
    Ok(SecretString::from(text))
}
