//! `# allow: CODE` comments: warnings that are meant.
//!
//! An allowance holds for the line that it stands on or, where it has a line of
//! its own, for the next line that is not a comment. A text of several lines
//! counts as the line on which it begins. What looks like such a comment inside
//! a text is text; the YAML parser says where the texts are.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::finding::{Code, Span};
use super::source::Source;

/// What such a comment begins with, behind its `#`.
const KEY: &str = "allow:";

/// One code that a comment allows.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    /// The code as it is written; the whole comment where none is.
    pub(super) written: String,
    /// The code; `None` where there is no such one.
    pub(super) code: Option<Code>,
    /// Where it is written.
    pub(super) span: Span,
    /// The line for which it holds, from 1.
    pub(super) line: usize,
    /// Whether it silenced something.
    pub(super) is_used: bool,
}

impl Allowance {
    /// Whether it could silence something and did not.
    pub(super) fn is_idle(&self) -> bool {
        !self.is_used && self.code.is_some_and(|code| !code.is_error())
    }

    /// The line and the column of its code, both from 1.
    pub(super) fn place(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.span.start).unwrap_or_default();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (before.matches('\n').count() + 1, column)
    }

    /// What is said of one that silences nothing, and what to do.
    pub(super) fn idle(&self) -> (String, &'static str) {
        let message = format!(
            "`{}` is allowed here, and there is no such warning on line {}",
            self.written, self.line
        );
        (message, "remove it, or write it right above the line that the warning names")
    }
}

/// The allowances of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowances {
    list: Vec<Allowance>,
    /// The first of each code for a line.
    first: HashMap<(usize, Code), usize>,
    texts: Vec<Text>,
}

impl Allowances {
    /// The allowances of a file with this text.
    pub(super) fn of(text: &str) -> Self {
        if !text.contains(KEY) || text.len() > Source::MAX_BYTES {
            return Self::default();
        }
        // A file that is not YAML has an error of its own.
        let Some(texts) = texts(text) else { return Self::default() };
        let lines = Lines::new(text, &texts);
        let mut list = Vec::new();
        let mut below = lines.starts.len() + 1;
        for number in (1..=lines.starts.len()).rev() {
            let comment = lines.comment(number);
            let is_alone = comment.is_some_and(|comment| lines.begins_with(number, comment));
            if !is_alone {
                below = number;
            }
            let Some(codes) = comment.and_then(|comment| codes(text, comment)) else { continue };
            list.extend(codes.into_iter().rev().map(|span| {
                let written = text.get(span.start..span.end).unwrap_or_default().to_owned();
                let code = Code::named(&written);
                Allowance { written, code, span, line: below, is_used: false }
            }));
        }
        list.reverse();
        let mut first = HashMap::new();
        for (place, allowance) in list.iter().enumerate() {
            if let Some(code) = allowance.code.filter(|code| !code.is_error()) {
                first.entry((allowance.line, code)).or_insert(place);
            }
        }
        Self { list, first, texts }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them, as they are written.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Allowance> {
        self.list.iter()
    }

    /// Whether one allows a warning of this code that begins on `line`, with
    /// the byte `at` of the file; the first that does is used.
    pub(super) fn silence(&mut self, code: Code, line: usize, at: usize) -> bool {
        let begins = text_at(&self.texts, at).map_or(line, |text| text.line);
        let place = self.first.get(&(line, code)).or_else(|| self.first.get(&(begins, code)));
        let found = place.and_then(|place| self.list.get_mut(*place));
        found.map(|allowance| allowance.is_used = true).is_some()
    }
}

/// A text of the file.
#[derive(Clone, Debug)]
struct Text {
    span: Span,
    /// The line on which it begins: that of the `|` or `>`, where it has one.
    line: usize,
}

/// The text in which a byte stands.
fn text_at(texts: &[Text], at: usize) -> Option<&Text> {
    let before = texts.partition_point(|text| text.span.start <= at);
    texts[..before].last().filter(|text| at < text.span.end)
}

/// The texts of a file, keys among them; `None` where it is not YAML.
fn texts(text: &str) -> Option<Vec<Text>> {
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let byte = |character: usize| bytes.get(character).copied().unwrap_or(text.len());
    let mut texts = Vec::new();
    let mut line = 1;
    let mut counted = 0;
    for event in Parser::new_from_str(text) {
        let (Event::Scalar(value, style, ..), span) = event.ok()? else { continue };
        let start = byte(span.start.index());
        // Of a text in quotes the parser counts the comment behind it, too.
        let end = quoted_end(text, start, style).unwrap_or_else(|| byte(span.end.index()));
        let span = Span::new(start, end);
        if value.trim().is_empty() || span.start == span.end {
            continue;
        }
        // The parser lets the text of a block begin with its first letter.
        let begins = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let above = text.get(..span.start).unwrap_or_default();
            above.rfind('\n').map_or(0, |end| above[..end].trim_end().len())
        } else {
            span.start
        };
        line += text.get(counted..begins).unwrap_or_default().matches('\n').count();
        counted = begins;
        texts.push(Text { span, line });
    }
    Some(texts)
}

