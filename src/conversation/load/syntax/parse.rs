//! Parses YAML text to a tree with the place of each part.
//!
//! The tree is built from the parser's events, not from a YAML value: every
//! scalar stays the text that was written (`yes`, `409`, `~`), a key that is
//! written twice is an error, and what a flow does not use (anchors, aliases,
//! tags, merge keys, a second document) is refused. `read` decides what the
//! nodes mean.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};

use super::node::{Data, Node};
use super::quote::quoted;
use crate::conversation::finding::{Code, Span};
use crate::conversation::load::diagnostics::Report;
use crate::conversation::load::syntax::explain::{braced, brackets, hidden, levels, traps};
use crate::conversation::source::Source;

/// How deep lists and mappings may nest.
const MAX_DEPTH: usize = 32;

/// A list or mapping that has not ended yet.
struct Open {
    span: Span,
    map: bool,
    children: Vec<Node>,
}

/// The tree of one of the files, if it is YAML of the kind that flows are written in.
pub(crate) fn parse(report: &mut Report<'_>, file: usize) -> Option<Node> {
    let whole = report.bundle().span(file);
    let text = report.text(whole);
    if text.len() > Source::MAX_BYTES {
        report
            .found(
                Code::LimitExceeded,
                Span::new(whole.start, whole.start),
                "this file is longer than 1 MiB",
            )
            .help("split the flow into several files");
        return None;
    }
    if hidden::check(report, file) {
        return None;
    }
    let offsets = Offsets::new(text, whole.start);
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut documents = 0;
    let mut has_alias = false;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok((event, span)) => (event, offsets.span(span)),
            Err(error) => {
                let at = offsets.byte(error.marker().index());
                traps::explain(report, at, error.info());
                return None;
            }
        };
        let written = refuse_properties(report, &event, span);
        let done = match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    report
                        .found(Code::YamlFeature, span, "a second document begins here")
                        .help("write one flow per file: remove the `---`, or move what follows it to a file of its own");
                    return None;
                }
                None
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if stack.len() >= MAX_DEPTH {
                    report
                        .found(
                            Code::LimitExceeded,
                            span,
                            format!("this is nested more than {MAX_DEPTH} levels deep"),
                        )
                        .help("remove it: no key of a flow takes a value that is nested so deep");
                    return None;
                }
                let map = matches!(event, Event::MappingStart(..));
                stack.push(Open { span, map, children: Vec::new() });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop().map(|open| close(report, open, span, is_steps(&stack)))
            }
            Event::Scalar(value, style, ..) => {
                let plain = style == ScalarStyle::Plain && written.is_none();
                let value = written.unwrap_or_else(|| value.into_owned());
                Some(Node { span, data: Data::Text { value, plain } })
            }
            // Refused above; an empty text keeps keys and values in step.
            Event::Alias(_) => {
                has_alias = true;
                Some(Node { span, data: Data::Text { value: String::new(), plain: false } })
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => None,
        };
        match (done, stack.last_mut()) {
            (Some(node), Some(open)) => open.children.push(node),
            (Some(node), None) => root = Some(node),
            (None, _) => {}
        }
    }
    // The value of an alias is missing in the tree, which would mislead later checks.
    root.filter(|_| !has_alias)
}

/// Whether what ends now is the value of `steps`.
fn is_steps(around: &[Open]) -> bool {
    let [root] = around else { return false };
    root.map
        && root.children.len() % 2 == 1
        && root.children.last().is_some_and(|k| k.says("steps"))
}

/// The finished list or mapping; `end` is where the parser saw it end.
fn close(report: &mut Report<'_>, open: Open, end: Span, is_steps: bool) -> Node {
    // The parser sees the end of a block only at what follows it.
    let last = open.children.last().map_or(open.span.end, |node| node.span.end);
    let end = if end.start == end.end { last } else { end.end };
    let span = Span::new(open.span.start, end);
    if !open.map {
        return Node { span, data: Data::List(open.children) };
    }
    let mut written: Vec<(Node, Node)> = Vec::with_capacity(open.children.len() / 2);
    let mut children = open.children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        written.push((key, value));
    }
    brackets::join_texts(report, span, &mut written);
    if is_steps {
        levels::put_keys_into_steps(report, &mut written);
    }
    let mut entries: Vec<(Node, Node)> = Vec::with_capacity(written.len());
    let mut first: HashMap<String, Span> = HashMap::new();
    for (key, value) in written {
        if let Data::Text { value: name, plain } = &key.data {
            if *plain && name == "<<" {
                report
                    .found(Code::YamlFeature, key.span, "`<<` would merge another mapping")
                    .help("write the keys out: flows have no merge keys");
                continue;
            }
            if let Some(earlier) = first.get(name) {
                report
                    .found(Code::Duplicate, key.span, format!("`{name}` is written twice"))
                    .label(*earlier, "first here")
                    .help("keep one of them");
                continue;
            }
            first.insert(name.clone(), key.span);
        }
        entries.push((key, value));
    }
    Node { span, data: Data::Map(entries) }
}

/// Refuses anchors, aliases and tags, which were nearly always meant as text.
/// Returns what was written if the value would be empty otherwise.
fn refuse_properties(report: &mut Report<'_>, event: &Event<'_>, span: Span) -> Option<String> {
    let (anchor, tagged) = match event {
        Event::Alias(_) => {
            report
                .found(
                    Code::YamlFeature,
                    span,
                    "`*` begins a reference to an anchor, which flows do not have",
                )
                .help("if it belongs to the text, put the text in quotes");
            return None;
        }
        Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) => {
            (*anchor, tag.is_some())
        }
        Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
        _ => return None,
    };
    let mut written = None;
    // The node's span begins after its properties: point at the sign before it.
    for (present, sign, name) in [(anchor > 0, '&', "an anchor"), (tagged, '!', "a tag")] {
        if present {
            let line = report.line(report.line_of(span.start));
            let before = report.text(Span::new(line.start, span.start.max(line.start)));
            let at = before.rfind(sign).map_or(span.start, |at| line.start + at);
            let place = Span::new(at, span.end.max(at + 1));
            let text = report.text(place).trim_end();
            let before = report.text(Span::new(line.start, at.max(line.start)));
            if sign == '!' && before.trim_end().ends_with("is:") && braced::explain_line(report, at)
            {
                // It is reported; any valid condition in its place adds no finding.
                written = Some("now".to_owned());
                continue;
            }
            let help = match event {
                Event::Scalar(_, ScalarStyle::Plain, ..) if !text.contains('\n') => {
                    format!("if it belongs to the text, write {}", quoted(text))
                }
                _ => "if it belongs to the text, put the text in quotes".to_owned(),
            };
            report
                .found(
                    Code::YamlFeature,
                    place,
                    format!("`{sign}` begins {name}, which flows do not have"),
                )
                .help(help);
            let is_empty = matches!(event, Event::Scalar(value, ..) if value.is_empty());
            written = is_empty.then(|| text.to_owned());
        }
    }
    written
}

/// Turns the parser's positions, counted in characters of one file, into bytes
/// of the whole bundle.
struct Offsets {
    /// Where the file begins.
    start: usize,
    /// The byte at which each character begins; empty where all are one byte.
    bytes: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn new(text: &str, start: usize) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Self { start, bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = if self.bytes.is_empty() {
            character.min(self.length)
        } else {
            self.bytes.get(character).copied().unwrap_or(self.length)
        };
        self.start + byte
    }

    fn span(&self, span: YamlSpan) -> Span {
        Span::new(self.byte(span.start.index()), self.byte(span.end.index()))
    }
}
