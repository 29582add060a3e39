//! The secrets that requests have places for.

use std::collections::BTreeMap;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

/// Secrets by their names in flows. They are never shown.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Arc<BTreeMap<String, SecretString>>);

impl Secrets {
    /// Returns whether there is a secret of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the secret of this name, to be sent.
    #[must_use]
    pub fn exposed(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|secret| secret.expose_secret().to_owned())
    }
}

impl FromIterator<(String, SecretString)> for Secrets {
    fn from_iter<I: IntoIterator<Item = (String, SecretString)>>(secrets: I) -> Self {
        Self(Arc::new(secrets.into_iter().collect()))
    }
}
