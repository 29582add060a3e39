//! The texts that variables are compared with. The caller knows the form of a
//! variable's values, and judges whether such a text is possible.

use std::ops::Range;

use super::Expression;
use super::tree::{Comparison, Filter, Node};
use crate::conversation::Value;

/// A variable and a text that it is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Compared<'a> {
    /// The variable.
    pub(in crate::conversation) name: &'a str,
    /// Its range in the parsed text, in bytes.
    pub(in crate::conversation) at: Range<usize>,
    /// The text.
    pub(in crate::conversation) text: &'a str,
    /// Whether the comparison is about equality: `==`, `!=` and `in`.
    pub(in crate::conversation) is_equality: bool,
    /// Whether the variable has a `default`, so that its value may be any text.
    pub(in crate::conversation) has_fallback: bool,
}

/// A name that may be a text whose quotes were forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::conversation) struct Bare<'a> {
    /// Its range in the parsed text, in bytes.
    pub(in crate::conversation) at: Range<usize>,
    /// The variable that it is compared with, if any.
    pub(in crate::conversation) compared_with: Option<&'a str>,
}

impl Expression {
    /// Returns every variable that is compared with a text, and that text.
    pub(in crate::conversation) fn compared(&self) -> Vec<Compared<'_>> {
        let mut found = Vec::new();
        self.root.find_compared(&mut found);
        found
    }

    /// Returns the names after a comparison, in a list and in `default`.
    pub(in crate::conversation) fn bare_names(&self) -> Vec<Bare<'_>> {
        let mut found = Vec::new();
        self.root.find_bare(&mut found);
        found
    }
}

impl Node {
    fn find_compared<'a>(&'a self, found: &mut Vec<Compared<'a>>) {
        match self {
            Self::Compare { left, operator, right, .. } => {
                let same = matches!(operator, Comparison::Equal | Comparison::NotEqual);
                let either = compared(left, right, same).or_else(|| compared(right, left, same));
                found.extend(either);
            }
            Self::In { needle, list, .. } => {
                found.extend(list.iter().filter_map(|entry| compared(needle, entry, true)));
            }
            _ => {}
        }
        self.children().into_iter().for_each(|child| child.find_compared(found));
    }

    fn find_bare<'a>(&'a self, found: &mut Vec<Bare<'a>>) {
        let mut add = |node: &Self, with: Option<&'a Self>| {
            if let Self::Name { at, .. } = node {
                let with = with.and_then(Self::unchanged_variable).map(|(name, _)| name);
                found.push(Bare { at: at.clone(), compared_with: with });
            }
        };
        match self {
            Self::Compare { left, right, .. } => add(right, Some(left)),
            Self::In { needle, list, .. } => {
                for entry in list {
                    add(entry, Some(needle));
                }
            }
            Self::Filtered(_, filters) => filters.iter().for_each(|filter| {
                if let Filter::Default(fallback) = filter {
                    add(fallback, None);
                }
            }),
            _ => {}
        }
        self.children().into_iter().for_each(|child| child.find_bare(found));
    }

    /// Returns the variable whose value this is, if it has one.
    fn unchanged_variable(&self) -> Option<(&str, &Range<usize>)> {
        match self {
            Self::Name { name, at } => Some((name, at)),
            Self::Filtered(inner, filters) => {
                let is_fallback = |filter| matches!(filter, &Filter::Default(_));
                inner.unchanged_variable().filter(|_| filters.iter().all(is_fallback))
            }
            _ => None,
        }
    }
}

fn compared<'a>(variable: &'a Node, literal: &'a Node, is_equality: bool) -> Option<Compared<'a>> {
    let Node::Literal(Value::Text(text)) = literal else { return None };
    let (name, at) = variable.unchanged_variable()?;
    let has_fallback = matches!(variable, Node::Filtered(..));
    Some(Compared { name, at: at.clone(), text, is_equality, has_fallback })
}

#[cfg(test)]
mod tests {
    use super::Expression;

    #[test]
    fn variables_and_the_texts_they_are_compared_with() {
        for (text, expected) in [
            ("day < '2026-12-24'", vec![("day", 0, "2026-12-24")]),
            ("'x' != day", vec![("day", 7, "x")]),
            ("day in ['a', 3, other, 'b']", vec![("day", 0, "a"), ("day", 0, "b")]),
            ("a == 'x' and not (b >= 'y')", vec![("a", 0, "x"), ("b", 18, "y")]),
            ("day | default('x') == 'y'", vec![("day", 0, "y")]),
            ("other | default((day == 'y'))", vec![("day", 17, "y")]),
            ("day | date == 'x' or day | upper == 'x'", vec![]),
            ("day == other", vec![]),
            ("day == 3", vec![]),
            ("'a' == 'b'", vec![]),
            ("day", vec![]),
        ] {
            let expression = Expression::parse(text).unwrap();
            let found: Vec<_> = expression
                .compared()
                .into_iter()
                .map(|compared| (compared.name, compared.at.start, compared.text))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
