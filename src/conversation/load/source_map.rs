//! Joins a flow's file and its language files to one text, so that a place in any
//! of them is a [`Span`] like any other. A finding has the name and the lines of
//! its own file.

use crate::conversation::finding::Span;
use crate::conversation::source::Source;

/// Files one after the other, with a line break between them.
pub(super) struct Bundle<'a> {
    text: String,
    files: Vec<File<'a>>,
}

/// One file of a bundle.
struct File<'a> {
    name: &'a str,
    span: Span,
}

impl<'a> Bundle<'a> {
    /// These files; the first is the flow's own.
    pub(super) fn new(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut bundle = Self { text: String::new(), files: Vec::new() };
        for source in sources {
            if !bundle.files.is_empty() {
                bundle.text.push('\n');
            }
            let start = bundle.text.len();
            bundle.text.push_str(&source.text);
            let span = Span::new(start, bundle.text.len());
            bundle.files.push(File { name: &source.name, span });
        }
        bundle
    }

    /// All of it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How many files there are.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    /// The name of a file, in the order in which they were given.
    pub(super) fn name(&self, file: usize) -> &'a str {
        self.files.get(file).map_or("", |file| file.name)
    }

    /// The span of a file.
    pub(super) fn span(&self, file: usize) -> Span {
        self.files.get(file).map_or_else(Span::default, |file| file.span)
    }

    /// The file that contains a byte.
    pub(super) fn file_at(&self, at: usize) -> usize {
        self.files.partition_point(|file| file.span.start <= at).saturating_sub(1)
    }

    /// A span counted from the start of its file.
    pub(super) fn in_file(&self, span: Span) -> Span {
        let file = self.span(self.file_at(span.start));
        let within = |at: usize| at.min(file.end).saturating_sub(file.start);
        Span::new(within(span.start), within(span.end))
    }
}
