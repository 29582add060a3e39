//! Reads values by their shape. Each key has one shape, and a value of another
//! shape is reported in one wording.

use crate::conversation::expression::{Expression, NameUse, SyntaxError};
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::draft::{At, Condition, Text, Use, Word};
use crate::conversation::load::syntax::explain::{braced, quoting, traps};
use crate::conversation::load::syntax::keys;
use crate::conversation::load::syntax::names::is_name;
use crate::conversation::load::syntax::node::{Data, Node};
use crate::conversation::load::syntax::quote::{double_quoted, quoted};
use crate::conversation::template::Template;
use crate::conversation::words;

/// The text of a value that is not empty.
pub(crate) fn text(report: &mut Report<'_>, key: &str, node: &Node) -> Option<At<String>> {
    let at = any_text(report, key, node)?;
    if at.value.trim().is_empty() {
        nothing(report, key, node.span);
        return None;
    }
    Some(at)
}

/// The text of a value, which may be empty.
pub(super) fn any_text(report: &mut Report<'_>, key: &str, node: &Node) -> Option<At<String>> {
    match &node.data {
        Data::Text { value, plain } => {
            if *plain && !value.is_empty() {
                traps::cut_off(report, node.span);
            }
            Some(At { value: value.clone(), span: node.span })
        }
        Data::List(items) => {
            let written = report.text(node.span);
            let help = match items.as_slice() {
                [Node { data: Data::Text { value, .. }, .. }] => format!("write `{key}: {value}`"),
                [Node { data: Data::Text { value, .. }, .. }, ..] if takes_one(key) => {
                    format!("write one: `{key}: {value}`")
                }
                _ if written.starts_with('[') && !written.contains('\n') => {
                    format!("a text that begins with `[` needs quotes: write {}", quoted(written))
                }
                _ => format!("write one text; put a text of several lines below `{key}: |-`"),
            };
            report
                .found(Code::Shape, node.span, format!("`{key}` takes a text, not a list"))
                .help(help);
            None
        }
        Data::Map(_) if traps::braces(report, node.span) => None,
        Data::Map(_) => {
            report
                .found(
                    Code::Shape,
                    node.span,
                    format!("`{key}` takes a text, not keys with values"),
                )
                .help("put a text with `: ` in it in quotes");
            None
        }
    }
}

/// Whether a key takes a single value that is not a text for people.
fn takes_one(key: &str) -> bool {
    let is_key = keys::of_step().contains(&key) || keys::OF_FILE.contains(&key);
    is_key && !keys::TEXTS.contains(&key)
}

/// The entries of a list that is not empty.
pub(super) fn list<'a>(report: &mut Report<'_>, key: &str, node: &'a Node) -> &'a [Node] {
    match &node.data {
        Data::List(items) => {
            if items.is_empty() {
                report
                    .found(Code::NoValue, node.span, format!("`{key}` is an empty list"))
                    .help(format!("add an entry or leave `{key}` out"));
            }
            return items;
        }
        Data::Text { value, .. } if value.trim().is_empty() => nothing(report, key, node.span),
        Data::Text { value, .. } => {
            let help = format!("write `{key}: [{}]`", value.trim());
            report
                .found(Code::Shape, node.span, format!("`{key}` takes a list, not a text"))
                .help(help);
        }
        Data::Map(_) if traps::braces(report, node.span) => {}
        Data::Map(_) => {
            report
                .found(
                    Code::Shape,
                    node.span,
                    format!("`{key}` takes a list, not keys with values"),
                )
                .help("begin each entry with `- `");
        }
    }
    &[]
}

/// The entries of a mapping that is not empty, with their keys as texts.
pub(crate) fn map<'a>(
    report: &mut Report<'_>,
    key: &str,
    node: &'a Node,
) -> Vec<(At<&'a str>, &'a Node)> {
    match &node.data {
        Data::Map(_) if traps::braces(report, node.span) => {}
        Data::Map(entries) => {
            if entries.is_empty() {
                report
                    .found(Code::NoValue, node.span, format!("`{key}` is empty"))
                    .help(format!("add an entry or leave `{key}` out"));
            }
            return entries.iter().filter_map(|(name, value)| entry(report, name, value)).collect();
        }
        Data::Text { value, .. } if value.trim().is_empty() => nothing(report, key, node.span),
        Data::Text { value, .. } if let Some((name, rest)) = keys::space_missing(value) => {
            report
                .found(Code::Yaml, node.span, format!("a space is missing after `{name}:`"))
                .help(format!("write `{name}: {rest}`"));
        }
        Data::Text { value, .. } => {
            let items: Vec<_> =
                value.split([',', '/', ';']).map(|text| text.trim().to_owned()).collect();
            let help = (key == "options").then(|| entries_of(key, &items)).flatten();
            no_keys(report, key, node, "a text", help);
        }
        Data::List(items) => {
            let texts: Option<Vec<String>> = items.iter().map(Node::text).collect();
            let help = match texts {
                Some(texts) => entries_of(key, &texts),
                None => pairs_of(key, items),
            };
            no_keys(report, key, node, "a list", help);
        }
    }
    Vec::new()
}

