//! The results of `check` for programs: one JSON document, or lines that GitHub
//! shows next to the code. Text for people is printed during the check.

use serde::Serialize;

use super::output::Output;
use crate::conversation::chat_file::Mismatch;
use crate::conversation::finding::{Findings, Severity};
use crate::conversation::{Coverage, Flows};

/// The version of the document: it grows only when a field changes its meaning.
const VERSION: u32 = 1;

/// The format of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, with the lines of the files
    #[default]
    Text,
    /// One JSON document
    Json,
    /// Lines that GitHub Actions shows next to the code
    Github,
}

/// The document. `docs/chat-files.md` has its fields.
#[derive(Debug, Default, Serialize)]
pub(super) struct Checked {
    version: u32,
    pub(super) ok: bool,
    pub(super) verdict: String,
    pub(super) flows: usize,
    errors: usize,
    warnings: usize,
    findings: Vec<FindingTold>,
    pub(super) chats: Vec<ChatTold>,
    coverage: Option<CoverageTold>,
    pub(super) people: Option<People>,
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FindingTold {
    severity: &'static str,
    code: &'static str,
    message: String,
    help: Option<String>,
    #[serde(flatten)]
    place: Option<Place>,
    labels: Vec<LabelTold>,
}

/// A range in a file: lines and columns in characters, from 1; the end is the
/// first character after it.
#[derive(Debug, Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize)]
struct LabelTold {
    text: String,
    #[serde(flatten)]
    place: Option<Place>,
}

/// The result of a chat file.
#[derive(Debug, Serialize)]
pub(super) struct ChatTold {
    pub(super) file: String,
    pub(super) ok: bool,
    /// The place where it went another way; none if it could not be played.
    pub(super) line: Option<usize>,
    pub(super) column: Option<usize>,
    pub(super) message: Option<String>,
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CoverageTold {
    gone: usize,
    all: usize,
    percent: u8,
    gaps: Vec<GapTold>,
}

#[derive(Debug, Serialize)]
struct GapTold {
    flow: String,
    step: Option<String>,
    what: String,
    advice: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}

/// People in the middle of a conversation.
#[derive(Debug, Serialize)]
pub(super) struct People {
    pub(super) go_on: u64,
    pub(super) begin_again: u64,
    pub(super) unread: u64,
}

impl ChatTold {
    /// Returns a chat file, with what went another way.
    pub(super) fn new(file: &str, mismatch: Option<&Mismatch>) -> Self {
        Self {
            file: file.to_owned(),
            ok: mismatch.is_none(),
            line: mismatch.map(|mismatch| mismatch.line),
            column: mismatch.map(|mismatch| mismatch.column),
            message: mismatch.map(|mismatch| mismatch.message.clone()),
            notes: mismatch.map(|mismatch| mismatch.notes.clone()).unwrap_or_default(),
        }
    }

    /// Returns a chat file that could not be played.
    pub(super) fn unplayed(file: &str) -> Self {
        let message = Some("this chat file cannot be played".to_owned());
        Self { ok: false, message, ..Self::new(file, None) }
    }
}

impl Checked {
    /// Adds the findings in some files.
    pub(super) fn add(&mut self, findings: &Findings) {
        self.errors += findings.count(Severity::Error);
        self.warnings += findings.count(Severity::Warning);
        let place = |file: &str, span| {
            let ((line, column), (end_line, end_column)) = findings.lines_of(file, span)?;
            Some(Place { file: file.to_owned(), line, column, end_line, end_column })
        };
        self.findings.extend(findings.iter().map(|finding| {
            FindingTold {
                severity: finding.severity().name(),
                code: finding.code.name(),
                message: finding.message.clone(),
                help: finding.help.clone(),
                place: place(&finding.file, finding.span),
                labels: finding
                    .labels
                    .iter()
                    .map(|label| LabelTold {
                        text: label.text.clone(),
                        place: place(&label.file, label.span),
                    })
                    .collect(),
            }
        }));
    }

    /// Returns the code of the first finding.
    pub(super) fn first_code(&self) -> Option<&'static str> {
        self.findings.first().map(|finding| finding.code)
    }

    /// Adds the ways that the chat files took.
    pub(super) fn cover(&mut self, flows: &Flows, coverage: &Coverage) {
        let all = coverage.share_of_all(flows);
        let gaps = coverage.gaps(flows).into_iter().map(|gap| GapTold {
            flow: gap.flow,
            step: gap.step,
            what: gap.what,
            advice: gap.advice,
            line: gap.origin.as_ref().map(|origin| origin.line),
            column: gap.origin.as_ref().map(|origin| origin.column),
            file: gap.origin.map(|origin| origin.file),
        });
        let gaps = gaps.collect();
        self.coverage =
            Some(CoverageTold { gone: all.taken, all: all.all, percent: all.percent(), gaps });
    }

