//! What all settings have in common: how they are read and how they fail.
//!
//! A setting that is there but empty is an error, for every setting: an empty
//! `DATABASE_URL` is a secret that did not arrive, and going on with the
//! default would keep the conversations in a file that nobody looks for.

use thiserror::Error;

/// A setting that cannot be used, and what to write instead.
///
/// The texts never quote a value that could hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{setting}` {problem}")]
pub struct SettingError {
    setting: &'static str,
    problem: String,
    hint: String,
}

impl SettingError {
    pub(super) fn new(
        setting: &'static str,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self { setting, problem: problem.into(), hint: hint.into() }
    }

    /// What to write instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

/// The value of a setting without the spaces and line ends around it.
pub(super) fn given<'a>(setting: &'static str, value: &'a str) -> Result<&'a str, SettingError> {
    let value = value.trim();
    if value.is_empty() {
        return Err(empty(setting));
    }
    Ok(value)
}

pub(super) fn empty(setting: &'static str) -> SettingError {
    SettingError::new(
        setting,
        "is set but empty",
        format!("give `{setting}` a value, or remove it from the environment and from `.env`"),
    )
}
