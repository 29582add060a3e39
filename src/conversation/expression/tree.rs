//! The syntax tree of an expression.

use std::ops::Range;

use crate::conversation::Value;

/// The greatest depth to which parentheses, `not`, lists and the arguments of
/// filters may nest.
pub(super) const MAX_DEPTH: usize = 32;

/// A node of the syntax tree. Its depth is bounded by [`MAX_DEPTH`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Literal(Value),
    Name { name: String, at: Range<usize> },
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Compare { left: Box<Self>, operator: Comparison, right: Box<Self>, at: Range<usize> },
    In { needle: Box<Self>, list: Vec<Self>, negated: bool, at: Range<usize> },
    Filtered(Box<Self>, Vec<Filter>),
}

/// An operator of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A filter after a `|`, which changes the value before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    /// Replaces a name without a value and the empty text, which is the answer
    /// of a skipped question.
    Default(Box<Node>),
    Upper,
    Lower,
    /// Capitalises the first letter of each word, and lowers the others.
    Title,
    /// Counts the characters.
    Length,
    /// Shows `2026-11-23` or `2026-11-23T03:40` as `23 November 2026`. Other
    /// texts, such as a time, stay unchanged.
    Date,
    /// Takes `03:40` from `2026-11-23T03:40`. Other texts stay unchanged.
    Time,
}

impl Node {
    /// Collects the names. `has_default` says whether an empty value of this
    /// node is replaced.
    pub(super) fn collect_names(&self, has_default: bool, names: &mut Vec<NameUse>) {
        match self {
            Self::Name { name, at } => {
                names.push(NameUse { name: name.clone(), at: at.clone(), has_default });
            }
            Self::Filtered(inner, filters) => {
                // `length` turns the empty text into a number, so that a
                // `default` after it comes too late.
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

    /// Returns the nodes directly below it.
    pub(super) fn children(&self) -> Vec<&Self> {
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

/// A name that an expression uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The variable.
    pub name: String,
    /// Its range in the parsed text, in bytes.
    pub at: Range<usize>,
    /// Whether it has a `default`, so that it needs no value.
    pub has_default: bool,
}
