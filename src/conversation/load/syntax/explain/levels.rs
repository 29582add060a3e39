//! Explains steps and keys of steps that have the wrong indentation.

use super::scan::indent_of;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::keys;
use crate::conversation::load::syntax::names::is_name;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::suggest;

/// Reports a step at the level of `steps` before `at`, if there is one.
pub(super) fn explain(report: &mut Report<'_>, at: usize) -> bool {
    let (first, last) = (report.first_line_of(at), report.line_of(at));
    let mut is_below_steps = false;
    for number in first..=last {
        let line = report.line(number);
        let text = report.text(line);
        let Some((key, value)) = text.split_once(':') else { continue };
        if is_below_steps && is_name(key) && !keys::OF_FILE.contains(&key) {
            let is_step = value.trim().is_empty() || value.trim_start().starts_with('{');
            if is_step && (value.is_empty() || value.starts_with(' ')) {
                not_indented(report, key, Span::new(line.start, line.start + key.len()));
                return true;
            }
        }
        is_below_steps |= key == "steps";
    }
    false
}

/// Reports a step at the level of `steps`.
pub(crate) fn not_indented(report: &mut Report<'_>, name: &str, span: Span) {
    let number = report.line_of(span.start);
    let is_alone = report.text(report.line(number)).trim_end().ends_with(':');
    let next = report.text(report.line(number + 1));
    let more = match indent_of(next) {
        1..=2 if is_alone && !next.trim().is_empty() => ", and the lines of the step by two more",
        _ => "",
    };
    report
        .found(Code::Indentation, span, format!("`{name}` is beside `steps`, not inside it"))
        .help(format!("indent it below `steps` by two spaces, as `  {name}:`{more}"));
}

/// Whether this looks like a step.
pub(crate) fn is_step(name: &str, node: &Node) -> bool {
    let keys = keys::of_step();
    is_name(name)
        && node.keys().iter().any(|key| keys.contains(key))
        && (name.contains(|c: char| c.is_ascii_uppercase())
            || keys::OF_FILE.contains(&name)
            || suggest::nearest(name, keys::OF_FILE).is_none())
}

/// Whether a key of a step is another step that is indented too far: it has a
/// verb, and its name looks like that of a step, not like a misspelt key.
pub(crate) fn is_step_inside(name: &str, node: &Node, around: &str) -> bool {
    let does = |key: &&str| ["ask", "say", "set", "run"].contains(key);
    let is_like = |name: &str| name.contains(|c: char| c.is_ascii_uppercase());
    is_name(name)
        && node.keys().iter().any(does)
        && (is_like(name) || !is_like(around))
        && suggest::nearest(name, keys::of_step()).is_none()
}

/// Moves the keys of a step that are beside it into the step, and reports the
/// first of them. Such a step is a name without a value, followed by keys of a step.
pub(crate) fn put_keys_into_steps(report: &mut Report<'_>, entries: &mut Vec<(Node, Node)>) {
    let keys = keys::of_step();
    let all = std::mem::take(entries);
    let mut is_open = false;
    for (key, value) in all {
        let name = key.text().unwrap_or_default();
        let is_key = keys.contains(&name.as_str()) && !is_step(&name, &value);
        let Some((step, inside)) = entries.last_mut().filter(|_| is_open && is_key) else {
            is_open =
                !is_key && matches!(&value.data, Data::Text { value, .. } if value.is_empty());
            entries.push((key, value));
            continue;
        };
        if let Data::Map(inside) = &mut inside.data {
            inside.push((key, value));
            continue;
        }
        let step = step.text().unwrap_or_default();
        report
            .found(
                Code::Indentation,
                key.span,
                format!("`{name}` is beside `{step}`, not inside it"),
            )
            .help(format!(
                "indent `{name}`, and everything else that belongs to the step, deeper than `{step}`"
            ));
        let span = Span::new(key.span.start, value.span.end);
        *inside = Node { span, data: Data::Map(vec![(key, value)]) };
    }
}
