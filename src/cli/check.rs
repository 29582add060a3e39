//! `ringback check`: loads the flows, tells what is found, runs the chat files.

use std::path::Path;

use super::output::{Colour, Output};
use super::{chats, flows};
use crate::conversation::finding::Severity;
use crate::conversation::{Coverage, Flows, Gap, Loaded, Source, Way};

/// The most ways without a chat file that are named.
const MAX_GAPS: usize = 20;

/// Checks. `false`: something is wrong.
pub(super) fn run(path: Option<&Path>, strict: bool) -> anyhow::Result<bool> {
    let out = Output::new();
    let sources = flows::sources(path)?;
    let loaded = match Flows::load(&sources) {
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
    let played = chats::play(&out, &sources, &loaded.flows, &chats);
    let failed = played.failures.len();
    if failed == 0 {
        tell_gaps(&out, &loaded.flows, &chats, &played.coverage);
    }
    // Whoever has read this far down knows again where they are.
    for place in played.failures.iter().filter(|_| chats.len() > 1) {
        out.line(&format!("{} {place}", out.paint(Colour::Red, "FAIL")));
    }
    let refused = strict && !loaded.warnings.is_empty();
    out.line(&summary(&loaded, chats.len(), failed, refused));
    Ok(failed == 0 && !refused)
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
