//! Explains steps that are written as a list: how to write each by its name.

use crate::conversation::finding::Code;
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::names::is_name;
use crate::conversation::load::syntax::node::{Data, Node};

/// Keys that people give a step's name.
const NAMES: [&str; 4] = ["name", "id", "step", "key"];

/// Reports `steps` that are a list. Returns whether they are one.
pub(super) fn check(report: &mut Report<'_>, node: &Node) -> bool {
    let Data::List(items) = &node.data else { return false };
    let rewritten: Vec<String> = items.iter().filter_map(|item| first_line(report, item)).collect();
    let help = match rewritten.first() {
        Some(first) if rewritten.len() == items.len() => {
            format!("leave out each `- `: {first}, and so on")
        }
        _ => "write each step below `steps` as `NAME:`, and its keys below that, indented by two spaces"
            .to_owned(),
    };
    report
        .found(Code::Shape, node.span, "`steps` takes a name for each step, not a list")
        .help(help);
    true
}

/// What to write for the first line of an item, if that line has its name.
fn first_line(report: &Report<'_>, item: &Node) -> Option<String> {
    let Data::Map(entries) = &item.data else { return None };
    let (key, value) = entries.first()?;
    let key = key.text().filter(|key| is_name(key))?;
    let named = value.text().filter(|name| NAMES.contains(&key.as_str()) && is_name(name));
    if let Some(name) = named {
        return Some(format!("write `{name}:` in place of `- {key}: {name}`"));
    }
    let is_step = matches!(value.data, Data::Map(_)) || value.says("");
    let is_block = !report.text(item.span).starts_with('{');
    (is_step && is_block).then(|| format!("write `{key}:` in place of `- {key}:`"))
}
