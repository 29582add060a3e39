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
mod evaluate;
mod foreign;
mod length;
pub(super) mod lexer;
pub(super) mod literals;
mod parser;
mod title;
pub(super) mod types;

use std::ops::Range;

use super::Value;

/// The longest expression, in bytes.
pub(super) const MAX_LENGTH: usize = 2_000;

/// How deep parentheses, `not`, lists and the arguments of filters may nest.
const MAX_DEPTH: usize = 32;

/// What names mean while a text is rendered.
pub trait Scope {
    /// The value of a name; `None` where no path has captured it.
    fn get(&self, name: &str) -> Option<Value>;
}

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expression {
    root: Node,
    /// As it is written.
    text: String,
}

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

impl SyntaxError {
    fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
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

/// A node of the syntax tree. Its depth is bounded by [`MAX_DEPTH`].
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Literal(Value),
    Name { name: String, at: Range<usize> },
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Compare { left: Box<Self>, operator: Comparison, right: Box<Self>, at: Range<usize> },
    In { needle: Box<Self>, list: Vec<Self>, negated: bool, at: Range<usize> },
    Filtered(Box<Self>, Vec<Filter>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a `|` does to the value before it.
#[derive(Clone, Debug, PartialEq)]
enum Filter {
    /// Takes the place of an unknown name and of the empty text, which is the
    /// answer of a skipped question.
    Default(Box<Node>),
    Upper,
    Lower,
    /// The first letter of each word large, the others small.
    Title,
    /// How many characters.
    Length,
    /// `2026-11-23` or `2026-11-23T03:40` as `23 November 2026`; all else unchanged,
    /// a time among it.
    Date,
    /// The `03:40` of `2026-11-23T03:40`; all else unchanged.
    Time,
}

impl Node {
    /// `has_default` tells whether an empty value of this node is replaced.
    fn collect_names(&self, has_default: bool, names: &mut Vec<NameUse>) {
        match self {
            Self::Name { name, at } => {
                names.push(NameUse { name: name.clone(), at: at.clone(), has_default });
            }
            Self::Filtered(inner, filters) => {
                // `length` makes a number of the empty text, so a `default` after it comes too late.
                let mut defaulted = has_default;
                for filter in filters.iter().rev() {
                    match filter {
                        Filter::Default(argument) => {
                            argument.collect_names(defaulted, names);
                            defaulted = true;
                        }
                        Filter::Length => defaulted = false,
                        Filter::Upper
                        | Filter::Lower
                        | Filter::Title
                        | Filter::Date
                        | Filter::Time => {}
                    }
                }
                inner.collect_names(defaulted, names);
            }
            _ => self.children().into_iter().for_each(|node| node.collect_names(false, names)),
        }
    }

    /// The nodes right below it.
    fn children(&self) -> Vec<&Self> {
        match self {
            Self::Literal(_) | Self::Name { .. } => Vec::new(),
            Self::Not(inner) => vec![inner],
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().collect(),
            Self::Compare { left, right, .. } => vec![left, right],
            Self::In { needle, list, .. } => std::iter::once(&**needle).chain(list).collect(),
            Self::Filtered(inner, filters) => {
                let fallbacks = filters.iter().filter_map(|filter| match filter {
                    Filter::Default(fallback) => Some(&**fallback),
                    _ => None,
                });
                std::iter::once(&**inner).chain(fallbacks).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests;
