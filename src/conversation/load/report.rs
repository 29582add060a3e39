//! Collects what is found in one file.

use crate::conversation::finding::{Finding, Severity, Span};
use crate::conversation::source::Source;
use crate::conversation::suggest;

/// Findings that are kept of one file; who has more needs no further ones.
const MAX_FINDINGS: usize = 100;

/// The findings of one file, with positions turned into lines and columns.
pub(super) struct Report<'a> {
    source: &'a Source,
    line_starts: Vec<usize>,
    findings: Vec<Finding>,
    /// Takes what is found beyond [`MAX_FINDINGS`].
    surplus: Option<Finding>,
    dropped: usize,
    errors: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let line_starts = std::iter::once(0)
            .chain(source.text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self { source, line_starts, findings: Vec::new(), surplus: None, dropped: 0, errors: 0 }
    }

    /// The file.
    pub(super) fn source(&self) -> &'a Source {
        self.source
    }

    /// What the file says here.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.source.text.get(span.start..span.end).unwrap_or_default()
    }

    /// The number of the line that holds this byte, from 1.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).max(1)
    }

    /// The bytes of a line without its line break, lines counted from 1.
    pub(super) fn line(&self, number: usize) -> Span {
        let start = number.checked_sub(1).and_then(|index| self.line_starts.get(index));
        let start = start.copied().unwrap_or(self.source.text.len());
        let end = self.line_starts.get(number).map_or(self.source.text.len(), |next| next - 1);
        let line = self.text(Span::new(start, end));
        Span::new(start, start + line.trim_end_matches('\r').len())
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.errors += 1;
        self.push(Severity::Error, span, message.into())
    }

    pub(super) fn warning(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.push(Severity::Warning, span, message.into())
    }

    /// How many errors were found, kept or not.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// Whether further findings are no longer kept, so that costly advice can be spared.
    pub(super) fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// `did you mean …?`, where one of the candidates is near.
    pub(super) fn did_you_mean<'b>(
        &self,
        wrong: &str,
        candidates: impl IntoIterator<Item = &'b str>,
    ) -> Option<String> {
        if self.is_full() {
            return None;
        }
        suggest::nearest(wrong, candidates).map(|near| format!("did you mean `{near}`?"))
    }

    /// The findings, and how many more were not kept.
    pub(super) fn finish(self) -> (Vec<Finding>, usize) {
        (self.findings, self.dropped)
    }

    /// The line and the column of a place, in characters, both from 1.
    pub(super) fn place(&self, span: Span) -> (usize, usize) {
        let line = self.line_of(span.start);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        (line, self.text(Span::new(line_start, span.start)).chars().count() + 1)
    }

    fn push(&mut self, severity: Severity, span: Span, message: String) -> &mut Finding {
        let span = self.within_text(span);
        let (line, column) = self.place(span);
        let finding = Finding {
            severity,
            file: self.source.name.clone(),
            span,
            line,
            column,
            message,
            help: None,
            labels: Vec::new(),
        };
        if self.is_full() {
            self.dropped += 1;
            self.surplus.insert(finding)
        } else {
            self.findings.push(finding);
            let last = self.findings.len() - 1;
            &mut self.findings[last]
        }
    }

    /// The span moved to whole characters inside the text.
    fn within_text(&self, span: Span) -> Span {
        let text = &self.source.text;
        Span::new(text.floor_char_boundary(span.start), text.floor_char_boundary(span.end))
    }
}
