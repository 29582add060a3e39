//! The greatest length of an expression's value, known before it runs.

use super::Expression;
use super::tree::{Filter, Node};
use crate::conversation::length::Length;

/// The longest day that the filter `date` shows: `30 September 2026`.
const DATE: u64 = 17;

impl Expression {
    /// Returns the length of its value, as it appears in a text.
    pub(in crate::conversation) fn length(&self, of: &dyn Fn(&str) -> Length) -> Length {
        self.root.length(of)
    }
}

impl Node {
    fn length(&self, of: &dyn Fn(&str) -> Length) -> Length {
        match self {
            Self::Literal(value) => Length::of(&value.to_string()),
            Self::Name { name, .. } => of(name),
            // `yes` or `no`.
            Self::Not(_) | Self::And(_) | Self::Or(_) | Self::Compare { .. } | Self::In { .. } => {
                Length::ascii(3)
            }
            Self::Filtered(inner, filters) => {
                filters.iter().fold(inner.length(of), |length, filter| match filter {
                    Filter::Default(other) => length.or(other.length(of)),
                    Filter::Upper | Filter::Lower | Filter::Title => length.cased(),
                    Filter::Length => Length::ascii(length.characters().to_string().len() as u64),
                    Filter::Date => length.or(Length::ascii(DATE)),
                    Filter::Time => length,
                })
            }
        }
    }
}
