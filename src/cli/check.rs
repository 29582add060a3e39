//! `ringback check`: loads the flows, tells what is found, runs the chat files,
//! and has those looked at who are in the midst of a conversation.

use std::path::Path;

use jiff::Timestamp;

use super::args::CheckArgs;
use super::output::{Colour, Output};
use super::{against, chats, coverage, flows, segments};
use crate::conversation::finding::Severity;
use crate::conversation::{Flows, Loaded};

/// Checks. `false`: something is wrong.
pub(super) fn run(path: Option<&Path>, args: &CheckArgs) -> anyhow::Result<bool> {
    let out = Output::new();
    let database = args.against.database_url()?;
    let opt_out = args.opt_out.words()?;
    let sources = flows::sources(path)?;
    let loaded = match Flows::load_beside(&sources, &opt_out) {
        Ok(loaded) => loaded,
        Err(findings) => {
            out.rendered(&findings.render(out.is_coloured()));
            out.line("");
            let errors = findings.count(Severity::Error);
            out.line(&format!("{}: the flows do not load", count(errors, "error")));
            return Ok(false);
        }
    };
    if !loaded.warnings.is_empty() {
        out.rendered(&loaded.warnings.render(out.is_coloured()));
        out.line("");
    }
    let chats = flows::chats(path)?;
    let played = chats::play(&out, &sources, &loaded.flows, &chats);
    // Whoever has read this far down knows again where they are.
    for place in played.failures.iter().filter(|_| chats.len() > 1) {
        out.coloured("", Colour::Red, "FAIL", &format!(" {place}"));
    }
    let failed = played.failures.len();
    let mut warnings = loaded.warnings.len();
    if failed == 0 {
        // What a chat file that failed would have answered, nobody knows.
        let unanswered = played.coverage.unanswered(&loaded.flows, &sources);
        if !unanswered.is_empty() {
            out.rendered(&unanswered.render(out.is_coloured()));
            out.line("");
        }
        warnings += unanswered.len();
    }
    let mut complaint = None;
    if failed > 0 {
        complaint = Some(format!("{} failed", count(failed, "chat file")));
    } else if let Some(wanted) = args.coverage {
        coverage::report(&out, &loaded.flows, &played.coverage);
        let percent = played.coverage.share_of_all(&loaded.flows).percent();
        if percent < wanted {
            complaint =
                Some(format!("coverage is {percent} %, and `--coverage={wanted}` wants more"));
        }
    } else if !chats.is_empty() {
        coverage::hint(&out, &loaded.flows, &played.coverage);
    }
    if args.segments {
        segments::report(&out, &loaded.costs);
    }
    if let Some(url) = database {
        let counting = against::census(&url, &loaded.flows, Timestamp::now());
        let counted = super::runtime()?.block_on(counting)?;
        against::tell(&out, &url, &counted);
        warnings += counted.census.findings().len();
    }
    if complaint.is_none() && args.strict && warnings > 0 {
        complaint = Some("`--strict` allows no warning".to_owned());
    }
    let verdict = complaint.as_deref().unwrap_or("all well");
    out.line(&format!("{}: {verdict}", summary(&loaded, chats.len(), warnings)));
    Ok(complaint.is_none())
}

/// What there was to check.
fn summary(loaded: &Loaded, chats: usize, warnings: usize) -> String {
    let mut parts = vec![count(loaded.flows.iter().count(), "flow"), count(chats, "chat file")];
    if warnings > 0 {
        parts.push(count(warnings, "warning"));
    }
    parts.join(", ")
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
