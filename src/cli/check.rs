//! `ringback check`: loads the flows, tells what is found, runs the chat files.

use std::path::Path;

use super::flows;
use super::output::{Colour, Output};
use crate::conversation::chat_file::{self, ChatFile, LineError, Mismatch};
use crate::conversation::finding::Severity;
use crate::conversation::{Coverage, Flows, Gap, Loaded, Source, Way};

/// The most ways without a chat file that are named.
const MAX_GAPS: usize = 20;

/// Checks. `false`: something is wrong.
pub(super) fn run(path: Option<&Path>, strict: bool) -> anyhow::Result<bool> {
    let out = Output::new();
    let loaded = match Flows::load(&flows::sources(path)?) {
        Ok(loaded) => loaded,
        Err(findings) => {
            out.line(&findings.render(out.is_coloured()));
            out.line("");
            let errors = findings.count(Severity::Error);
            out.line(&format!("{}: the flows do not load", count(errors, "error")));
            return Ok(false);
        }
    };
    if !loaded.warnings.is_empty() {
        out.line(&loaded.warnings.render(out.is_coloured()));
        out.line("");
    }
    let chats = flows::chats(path)?;
    let tested = run_chats(&out, &loaded.flows, &chats);
    if tested.failed == 0 {
        tell_gaps(&out, &loaded.flows, &chats, &tested.coverage);
    }
    let refused = strict && !loaded.warnings.is_empty();
    out.line(&summary(&loaded, chats.len(), tested.failed, refused));
    Ok(tested.failed == 0 && !refused)
}

struct Tested {
    coverage: Coverage,
    failed: usize,
}

fn run_chats(out: &Output, flows: &Flows, chats: &[Source]) -> Tested {
    let mut tested = Tested { coverage: Coverage::default(), failed: 0 };
    for chat in chats {
        let failure = match ChatFile::parse(&chat.name, &chat.text) {
            Err(errors) => Some(unreadable(out, chat, &errors)),
            Ok(parsed) => {
                let report = chat_file::run(flows, &parsed);
                tested.coverage.merge(report.coverage);
                report.mismatch.map(|mismatch| unkept(out, chat, &mismatch))
            }
        };
        match failure {
            None => out.line(&format!("{} {}", out.paint(Colour::Green, "ok  "), chat.name)),
            Some(why) => {
                tested.failed += 1;
                out.line(&format!("{} {}\n{why}", out.paint(Colour::Red, "FAIL"), chat.name));
            }
        }
    }
    tested
}

/// Tells the lines that cannot be read, and what to write.
fn unreadable(out: &Output, chat: &Source, errors: &[LineError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|LineError { line, message, hint }| {
            let written = chat.text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
            let hint_label = out.paint(Colour::Cyan, "hint");
            format!("  {}:{line}: {message}\n    {written}\n    {hint_label}: {hint}", chat.name)
        })
        .collect();
    lines.join("\n")
}

/// Tells where the conversation went another way: after which message, and
/// what was expected beside what came.
fn unkept(out: &Output, chat: &Source, Mismatch { line, expected, got }: &Mismatch) -> String {
    let said = chat.text.lines().take(*line).filter(|line| line.starts_with('>')).last();
    let after = said.map(|said| format!(": after `{}`", said.trim())).unwrap_or_default();
    format!(
        "  {}:{line}{after}\n    {}  {}\n    {}       {}",
        chat.name,
        out.paint(Colour::Green, "expected"),
        aligned(expected),
        out.paint(Colour::Red, "got"),
        aligned(got)
    )
}

/// Further lines begin where the first one does, behind its label.
fn aligned(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join("\n              ")
}

/// Names the steps, and the ways on from them, that no chat file goes.
fn tell_gaps(out: &Output, flows: &Flows, chats: &[Source], coverage: &Coverage) {
    let note = out.paint(Colour::Yellow, "note");
    if chats.is_empty() {
        out.line(&format!(
            "{note}: no chat file plays these flows; one lies beside `NAME.yaml` as `NAME.chat`"
        ));
        return;
    }
    let gaps = coverage.gaps(flows);
    if gaps.is_empty() {
        return;
    }
    out.line(&format!("{note}: no chat file goes there:"));
    for gap in gaps.iter().take(MAX_GAPS) {
        out.line(&format!("  {}", way(flows, gap)));
    }
    if let Some(more @ 1..) = gaps.len().checked_sub(MAX_GAPS) {
        out.line(&format!("  and {more} more"));
    }
}

fn way(flows: &Flows, Gap { flow, step, way }: &Gap) -> String {
    let what = match way {
        Way::Reached => "is never reached".to_owned(),
        Way::Answered => "is never answered".to_owned(),
        Way::When(index) => {
            let answer = flows.get(flow).and_then(|flow| flow.answer_of_when(step, *index));
            format!("is never answered with `{}`", answer.unwrap_or_default())
        }
        Way::If(index) => format!("never goes by entry {} of its `if`", index + 1),
        Way::Next => "never goes on without its `when` or `if`".to_owned(),
        Way::Failed => "is never failed".to_owned(),
    };
    format!("{flow}: {step} {what}")
}

fn summary(loaded: &Loaded, chats: usize, failed: usize, refused: bool) -> String {
    let mut parts = vec![count(loaded.flows.iter().count(), "flow"), count(chats, "chat file")];
    if !loaded.warnings.is_empty() {
        parts.push(count(loaded.warnings.len(), "warning"));
    }
    let verdict = match (failed, refused) {
        (0, false) => "all well".to_owned(),
        (0, true) => "`--strict` allows no warning".to_owned(),
        (failed, _) => format!("{} failed", count(failed, "chat file")),
    };
    format!("{}: {verdict}", parts.join(", "))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