fn no_keys(report: &mut Report<'_>, key: &str, node: &Node, what: &str, help: Option<String>) {
    report
        .found(Code::Shape, node.span, format!("`{key}` takes keys with values, not {what}"))
        .help("write each entry as `name: value` on a line of its own, indented by two spaces")
        .maybe_help(help);
}

/// What to write in place of a list of labels or names.
fn entries_of(key: &str, texts: &[String]) -> Option<String> {
    let mut entries: Vec<String> = Vec::new();
    for text in texts {
        let text = Some(text).filter(|text| !text.trim().is_empty())?;
        let shown = plain_or_quoted(text);
        let name = match key {
            "keep" if is_name(text) => text.clone(),
            "options" => text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect::<Vec<_>>()
                .join("_")
                .to_lowercase(),
            _ => return None,
        };
        if name.is_empty() || entries.iter().any(|entry| entry.starts_with(&format!("{name}: "))) {
            return None;
        }
        entries.push(format!("{name}: {shown}"));
    }
    (!entries.is_empty()).then(|| format!("write `{key}: {{{}}}`", entries.join(", ")))
}

/// What to write in place of a list of keys with values: each with a single
/// one, or with the id of an option and its label.
fn pairs_of(key: &str, items: &[Node]) -> Option<String> {
    if !matches!(key, "options" | "keep" | "set" | "when" | "words") {
        return None;
    }
    let pairs = items.iter().map(|item| match &item.data {
        Data::Map(entries) => match entries.as_slice() {
            [(name, value)] => Some((name.text()?, value.text()?)),
            [(id, name), (label, text)]
                if ["id", "key", "value", "name"].iter().any(|known| id.says(known))
                    && ["label", "text", "title"].iter().any(|known| label.says(known)) =>
            {
                Some((name.text()?, text.text()?))
            }
            _ => None,
        },
        Data::Text { .. } | Data::List(_) => None,
    });
    let pairs: Option<Vec<(String, String)>> = pairs.collect();
    let written = pairs?
        .iter()
        .map(|(name, text)| format!("{}: {}", plain_or_quoted(name), plain_or_quoted(text)))
        .collect::<Vec<_>>();
    (!written.is_empty()).then(|| format!("write `{key}: {{{}}}`", written.join(", ")))
}

/// A text as it can be written inside `{ }`.
fn plain_or_quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-');
    let is_safe = text.chars().all(is_plain) && !text.starts_with('-') && !text.is_empty();
    if is_safe { text.to_owned() } else { double_quoted(text) }
}

fn entry<'a>(
    report: &mut Report<'_>,
    name: &'a Node,
    value: &'a Node,
) -> Option<(At<&'a str>, &'a Node)> {
    if let Data::Text { value: text, .. } = &name.data {
        if !text.is_empty() {
            return Some((At { value: text.as_str(), span: name.span }, value));
        }
        report
            .found(Code::Shape, name.span, "this key has no name")
            .help("write a name before the `:`, or remove the line");
    } else if !traps::braces(report, name.span) {
        report.found(Code::Shape, name.span, "this key is not a text").help(
            "write a name before the `:`; put one that begins with a special character in quotes",
        );
    }
    None
}

/// Reports a key without a value, often because YAML took the value for a comment.
fn nothing(report: &mut Report<'_>, key: &str, span: Span) {
    let help = match comment_after(report, span) {
        Some(comment) => {
            format!("if what follows `#` belongs to the text, write {}", quoted(comment))
        }
        None => format!("write a value or leave `{key}` out"),
    };
    report.found(Code::NoValue, span, format!("`{key}` has no value")).help(help);
}

