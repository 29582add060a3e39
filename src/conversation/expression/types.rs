//! The possible types of an expression's values, known before it runs. A
//! comparison of a text with a number decides nothing, whatever people answer.

use std::ops::Range;

use super::Expression;
use super::tree::{Comparison, Filter, Node};
use crate::conversation::Value;

/// The types that a value can have. With neither, there never is a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::conversation) struct Types {
    text: bool,
    number: bool,
}

impl Types {
    pub(in crate::conversation) const TEXT: Self = Self { text: true, number: false };
    pub(in crate::conversation) const NUMBER: Self = Self { text: false, number: true };
    pub(in crate::conversation) const ANY: Self = Self { text: true, number: true };

    /// Returns the types of either value.
    pub(in crate::conversation) fn or(self, other: Self) -> Self {
        Self { text: self.text || other.text, number: self.number || other.number }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Integer(_) | Value::Number(_) => Self::NUMBER,
            Value::Text(_) => Self::TEXT,
        }
    }

    /// Returns whether one is always a text and the other always a number.
    fn never_meet(self, other: Self) -> bool {
        matches!((self, other), (Self::TEXT, Self::NUMBER) | (Self::NUMBER, Self::TEXT))
    }
}

/// A function that returns the types of a variable.
pub(in crate::conversation) type TypesOf<'a> = &'a dyn Fn(&str) -> Types;

/// A variable that is compared with a value that it never has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Mismatch {
    /// The variable.
    pub(in crate::conversation) name: String,
    /// Its range in the parsed text, in bytes.
    pub(in crate::conversation) at: Range<usize>,
    /// Whether the variable is the text, and the other side the number.
    pub(in crate::conversation) is_text: bool,
}

impl Expression {
    /// Returns the types of its value.
    pub(in crate::conversation) fn types(&self, of: TypesOf<'_>) -> Types {
        self.root.types(of, true)
    }

    /// Returns the variables that are compared with a value that they never
    /// have, once for each comparison.
    pub(in crate::conversation) fn mismatches(&self, of: TypesOf<'_>) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.root.find_mismatches(of, &mut found);
        found
    }
}

impl Node {
    /// Returns the types of its value. Without `fallbacks`, each `default`
    /// counts as unused.
    fn types(&self, of: TypesOf<'_>, fallbacks: bool) -> Types {
        match self {
            Self::Literal(value) => Types::of(value),
            Self::Name { name, .. } => of(name),
            Self::Not(_) | Self::And(_) | Self::Or(_) | Self::Compare { .. } | Self::In { .. } => {
                Types::TEXT
            }
            Self::Filtered(inner, filters) => {
                filters.iter().fold(inner.types(of, fallbacks), |types, filter| match filter {
                    Filter::Default(other) if fallbacks => types.or(other.types(of, fallbacks)),
                    Filter::Length => Types::NUMBER,
                    Filter::Default(_)
                    | Filter::Upper
                    | Filter::Lower
                    | Filter::Title
                    | Filter::Date
                    | Filter::Time => types,
                })
            }
        }
    }

    fn find_mismatches(&self, of: TypesOf<'_>, found: &mut Vec<Mismatch>) {
        match self {
            Self::Compare { left, operator, right, .. } => {
                let is_equality = matches!(operator, Comparison::Equal | Comparison::NotEqual);
                found.extend(mismatch(left, right, of, is_equality));
            }
            Self::In { needle, list, .. } => {
                found.extend(list.iter().find_map(|entry| mismatch(needle, entry, of, true)));
            }
            _ => {}
        }
        self.children().into_iter().for_each(|child| child.find_mismatches(of, found));
    }

    /// Returns the variable whose value this is, filters aside.
    fn variable(&self) -> Option<(&str, &Range<usize>)> {
        match self {
            Self::Name { name, at } => Some((name, at)),
            Self::Filtered(inner, filters) if !filters.contains(&Filter::Length) => {
                inner.variable()
            }
            _ => None,
        }
    }
}

/// Returns the variable on either side, if the two sides never have the same
/// type. With `==` a flow may test for a fallback; an order with a fallback
/// makes no sense.
fn mismatch(left: &Node, right: &Node, of: TypesOf<'_>, fallbacks: bool) -> Option<Mismatch> {
    let types = |node: &Node| node.types(of, fallbacks);
    if !types(left).never_meet(types(right)) {
        return None;
    }
    let (node, (name, at)) =
        [left, right].into_iter().find_map(|node| Some((node, node.variable()?)))?;
    let is_text = types(node) == Types::TEXT;
    Some(Mismatch { name: name.to_owned(), at: at.clone(), is_text })
}
