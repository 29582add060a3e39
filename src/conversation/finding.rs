//! What is wrong or doubtful in flow files, and how it is shown.
//!
//! A [`Finding`] says what is wrong, where, and what to write instead.
//! [`Findings`] keeps the files' texts beside them, so that each can be shown
//! under its line. `load` finds them, and commands print them.

mod codes;

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

pub use self::codes::{Code, Severity};
use super::shown::{hidden_in, shown, shown_at, shown_lines, written};
use super::source::Source;

/// A stretch of a file's text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` up to `end`.
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }
}

/// The most findings of a kind that are shown; the others are counted.
const SHOWN_OF_A_KIND: usize = 6;

/// The most findings of all kinds that are shown.
const SHOWN: usize = 100;

/// A further place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub file: String,
    /// Where in it.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// One thing that is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is.
    pub code: Code,
    /// The file's name as it was given; empty if it is about no file.
    pub file: String,
    /// Where in the file.
    pub span: Span,
    /// The line of `span`'s start, from 1.
    pub line: usize,
    /// The column of `span`'s start in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: Option<String>,
    /// Further places.
    pub labels: Vec<Label>,
}

/// What findings have in common that report the same fault at several places.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FindingKind(Severity, String);

impl FindingKind {
    /// The kind of a finding with this message, without its numbers, except those in
    /// names.
    pub(super) fn of(severity: Severity, message: &str) -> Self {
        let mut is_name = false;
        let counts = |c: &char| {
            is_name ^= *c == '`';
            is_name || !c.is_ascii_digit()
        };
        Self(severity, message.chars().filter(counts).collect())
    }

    /// All other kinds.
    pub(super) fn others(severity: Severity) -> Self {
        Self(severity, String::new())
    }
}

impl Finding {
    /// Its severity.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    fn kind(&self) -> FindingKind {
        FindingKind::of(self.severity(), &self.message)
    }

    /// Adds what to write.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to write, if there is advice.
    pub(super) fn maybe_help(&mut self, help: Option<String>) -> &mut Self {
        self.help = help.or(self.help.take());
        self
    }

    /// Adds a further place in the same flow. The report knows which of its files
    /// that is.
    pub(super) fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.label_in(String::new(), span, text)
    }

    /// Adds a further place, in any file.
    pub(super) fn label_in(
        &mut self,
        file: impl Into<String>,
        span: Span,
        text: impl Into<String>,
    ) -> &mut Self {
        self.labels.push(Label { file: file.into(), span, text: text.into() });
        self
    }
}

/// All findings of one load, by file and position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many more there were than are kept, by kind.
    dropped: HashMap<FindingKind, usize>,
    sources: Vec<Source>,
}

impl Findings {
    /// The findings in these files, sorted; `dropped` more were not kept.
    pub(super) fn new(
        mut list: Vec<Finding>,
        dropped: HashMap<FindingKind, usize>,
        sources: &[Source],
    ) -> Self {
        let order = |file: &str| sources.iter().position(|source| source.name == file);
        list.sort_by_cached_key(|finding| {
            (order(&finding.file), finding.span.start, finding.message.clone())
        });
        Self { list, dropped, sources: sources.to_vec() }
    }

