//! Evaluates expressions. This cannot fail: each node has a value for any
//! values of its names.

use std::cmp::Ordering;

use jiff::civil;

use super::title::title;
use super::tree::{Comparison, Filter, Node};
use crate::conversation::{Value, calendar};

/// The values of names while a text is rendered.
pub trait Scope {
    /// Returns the value of a name, if any path has set it.
    fn get(&self, name: &str) -> Option<Value>;
}

/// Returns the value of a node.
pub(super) fn value(node: &Node, scope: &dyn Scope) -> Value {
    match node {
        Node::Literal(value) => value.clone(),
        Node::Name { name, .. } => scope.get(name).unwrap_or_else(|| Value::from("")),
        Node::Not(inner) => yes_or_no(!holds(inner, scope)),
        Node::And(nodes) => yes_or_no(nodes.iter().all(|node| holds(node, scope))),
        Node::Or(nodes) => yes_or_no(nodes.iter().any(|node| holds(node, scope))),
        Node::Compare { left, operator, right, .. } => {
            yes_or_no(compare(&value(left, scope), *operator, &value(right, scope)))
        }
        Node::In { needle, list, negated, .. } => {
            let needle = value(needle, scope);
            let found = list
                .iter()
                .any(|entry| order(&needle, &value(entry, scope)) == Some(Ordering::Equal));
            yes_or_no(found != *negated)
        }
        Node::Filtered(inner, filters) => {
            filters.iter().fold(value(inner, scope), |value, filter| apply(filter, value, scope))
        }
    }
}

/// Returns whether a value counts as true.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Integer(number) => *number != 0,
        Value::Number(number) => *number != 0.0,
        Value::Text(text) => !matches!(text.as_str(), "" | "no"),
    }
}

fn holds(node: &Node, scope: &dyn Scope) -> bool {
    is_true(&value(node, scope))
}

fn yes_or_no(holds: bool) -> Value {
    Value::from(if holds { "yes" } else { "no" })
}

fn compare(left: &Value, operator: Comparison, right: &Value) -> bool {
    let order = order(left, right);
    match operator {
        Comparison::Equal => order == Some(Ordering::Equal),
        Comparison::NotEqual => order != Some(Ordering::Equal),
        Comparison::Less => order.is_some_and(Ordering::is_lt),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::Greater => order.is_some_and(Ordering::is_gt),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    }
}

/// Returns the order of two values. A text and a number have none.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (left, right) => decimal(left)?.partial_cmp(&decimal(right)?),
    }
}

#[expect(clippy::cast_precision_loss, reason = "beside a decimal, 15 digits are what counts")]
fn decimal(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Number(number) => Some(*number),
        Value::Text(_) => None,
    }
}

fn apply(filter: &Filter, input: Value, scope: &dyn Scope) -> Value {
    match filter {
        Filter::Default(other) => match &input {
            Value::Text(text) if text.is_empty() => value(other, scope),
            _ => input,
        },
        Filter::Upper => map_text(input, str::to_uppercase),
        Filter::Lower => map_text(input, str::to_lowercase),
        Filter::Title => map_text(input, title),
        Filter::Length => {
            let characters = input.to_string().chars().count();
            Value::Integer(i64::try_from(characters).unwrap_or(i64::MAX))
        }
        Filter::Date => map_text(input, |text| date(text).unwrap_or_else(|| text.to_owned())),
        Filter::Time => map_text(input, |text| time(text).unwrap_or(text).to_owned()),
    }
}

/// Applies a filter of texts. Numbers stay unchanged.
fn map_text(value: Value, change: impl Fn(&str) -> String) -> Value {
    match value {
        Value::Text(text) => Value::Text(change(&text)),
        number => number,
    }
}

/// Returns `23 November 2026` for `2026-11-23` or `2026-11-23T03:40`.
fn date(text: &str) -> Option<String> {
    let dashed = matches!(text.as_bytes(), [_, _, _, _, b'-', _, _, b'-', ..]);
    let day = match text.len() {
        _ if !dashed => None,
        10 => text.parse::<civil::Date>().ok(),
        _ => text.parse::<civil::DateTime>().ok().map(civil::DateTime::date),
    }?;
    Some(calendar::show(day))
}

/// Returns `03:40` for `2026-11-23T03:40`.
fn time(text: &str) -> Option<&str> {
    let (_, time) = text.split_once('T')?;
    text.parse::<civil::DateTime>().ok()?;
    time.get(..5)
}