/// Where a text in quotes ends, behind the closing one; `None` of any other.
fn quoted_end(text: &str, start: usize, style: ScalarStyle) -> Option<usize> {
    let quote = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => return None,
    };
    let mut signs = text.get(start + 1..)?.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let is_twice = sign == quote && signs.peek().is_some_and(|(_, next)| *next == quote);
        if sign == '\\' && quote == '"' || is_twice && quote == '\'' {
            signs.next();
        } else if sign == quote {
            return Some(start + 1 + at + 1);
        }
    }
    None
}

/// The lines of a file, and where its texts are.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    texts: &'a [Text],
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, texts: &'a [Text]) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), texts }
    }

    /// Where a line begins and ends, its break not counted; `None` behind the last.
    fn span(&self, number: usize) -> Option<Span> {
        let start = *self.starts.get(number.checked_sub(1)?)?;
        let end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        Some(Span::new(start, end))
    }

    /// The comment on a line.
    fn comment(&self, number: usize) -> Option<Span> {
        let line = self.span(number)?;
        let written = self.text.get(line.start..line.end)?;
        let signs = written.match_indices('#').map(|(at, _)| at);
        let is_comment = |at: &usize| {
            let before = written[..*at].chars().next_back();
            before.is_none_or(is_blank) && text_at(self.texts, line.start + at).is_none()
        };
        let at = signs.into_iter().find(is_comment)?;
        let length = written[at..].find('\r').unwrap_or(written.len() - at);
        Some(Span::new(line.start + at, line.start + at + length))
    }

    /// Whether nothing stands before a comment on its line.
    fn begins_with(&self, number: usize, comment: Span) -> bool {
        let start = self.span(number).map_or(comment.start, |line| line.start);
        self.text.get(start..comment.start).unwrap_or_default().chars().all(is_blank)
    }
}

/// A byte order mark may stand where the file begins.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Where the codes of a comment are written, at least one place; `None` where
/// it is any other comment.
fn codes(text: &str, comment: Span) -> Option<Vec<Span>> {
    let written = text.get(comment.start..comment.end)?.trim_end();
    let list = written.strip_prefix('#')?.trim_start().strip_prefix(KEY)?;
    let mut at = comment.start + written.len() - list.len();
    let mut codes = Vec::new();
    for code in list.split(',') {
        let start = at + code.len() - code.trim_start().len();
        at += code.len() + 1;
        if !code.trim().is_empty() {
            codes.push(Span::new(start, start + code.trim().len()));
        }
    }
    if codes.is_empty() {
        codes.push(Span::new(comment.start, comment.start + written.len()));
    }
    Some(codes)
}