    /// The findings, by file and position.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many of this severity there are, kept or not.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let kept = self.list.iter().filter(|finding| finding.severity() == severity).count();
        let dropped = self.dropped.iter().filter(|(kind, _)| kind.0 == severity);
        kept + dropped.map(|(_, count)| count).sum::<usize>()
    }

    /// Where a stretch of a file begins and ends: line and column in
    /// characters, both from 1. `None` if that file is not here.
    #[must_use]
    pub fn lines_of(&self, file: &str, span: Span) -> Option<((usize, usize), (usize, usize))> {
        let source = self.sources.iter().find(|source| source.name == file)?;
        let place = |at: usize| {
            let before = &source.text[..source.text.floor_char_boundary(at)];
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (line, column)
        };
        Some((place(span.start), place(span.end)))
    }

    /// The findings that are shown, each with how many more of its kind follow it, and
    /// the number of all others.
    #[must_use]
    pub fn shown(&self) -> (Vec<(&Finding, usize)>, usize) {
        let mut shown: Vec<(&Finding, usize)> = Vec::new();
        let mut kinds: HashMap<FindingKind, (usize, usize)> = HashMap::new();
        let mut others = 0;
        for finding in &self.list {
            let (count, last) = kinds.entry(finding.kind()).or_default();
            if *count < SHOWN_OF_A_KIND && shown.len() < SHOWN {
                *count += 1;
                *last = shown.len();
                shown.push((finding, 0));
            } else if *count > 0 {
                shown[*last].1 += 1;
            } else {
                others += 1;
            }
        }
        for (kind, dropped) in &self.dropped {
            match kinds.get(kind) {
                Some((1.., last)) => shown[*last].1 += dropped,
                _ => others += dropped,
            }
        }
        (shown, others)
    }

    /// The findings as a person reads them, each under its line of the file. Only the
    /// first findings of a frequent kind are shown.
    #[must_use]
    pub fn render(&self, coloured: bool) -> String {
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        let (shown, others) = self.shown();
        let mut texts = Vec::new();
        for (finding, more) in shown {
            texts.push(self.render_one(finding, &renderer));
            if more > 0 {
                texts.push(format!("… and {more} more like this"));
            }
        }
        if others > 0 {
            texts.push(format!("… and {others} more"));
        }
        texts.join("\n\n")
    }

    fn render_one(&self, finding: &Finding, renderer: &Renderer) -> String {
        let level = match finding.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(shown_lines(&finding.message)).id(finding.code.name());
        let mut group = Group::with_title(title);
        let own = Excerpt::of(&self.sources, finding, &finding.file);
        group = group.elements(own.map(Excerpt::into_snippet));
        let mut others: Vec<&str> = Vec::new();
        for label in &finding.labels {
            if label.file != finding.file && !others.contains(&label.file.as_str()) {
                others.push(&label.file);
            }
        }
        for file in others {
            let other = Excerpt::of(&self.sources, finding, file);
            group = group.elements(other.map(Excerpt::into_snippet));
        }
        group = group
            .elements(finding.help.as_deref().map(|help| Level::HELP.message(shown_lines(help))));
        renderer.render(&[group])
    }
}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Findings {}

/// The lines of one file that a finding is about. They are cut out, since the
/// renderer reads all that it is given again for each finding.
struct Excerpt<'a> {
    source: &'a Source,
    lines: Range<usize>,
    marks: Vec<(AnnotationKind, Span, Option<&'a str>)>,
}

impl<'a> Excerpt<'a> {
    fn of(sources: &'a [Source], finding: &'a Finding, file: &str) -> Option<Self> {
        let source = sources.iter().find(|source| source.name == file)?;
        let own = (finding.file == file).then_some((AnnotationKind::Primary, finding.span, None));
        // In another file there is no caret of the finding itself: its labels are the place.
        let kind = if own.is_some() { AnnotationKind::Context } else { AnnotationKind::Primary };
        let labels = finding.labels.iter().filter(|label| label.file == file);
        let marks: Vec<_> = own
            .into_iter()
            .chain(labels.map(|label| (kind, label.span, Some(label.text.as_str()))))
            .collect();
        let first = marks.iter().map(|(_, span, _)| span.start).min()?;
        let last = marks.iter().map(|(_, span, _)| span.end).max()?;
        Some(Self { source, lines: whole_lines(&source.text, first, last), marks })
    }

    fn into_snippet(self) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let text = &self.source.text;
        let offset = self.lines.start;
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let excerpt = text.get(self.lines).unwrap_or_default();
        let hidden: Vec<_> = hidden_in(excerpt).filter(|(_, c)| !LAID_OUT.contains(c)).collect();
        let moved = |at: usize| moved(&hidden, at.saturating_sub(offset));
        let marks = self.marks.iter().map(|(kind, span, label)| {
            kind.span(moved(span.start)..moved(span.end)).label(label.map(shown))
        });
        let marks: Vec<_> = marks.collect();
        let path = shown(&self.source.name);
        Snippet::source(shown_at(excerpt, hidden.iter().copied()))
            .path(path)
            .line_start(line_start)
            .annotations(marks)
    }
}

/// The characters that the renderer itself lays out.
const LAID_OUT: [char; 3] = ['\n', '\r', '\t'];

/// The position in a text after the hidden characters before it are written out.
fn moved(hidden: &[(usize, char)], at: usize) -> usize {
    let before = hidden.iter().take_while(|(place, _)| *place < at);
    at + before.map(|(_, c)| written(*c).len() - c.len_utf8()).sum::<usize>()
}

/// The range of whole lines that contains these bytes.
fn whole_lines(text: &str, first: usize, last: usize) -> Range<usize> {
    let start = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end =
        text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |at| last + at);
    start..end.max(start)
}
