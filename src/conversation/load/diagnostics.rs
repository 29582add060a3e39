//! Collects what is found in one flow's files.

use std::collections::{HashMap, HashSet};

use super::source_map::Bundle;
use crate::conversation::allowances::{Allowance, Allowances};
use crate::conversation::finding::{Code, Finding, FindingKind, Severity, Span};
use crate::conversation::suggest;

/// The most findings that are kept of one flow. More of them help nobody.
const MAX_FINDINGS: usize = 100;

/// The findings of one flow, with positions turned into lines and columns.
///
/// Spans count through all of its files; when it is [finished](Self::finish)
/// they count in the file that each finding and label is about.
pub(super) struct Report<'a> {
    bundle: &'a Bundle<'a>,
    line_starts: Vec<usize>,
    findings: Vec<Finding>,
    /// What was reported, and where: a text is read once for each language.
    said: HashSet<(Span, String)>,
    /// Holds a finding that is not kept: beyond [`MAX_FINDINGS`], repeated or allowed.
    surplus: Option<Finding>,
    dropped: HashMap<FindingKind, usize>,
    errors: usize,
    /// What each file allows; empty until it is [read](Self::read_allowances).
    allowances: Vec<Allowances>,
}

impl<'a> Report<'a> {
    pub(super) fn new(bundle: &'a Bundle<'a>) -> Self {
        let line_starts = std::iter::once(0)
            .chain(bundle.text().match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            bundle,
            line_starts,
            findings: Vec::new(),
            said: HashSet::new(),
            surplus: None,
            dropped: HashMap::new(),
            errors: 0,
            allowances: Vec::new(),
        }
    }

    /// Reads what the files allow, and keeps no such warning from now on.
    pub(super) fn read_allowances(&mut self) {
        let spans = (0..self.bundle.len()).map(|file| self.bundle.span(file));
        self.allowances = spans.map(|span| Allowances::of(self.text(span))).collect();
    }

    /// What the files allow, and where that is written.
    pub(super) fn allowances(&self) -> Vec<(Span, Allowance)> {
        let files = self.allowances.iter().zip(0..);
        let all = files.flat_map(|(allowances, file)| {
            let start = self.bundle.span(file).start;
            let placed = move |own: &Allowance| {
                (Span::new(start + own.span.start, start + own.span.end), own.clone())
            };
            allowances.iter().map(placed)
        });
        all.collect()
    }

    /// Whether a file allows this warning here, so that it is not kept. A rule that
    /// reports only the first of several places must then go on to the next one.
    pub(super) fn allows(&mut self, code: Code, span: Span) -> bool {
        let file = self.bundle.file_at(span.start);
        if self.allowances.get(file).is_none_or(Allowances::is_empty) {
            return false;
        }
        let (line, _) = self.place(span);
        let at = span.start.saturating_sub(self.bundle.span(file).start);
        self.allowances.get_mut(file).is_some_and(|own| own.silence(code, line, at))
    }

    /// The name of the flow's own file.
    pub(super) fn name(&self) -> &'a str {
        self.bundle.name(0)
    }

    /// The files that the report is about.
    pub(super) fn bundle(&self) -> &'a Bundle<'a> {
        self.bundle
    }

    /// A place as findings of other files name it: the file, and where in it.
    pub(super) fn in_file(&self, span: Span) -> (String, Span) {
        let file = self.bundle.name(self.bundle.file_at(span.start));
        (file.to_owned(), self.bundle.in_file(span))
    }

    /// The text at this span.
    pub(super) fn text(&self, span: Span) -> &'a str {
        self.bundle.text().get(span.start..span.end).unwrap_or_default()
    }

    /// The text from this byte on.
    pub(super) fn text_from(&self, at: usize) -> &'a str {
        self.bundle.text().get(at..).unwrap_or_default()
    }

    /// The number of the line that holds this byte, from 1.
    pub(super) fn line_of(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at).max(1)
    }

    /// The number of the first line of the file that holds this byte.
    pub(super) fn first_line_of(&self, at: usize) -> usize {
        self.line_of(self.bundle.span(self.bundle.file_at(at)).start)
    }

    /// The bytes of a line without its line break, lines counted from 1.
    pub(super) fn line(&self, number: usize) -> Span {
        let text_end = self.bundle.text().len();
        let start = number.checked_sub(1).and_then(|index| self.line_starts.get(index));
        let start = start.copied().unwrap_or(text_end);
        let end = self.line_starts.get(number).map_or(text_end, |next| next - 1);
        let line = self.text(Span::new(start, end));
        Span::new(start, start + line.trim_end_matches('\r').len())
    }

    /// Reports an error or a warning, whichever the code is.
    pub(super) fn found(
        &mut self,
        code: Code,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.errors += usize::from(code.severity() == Severity::Error);
        self.push(code, span, message.into())
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

    /// The findings, and how many more were not kept, by their kind.
    pub(super) fn finish(mut self) -> (Vec<Finding>, HashMap<FindingKind, usize>) {
        let mut findings = std::mem::take(&mut self.findings);
        for finding in &mut findings {
            for label in finding.labels.iter_mut().filter(|label| label.file.is_empty()) {
                (label.file, label.span) = self.in_file(label.span);
            }
            finding.span = self.bundle.in_file(finding.span);
        }
        (findings, self.dropped)
    }

    /// The line and the column of a place in its file, in characters, both from 1.
    pub(super) fn place(&self, span: Span) -> (usize, usize) {
        let line = self.line_of(span.start);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        let column = self.text(Span::new(line_start, span.start)).chars().count() + 1;
        (line + 1 - self.first_line_of(span.start), column)
    }

    fn push(&mut self, code: Code, span: Span, message: String) -> &mut Finding {
        let span = self.within_text(span);
        let (line, column) = self.place(span);
        let file = self.bundle.name(self.bundle.file_at(span.start));
        let is_allowed = self.allows(code, span);
        let is_new = !is_allowed && (self.is_full() || self.said.insert((span, message.clone())));
        let finding = Finding {
            code,
            file: file.to_owned(),
            span,
            line,
            column,
            message,
            help: None,
            labels: Vec::new(),
        };
        if !is_new {
            self.surplus.insert(finding)
        } else if self.is_full() {
            let mut kind = FindingKind::of(code.severity(), &finding.message);
            if self.dropped.len() >= MAX_FINDINGS && !self.dropped.contains_key(&kind) {
                kind = FindingKind::others(code.severity());
            }
            *self.dropped.entry(kind).or_default() += 1;
            self.surplus.insert(finding)
        } else {
            self.findings.push(finding);
            let last = self.findings.len() - 1;
            &mut self.findings[last]
        }
    }

    /// The span moved to whole characters inside the text.
    fn within_text(&self, span: Span) -> Span {
        let text = self.bundle.text();
        Span::new(text.floor_char_boundary(span.start), text.floor_char_boundary(span.end))
    }
}
