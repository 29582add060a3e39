//! Conditions and the inside of `{{ … }}`: parsed at load, evaluated without failing.
//!
//! A small language: names, literals, comparisons, `and`, `or`, `not`, `in`
//! and filters; no arithmetic, no attribute, no call. Every value is a
//! [`Value`]; a comparison gives the text `yes` or `no`, as an answer of
//! `type: yes_no` is kept, and these are false: the empty text, the number 0,
//! and the text `no`. A name that is not known is the empty text.
//!
//! Text is taken apart in `lexer` (signs of other languages are `foreign`'s), put together in `parser`, and worked out in
//! `evaluate`; what it can come to is known before, in `types` and `length`, and what it is
//! compared with in `literals` and `comparisons`. What stands around a `{{ … }}` is [`Template`](super::template::Template)'s.

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

    /// Parses a part of a text; errors and names tell their place in the whole.
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

    /// Every name that is read.
    pub(super) fn names(&self) -> Vec<NameUse> {
        let mut names = Vec::new();
        self.root.collect_names(false, &mut names);
        names
    }

    /// The name, where it is one and nothing else.
    pub(super) fn variable(&self) -> Option<&str> {
        match &self.root {
            Node::Name { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Whether it holds.
    pub(super) fn is_true(&self, scope: &dyn Scope) -> bool {
        evaluate::is_true(&self.value(scope))
    }

    /// What it comes to.
    pub(super) fn value(&self, scope: &dyn Scope) -> Value {
        evaluate::value(&self.root, scope)
    }
}

#[cfg(test)]
mod tests;
