//! Conditions and the inside of `{{ … }}`: parsed at load, evaluated without failing.

use std::ops::Range;

use super::Value;

/// What names mean while a text is rendered.
pub trait Scope {
    /// The value of a name; `None` where no path has captured it.
    fn get(&self, name: &str) -> Option<Value>;
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {}

/// A name that an expression reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The variable.
    pub name: String,
    /// Where it stands, in bytes of the parsed text.
    pub at: Range<usize>,
    /// Whether `default` stands by, so that it need not be known.
    pub has_default: bool,
}

/// Why a text is no expression or template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in bytes of the parsed text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: Option<String>,
}

impl Expression {
    /// Parses the text of an `is`.
    pub fn parse(_text: &str) -> Result<Self, SyntaxError> {
        Ok(Self {})
    }

    /// Every name that is read.
    pub fn names(&self) -> Vec<NameUse> {
        Vec::new()
    }

    /// Whether it holds.
    pub fn is_true(&self, _scope: &dyn Scope) -> bool {
        false
    }
}
