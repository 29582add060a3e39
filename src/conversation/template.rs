//! Texts with `{{ … }}` in them.

use super::Value;
use super::expression::{NameUse, Scope, SyntaxError};

/// A parsed text.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {}

impl Template {
    /// Parses a text.
    pub fn parse(_text: &str) -> Result<Self, SyntaxError> {
        Ok(Self {})
    }

    /// Every name that is read.
    pub fn names(&self) -> Vec<NameUse> {
        Vec::new()
    }

    /// The text.
    pub fn render(&self, _scope: &dyn Scope) -> String {
        String::new()
    }

    /// The value: where the whole text is one `{{ … }}`, that of its
    /// expression, with its type; else the rendered text.
    pub fn value(&self, scope: &dyn Scope) -> Value {
        Value::Text(self.render(scope))
    }
}
