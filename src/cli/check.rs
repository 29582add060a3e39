//! `ringback check`: loads the flows, tells what is found, runs the chat files.

use std::collections::BTreeSet;
use std::path::Path;

use super::flows;
use super::output::{Colour, Output};
use crate::conversation::chat_file::{self, ChatFile};
use crate::conversation::finding::Severity;
use crate::conversation::{Coverage, Flows, Loaded, Source};

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
    tell_gaps(&out, &loaded.flows, &tested.coverage);
    out.line(&summary(&loaded, chats.len(), tested.failed));
    let warned = strict && !loaded.warnings.is_empty();
    Ok(tested.failed == 0 && !warned)
}

struct Tested {
    coverage: Coverage,
    failed: usize,
}

fn run_chats(out: &Output, flows: &Flows, chats: &[Source]) -> Tested {
    let mut tested = Tested { coverage: Coverage::default(), failed: 0 };
    for chat in chats {
        match run_chat(flows, chat) {
            Ok(coverage) => {
                tested.coverage.merge(coverage);
                out.line(&format!("{} {}", out.paint(Colour::Green, "ok  "), chat.name));
            }
            Err((coverage, why)) => {
                tested.coverage.merge(coverage);
                tested.failed += 1;
                out.line(&format!("{} {}", out.paint(Colour::Red, "FAIL"), chat.name));
                out.line(&why);
            }
        }
    }
    tested
}

fn run_chat(flows: &Flows, source: &Source) -> Result<Coverage, (Coverage, String)> {
    let name = &source.name;
    let chat = ChatFile::parse(name, &source.text).map_err(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|error| format!("  {name}:{}: {}; {}", error.line, error.message, error.hint))
            .collect();
        (Coverage::default(), lines.join("\n"))
    })?;
    let report = chat_file::run(flows, &chat);
    match report.mismatch {
        None => Ok(report.coverage),
        Some(mismatch) => Err((
            report.coverage,
            format!(
                "  {name}:{}:\n  expected\n{}\n  got\n{}",
                mismatch.line,
                indented(&mismatch.expected),
                indented(&mismatch.got)
            ),
        )),
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
}

/// Names the steps that no chat file came to.
fn tell_gaps(out: &Output, flows: &Flows, coverage: &Coverage) {
    let gaps = coverage.gaps(flows);
    let steps: BTreeSet<String> =
        gaps.iter().map(|gap| format!("{}/{}", gap.flow, gap.step)).collect();
    if !steps.is_empty() {
        let label = out.paint(Colour::Yellow, "note");
        let steps = steps.into_iter().collect::<Vec<_>>().join(", ");
        out.line(&format!("{label}: no chat file goes all the ways of {steps}"));
    }
}

fn summary(loaded: &Loaded, chats: usize, failed: usize) -> String {
    let mut parts = vec![count(loaded.flows.iter().count(), "flow"), count(chats, "chat file")];
    if !loaded.warnings.is_empty() {
        parts.push(count(loaded.warnings.len(), "warning"));
    }
    let verdict = match failed {
        0 => "all well".to_owned(),
        failed => format!("{} failed", count(failed, "chat file")),
    };
    format!("{}: {verdict}", parts.join(", "))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
