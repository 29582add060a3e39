//! The comparisons of an expression, side by side as they are written.

use std::ops::Range;

use super::Expression;
use super::tree::{Comparison, Filter, Node};
use crate::conversation::Value;

/// Two sides that are compared. For `in` these are the needle and each entry of
/// the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Compares<'a> {
    /// The range of the comparison in the parsed text, in bytes.
    pub(in crate::conversation) at: Range<usize>,
    pub(in crate::conversation) left: Side<'a>,
    /// One side; for `in` any number.
    pub(in crate::conversation) right: Vec<Side<'a>>,
    /// The operator as it is written: `==`, `in`.
    pub(in crate::conversation) operator: &'static str,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) enum Side<'a> {
    /// A variable, with the part of its date or time that a filter takes.
    Variable { name: &'a str, at: Range<usize>, part: Part, has_fallback: bool },
    /// A text in quotes.
    Text(&'a str),
    /// Anything else.
    Other,
}

/// The part of a date or time that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::conversation) enum Part {
    Whole,
    /// By the filter `date`.
    Date,
    /// By the filter `time`.
    Time,
}

impl Compares<'_> {
    /// Returns whether the comparison is about equality, not about order.
    pub(in crate::conversation) fn is_equality(&self) -> bool {
        !self.operator.starts_with(['<', '>'])
    }
}

impl Expression {
    /// Returns every comparison.
    pub(in crate::conversation) fn comparisons(&self) -> Vec<Compares<'_>> {
        let mut found = Vec::new();
        self.root.find_comparisons(&mut found);
        found
    }

    /// Returns the whole expression as one side.
    pub(in crate::conversation) fn side(&self) -> Side<'_> {
        self.root.side()
    }
}

impl Node {
    fn find_comparisons<'a>(&'a self, found: &mut Vec<Compares<'a>>) {
        match self {
            Self::Compare { left, operator, right, at } => found.push(Compares {
                at: at.clone(),
                left: left.side(),
                right: vec![right.side()],
                operator: operator.sign(),
            }),
            Self::In { needle, list, negated, at } => found.push(Compares {
                at: at.clone(),
                left: needle.side(),
                right: list.iter().map(Self::side).collect(),
                operator: if *negated { "not in" } else { "in" },
            }),
            _ => {}
        }
        self.children().into_iter().for_each(|child| child.find_comparisons(found));
    }

    fn side(&self) -> Side<'_> {
        match self {
            Self::Literal(Value::Text(text)) => Side::Text(text),
            Self::Name { name, at } => {
                Side::Variable { name, at: at.clone(), part: Part::Whole, has_fallback: false }
            }
            Self::Filtered(inner, filters) => filters.iter().fold(inner.side(), Side::filtered),
            _ => Side::Other,
        }
    }
}

impl Side<'_> {
    fn filtered(self, filter: &Filter) -> Self {
        let Side::Variable { name, at, part, has_fallback } = self else { return Self::Other };
        let (part, has_fallback) = match (filter, part) {
            (Filter::Default(_), part) => (part, true),
            (Filter::Date, Part::Whole) => (Part::Date, has_fallback),
            (Filter::Time, Part::Whole) => (Part::Time, has_fallback),
            _ => return Self::Other,
        };
        Self::Variable { name, at, part, has_fallback }
    }
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}
