//! Explains an `if` that is not a list of `is` and `go`, with the whole block to write.

use std::fmt::Write;

use crate::conversation::expression::Expression;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::At;
use crate::conversation::load::syntax::explain::braced::without_braces;
use crate::conversation::load::syntax::names::is_name;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::quote::as_value;

/// What people call the condition of an entry.
const CONDITIONS: [&str; 5] = ["is", "if", "when", "condition", "cond"];

/// What people call the step that it leads to.
const TARGETS: [&str; 5] = ["go", "then", "goto", "next", "step"];

/// A condition, and the step that it leads to.
type Entry = (String, Option<String>);

/// Reports an `if` of another shape. Returns the keys of the step that the finding covers.
pub(super) fn check<'a>(
    report: &mut Report<'_>,
    entries: &[(At<&'a str>, &Node)],
) -> Option<Vec<&'a str>> {
    let (place, (key, node)) =
        entries.iter().enumerate().find(|(_, (key, _))| key.value == "if")?;
    let mut block = meant(node)?;
    let mut said = vec![key.value];
    let mut beside = |names: &[&str]| {
        let (key, node) = entries.iter().find(|(key, _)| names.contains(&key.value))?;
        let text = node.text().filter(|text| is_name(text))?;
        said.push(key.value);
        Some(text)
    };
    if let [(_, target @ None)] = block.as_mut_slice() {
        *target = beside(&["then"]).or_else(|| beside(&["go"]));
    }
    let other = beside(&["else", "otherwise"]);
    // The keys that follow directly are part of what is replaced.
    let last = entries[place..].iter().take_while(|(key, _)| said.contains(&key.value)).last();
    let end = last.map_or(node.span.end, |(_, node)| node.span.end);
    let line = report.line(report.line_of(key.span.start));
    let before = report.text(Span::new(line.start, key.span.start));
    let is_inside = before.contains('{');
    let written =
        if is_inside { in_braces(&block, other) } else { on_lines(&block, other, before) };
    let open = if block.iter().any(|(_, target)| target.is_none()) {
        ", with the step to go to"
    } else {
        ""
    };
    let keys = said.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
    let what = match node.data {
        Data::Text { .. } => "a text",
        Data::List(_) => "a list of something else",
        Data::Map(_) => "keys with values",
    };
    report
        .found(
            Code::Shape,
            Span::new(key.span.start, end),
            format!("`if` takes a list of `is` and `go`, not {what}"),
        )
        .help(format!("write in place of {keys}{open}:\n{written}"));
    Some(said)
}

/// The conditions that were meant, and where each leads; `None` if the shape is
/// right, or if it does not show what was meant.
fn meant(node: &Node) -> Option<Vec<Entry>> {
    match &node.data {
        Data::Text { value, .. } => Some(vec![(condition(value)?, None)]),
        Data::Map(_) => entry(node),
        Data::List(items) => {
            if let [condition_node, target] = items.as_slice()
                && let (Some(text), Some(step)) = (condition_node.text(), target.text())
                && is_name(&step)
                && !is_name(&text)
            {
                return Some(vec![(condition(&text)?, Some(step))]);
            }
            let has_own_keys = |item: &Node| {
                let keys = item.keys();
                matches!(item.data, Data::Map(_))
                    && (keys.is_empty() || keys.iter().any(|key| ["is", "go"].contains(key)))
                    && !keys
                        .iter()
                        .any(|key| CONDITIONS[1..].contains(key) || TARGETS[1..].contains(key))
            };
            if items.is_empty() || items.iter().all(has_own_keys) {
                return None;
            }
            let entries: Option<Vec<_>> = items
                .iter()
                .map(|item| match item.text() {
                    Some(text) => Some(vec![(condition(&text)?, None)]),
                    None => entry(item),
                })
                .collect();
            Some(entries?.concat())
        }
    }
}

/// The entries of a mapping: of its `is` and `go`, or of conditions and steps.
fn entry(node: &Node) -> Option<Vec<Entry>> {
    let named = |names: &[&str]| names.iter().find_map(|name| node.get(name)?.text());
    if let Some(text) = named(&CONDITIONS) {
        return Some(vec![(condition(&text)?, named(&TARGETS).filter(|step| is_name(step)))]);
    }
    let Data::Map(entries) = &node.data else { return None };
    let entries = entries.iter().map(|(key, value)| {
        let text = key.text().filter(|text| !is_name(text))?;
        Some((condition(&text)?, Some(value.text().filter(|step| is_name(step))?)))
    });
    entries.collect::<Option<Vec<_>>>().filter(|entries| !entries.is_empty())
}

/// The text that was meant as a condition, even if it has faults of its own.
fn condition(text: &str) -> Option<String> {
    let text = text.trim();
    let meant = without_braces(text).unwrap_or_else(|| text.to_owned());
    let is_one = Expression::parse(&meant).is_ok() || meant.contains(['=', '<', '>', '!', '&']);
    (!text.is_empty() && is_one).then_some(meant)
}

fn step_of(target: Option<&String>) -> &str {
    target.map_or("STEP", String::as_str)
}

fn on_lines(block: &[Entry], other: Option<String>, indent: &str) -> String {
    // Writing to a string cannot fail.
    let mut text = format!("{indent}if:");
    for (condition, target) in block {
        let condition = as_value(condition, false);
        let _ = write!(
            text,
            "\n{indent}  - is: {condition}\n{indent}    go: {}",
            step_of(target.as_ref())
        );
    }
    if let Some(step) = other {
        let _ = write!(text, "\n{indent}go: {step}");
    }
    text
}

fn in_braces(block: &[Entry], other: Option<String>) -> String {
    let entries = block.iter().map(|(condition, target)| {
        format!("{{is: {}, go: {}}}", as_value(condition, true), step_of(target.as_ref()))
    });
    let entries: Vec<String> = entries.collect();
    let other = other.map(|step| format!(", go: {step}")).unwrap_or_default();
    format!("if: [{}]{other}", entries.join(", "))
}