    /// Prints the result; as text it has been printed already.
    pub(super) fn print(mut self, out: &Output, format: Format, names_gaps: bool) {
        self.version = VERSION;
        match format {
            Format::Text => {}
            // serde writes characters that JSON does not allow in a text as `\u…`.
            Format::Json => match serde_json::to_string_pretty(&self) {
                Ok(document) => out.rendered(&document),
                Err(error) => out.line(&format!("this result is no JSON: {error}")),
            },
            Format::Github => self.github(names_gaps).iter().for_each(|line| out.line(line)),
        }
    }

    /// Returns the lines for GitHub; the last one is for readers of the log.
    fn github(&self, names_gaps: bool) -> Vec<String> {
        let findings = self.findings.iter().map(|finding| {
            let place = finding.place.as_ref();
            let place = place.map(|place| (place.file.as_str(), place.line, place.column));
            let note = Note { title: Some(finding.code), help: finding.help.as_deref() };
            annotation(finding.severity, place, &finding.message, note)
        });
        let failed = self.chats.iter().filter(|chat| !chat.ok).map(|chat| {
            let place = (chat.file.as_str(), chat.line.unwrap_or(1), chat.column.unwrap_or(1));
            let message = chat.message.as_deref().unwrap_or_default();
            let note = Note { title: None, help: chat.notes.first().map(String::as_str) };
            annotation("error", Some(place), message, note)
        });
        let gaps = self.coverage.iter().filter(|_| names_gaps).flat_map(|coverage| &coverage.gaps);
        let gaps = gaps.map(|gap| {
            let place = gap.file.as_deref().zip(gap.line).zip(gap.column);
            let place = place.map(|((file, line), column)| (file, line, column));
            annotation("notice", place, &gap.what, Note { title: None, help: Some(&gap.advice) })
        });
        let notes = self.notes.iter().map(|note| annotation("notice", None, note, Note::default()));
        let mut lines: Vec<String> = findings.chain(failed).chain(gaps).chain(notes).collect();
        if !self.ok && !lines.iter().any(|line| line.starts_with("::error")) {
            lines.push(annotation("error", None, &self.verdict, Note::default()));
        }
        lines.push(self.verdict.clone());
        lines
    }
}

/// The properties of an annotation besides its message.
#[derive(Clone, Copy, Default)]
struct Note<'a> {
    title: Option<&'a str>,
    help: Option<&'a str>,
}

/// Returns a line of GitHub Actions:
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
fn annotation(
    level: &str,
    place: Option<(&str, usize, usize)>,
    message: &str,
    note: Note<'_>,
) -> String {
    let place = place
        .map(|(file, line, column)| format!("file={},line={line},col={column}", property(file)));
    let title = note.title.map(|title| format!("title={}", property(title)));
    let properties: Vec<String> = place.into_iter().chain(title).collect();
    let space = if properties.is_empty() { "" } else { " " };
    let help = note.help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let message = format!("{message}{help}");
    format!("::{level}{space}{}::{}", properties.join(","), data(&message))
}

/// Returns a message, which ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Returns a property, which ends at a `,` or a `:`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Note, annotation};

    #[test]
    fn what_would_end_a_line_or_a_property_is_escaped() {
        for (file, message, help, expected) in [
            ("a.yaml", "no", None, "::error file=a.yaml,line=1,col=2::no"),
            ("a,b:c%.yaml", "x", None, "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2::x"),
            (
                "a",
                "100 %\r\n::b, c",
                Some("d"),
                "::error file=a,line=1,col=2::100 %25%0D%0A::b, c%0Ahelp: d",
            ),
        ] {
            let note = Note { title: None, help };
            assert_eq!(annotation("error", Some((file, 1, 2)), message, note), expected);
        }
        assert_eq!(annotation("warning", None, "x", Note::default()), "::warning::x");
        let note = Note { title: Some("ucs2"), help: None };
        assert_eq!(annotation("warning", None, "x", note), "::warning title=ucs2::x");
        let placed = annotation("warning", Some(("a", 1, 2)), "x", note);
        assert_eq!(placed, "::warning file=a,line=1,col=2,title=ucs2::x");
    }
}