/// The comment in place of a value.
pub(super) fn comment_after<'a>(report: &Report<'a>, span: Span) -> Option<&'a str> {
    let line = report.line(report.line_of(span.start));
    let rest = report.text(Span::new(span.start, line.end));
    Some(rest.trim_start_matches(':').trim()).filter(|comment| comment.starts_with('#'))
}

/// A word that people write, in a form that can be compared.
pub(super) fn word(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Word> {
    let at = text(report, key, node)?;
    let normal = words::normalise(&at.value);
    if normal.is_empty() {
        report
            .found(Code::NoValue, at.span, "nothing is left of this word when it is compared")
            .help("write a word with visible characters");
        return None;
    }
    Some(Word { written: at.value, normal, span: at.span })
}

/// A list of words.
pub(super) fn word_list(report: &mut Report<'_>, key: &str, node: &Node) -> Vec<Word> {
    list(report, key, node).iter().filter_map(|item| word(report, key, item)).collect()
}

/// A template that may be empty.
pub(super) fn any_template(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Text> {
    let at = any_text(report, key, node)?;
    template_of(report, node, &at)
}

/// A template with something in it.
pub(super) fn template(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Text> {
    let at = text(report, key, node)?;
    template_of(report, node, &at)
}

fn template_of(report: &mut Report<'_>, node: &Node, at: &At<String>) -> Option<Text> {
    if matches!(node.data, Data::Text { plain: true, .. }) {
        quoting::check_plain(report, at.span, &at.value);
    }
    let fixed_length = (!at.value.contains("{{")).then(|| at.value.chars().count());
    match Template::parse(&at.value) {
        Ok(template) => {
            let uses = uses(report, node, &at.value, &template.names(), false);
            Some(Text { template, uses, span: at.span, fixed_length })
        }
        Err(error) => {
            syntax_error(report, Code::Template, node, &at.value, &error);
            None
        }
    }
}

/// A condition.
pub(super) fn condition(report: &mut Report<'_>, key: &str, node: &Node) -> Option<Condition> {
    if braced::explain(report, node) {
        return None;
    }
    let at = text(report, key, node)?;
    match Expression::parse(&at.value) {
        Ok(expression) => {
            let uses = uses(report, node, &at.value, &expression.names(), true);
            Some(Condition { expression, uses, span: at.span })
        }
        Err(error) => {
            syntax_error(report, Code::Condition, node, &at.value, &error);
            None
        }
    }
}

fn uses(
    report: &Report<'_>,
    node: &Node,
    value: &str,
    names: &[NameUse],
    is_in_condition: bool,
) -> Vec<Use> {
    names
        .iter()
        .map(|name| Use {
            span: within(report, node.span, value, name.at.start, name.at.end),
            name: name.name.clone(),
            at: name.at.clone(),
            value: node.span,
            is_in_condition,
            has_default: name.has_default,
        })
        .collect()
}

fn syntax_error(
    report: &mut Report<'_>,
    code: Code,
    node: &Node,
    value: &str,
    error: &SyntaxError,
) {
    let span = within(report, node.span, value, error.at.start, error.at.end);
    // Inside double quotes another one would end the value.
    let is_quoted = report.text(node.span).starts_with('"');
    let hint = error.hint.as_ref().map(|hint| match hint.split_once('`') {
        Some((before, written)) if is_quoted => format!("{before}`{}", written.replace('"', "'")),
        _ => hint.clone(),
    });
    report.found(code, span, error.message.as_str()).maybe_help(hint);
}

/// The place of a part of a text in the file: exact if the file has the text
/// unchanged, or the part only once; otherwise the place of the whole text.
fn within(report: &Report<'_>, span: Span, value: &str, start: usize, end: usize) -> Span {
    let raw = report.text(span);
    // With the braces around it, a name is more likely to be unique in the text.
    let opens = value.get(..start).and_then(|before| before.rfind("{{")).unwrap_or(start);
    let closes = value.get(end..).and_then(|after| after.find("}}")).map_or(end, |at| end + at);
    let part = value.get(opens..closes).unwrap_or_default();
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    let offset = if raw == value {
        Some(start)
    } else if inner == value {
        Some(start + 1)
    } else if part.is_empty() {
        None
    } else {
        let mut places = raw.match_indices(part).map(|(at, _)| at);
        places.next().filter(|_| places.next().is_none()).map(|at| at + (start - opens))
    };
    match offset {
        Some(offset) => Span::new(span.start + offset, span.start + offset + (end - start)),
        None => span,
    }
}
