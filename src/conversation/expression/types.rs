//! What types the values of an expression can have, known before it runs: a
//! comparison of a text with a number decides nothing, whatever people answer.

use std::ops::Range;

use super::Expression;
use super::tree::{Comparison, Filter, Node};
use crate::conversation::Value;

/// The types that a value can have. None: it is never there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::conversation) struct Types {
    text: bool,
    number: bool,
}

impl Types {
    pub(in crate::conversation) const TEXT: Self = Self { text: true, number: false };
    pub(in crate::conversation) const NUMBER: Self = Self { text: false, number: true };
    pub(in crate::conversation) const ANY: Self = Self { text: true, number: true };

    /// Those of either.
    pub(in crate::conversation) fn or(self, other: Self) -> Self {
        Self { text: self.text || other.text, number: self.number || other.number }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Integer(_) | Value::Number(_) => Self::NUMBER,
            Value::Text(_) => Self::TEXT,
        }
    }

    /// Whether one is always a text and the other always a number.
    fn never_meet(self, other: Self) -> bool {
        matches!((self, other), (Self::TEXT, Self::NUMBER) | (Self::NUMBER, Self::TEXT))
    }
}

/// The types of a variable.
pub(in crate::conversation) type TypesOf<'a> = &'a dyn Fn(&str) -> Types;

/// A variable that is compared with what it can never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Mismatch {
    /// The variable.
    pub(in crate::conversation) name: String,
    /// Where it stands, in bytes of the parsed text.
    pub(in crate::conversation) at: Range<usize>,
    /// Whether it is the text of the two.
    pub(in crate::conversation) is_text: bool,
}

impl Expression {
    /// The types of its value.
    pub(in crate::conversation) fn types(&self, of: TypesOf<'_>) -> Types {
        self.root.types(of, true)
    }

    /// The variables that are compared with what they can never be, each
    /// comparison once.
    pub(in crate::conversation) fn mismatches(&self, of: TypesOf<'_>) -> Vec<Mismatch> {
        let mut found = Vec::new();
        self.root.find_mismatches(of, &mut found);
        found
    }
}

impl Node {
    /// The types of its value; without `fallbacks` as if each `default` had
    /// nothing to replace.
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

    /// The variable that this value is, filters aside.
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

/// The variable on either side, where the two sides never meet. Whether a
/// value is a fallback can be asked with `==`; what comes before what cannot.
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
