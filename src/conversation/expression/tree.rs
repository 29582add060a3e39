//! The syntax tree of an expression.

use std::ops::Range;

use crate::conversation::Value;

/// How deep parentheses, `not`, lists and the arguments of filters may nest.
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

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a `|` does to the value before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
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
    pub(super) fn collect_names(&self, has_default: bool, names: &mut Vec<NameUse>) {
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
