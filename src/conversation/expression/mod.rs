//! Conditions and the inside of `{{ … }}`: parsed at load, evaluated without failing.
//!
//! The language is small: names, literals, comparisons, `and`, `or`, `not`,
//! `in` and filters, but no arithmetic, attributes or calls. Every value is a
//! [`Value`]. A comparison gives the text `yes` or `no`, like an answer of
//! `type: yes_no`. The empty text, the number 0 and the text `no` are false. A
//! name without a value is the empty text.
//!
//! `lexer` splits a text into tokens, with advice on the signs of other
//! languages from `foreign`. `parser` builds the `tree`, and `evaluate`
//! computes its value. `types` and `length` determine the possible values in
//! advance, `literals` and `comparisons` what is compared.
//! [`Template`](super::template::Template) is the text around `{{ … }}`.

pub(super) mod comparisons;
mod error;
mod evaluate;
mod foreign;
mod length;
mod lexer;
pub(super) mod literals;
mod parser;
mod quotes;
mod title;
mod tree;
pub(super) mod types;

use std::ops::Range;

pub(super) use self::error::SyntaxError;
pub(super) use self::evaluate::Scope;
pub(super) use self::quotes::end_of_literal;
pub(super) use self::tree::NameUse;
use self::tree::Node;
use super::Value;

/// The longest expression, in bytes.
pub(super) const MAX_LENGTH: usize = 2_000;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    root: Node,
    /// As it is written.
    text: String,
}

impl Expression {
    /// Parses the text of an `is`.
    pub(super) fn parse(text: &str) -> Result<Self, SyntaxError> {
        Self::parse_within(text, 0..text.len())
    }

    /// Parses a part of a text. Errors and names have their position in the
    /// whole text.
    pub(super) fn parse_within(text: &str, range: Range<usize>) -> Result<Self, SyntaxError> {
        if range.len() > MAX_LENGTH {
            let message = format!("this expression is longer than {MAX_LENGTH} characters");
            return Err(SyntaxError::new(range, message)
                .hint("split it over several steps that each have an `if`"));
        }
        let tokens = lexer::tokens(text, range.clone())?;
        let written = text.get(range.clone()).unwrap_or_default().trim().to_owned();
        Ok(Self { root: parser::parse(tokens, range)?, text: written })
    }

    /// As it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns every name that is used.
    pub(super) fn names(&self) -> Vec<NameUse> {
        let mut names = Vec::new();
        self.root.collect_names(false, &mut names);
        names
    }

    /// Returns the name, if the expression is a name and nothing else.
    pub(super) fn variable(&self) -> Option<&str> {
        match &self.root {
            Node::Name { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Returns whether it is true.
    pub(super) fn is_true(&self, scope: &dyn Scope) -> bool {
        evaluate::is_true(&self.value(scope))
    }

    /// Returns its value.
    pub(super) fn value(&self, scope: &dyn Scope) -> Value {
        evaluate::value(&self.root, scope)
    }
}

#[cfg(test)]
mod tests;
