//! `ringback check`: loads the flows, reports the findings, runs the chat
//! files, and looks for people in the middle of a conversation.

use std::path::Path;

use anyhow::anyhow;
use jiff::Timestamp;

use super::args::CheckArgs;
use super::format::{Checked, Format};
use super::output::{Colour, Output};
use super::runtime::runtime;
use super::{against, chats, coverage, segments};
use crate::conversation::finding::{Findings, Severity};
use crate::conversation::{Flows, Loaded};
use crate::flow_files::FlowFiles;
use crate::hint::WithHint;

/// Checks. Returns `false` if something is wrong.
pub(super) fn run(path: Option<&Path>, args: &CheckArgs) -> anyhow::Result<bool> {
    if args.segments && args.format != Format::Text {
        return Err(anyhow!("`--segments` prints text only"))
            .with_hint("leave `--format` out, or `--segments`");
    }
    let out = if args.format == Format::Text { Output::new() } else { Output::silent() };
    let mut checked = Checked::default();
    look(&out, path, args, &mut checked)?;
    let is_well = checked.ok;
    checked.print(&Output::new(), args.format, args.coverage.is_some());
    Ok(is_well)
}

/// Prints the findings as text, and keeps them for programs.
fn look(
    out: &Output,
    path: Option<&Path>,
    args: &CheckArgs,
    checked: &mut Checked,
) -> anyhow::Result<()> {
    let database = args.against.database_url()?;
    let opt_out = args.opt_out.words()?;
    let files = FlowFiles::read(path)?;
    let loaded = match Flows::load_beside(files.sources(), &opt_out) {
        Ok(loaded) => loaded,
        Err(findings) => {
            out.rendered(&findings.render(out.is_coloured()));
            out.line("");
            let errors = findings.count(Severity::Error);
            checked.add(&findings);
            checked.verdict = format!("{}: the flows do not load", count(errors, "error"));
            conclude(out, checked);
            return Ok(());
        }
    };
    warn(out, checked, &loaded.warnings);
    let chats = files.chats()?;
    checked.notes = files.unread_folders(&chats)?;
    checked.notes.iter().for_each(|note| out.line(note));
    let played = chats::play(out, files.sources(), &loaded.flows, &chats);
    checked.chats = played.told;
    played.refusals.iter().for_each(|refusal| checked.add(refusal));
    checked.cover(&loaded.flows, &played.coverage);
    // After a long output the reader needs the places again.
    for place in played.failures.iter().filter(|_| chats.len() > 1) {
        out.coloured("", Colour::Red, "FAIL", &format!(" {place}"));
    }
    let failed = played.failures.len();
    let mut warnings = loaded.warnings.len();
    if failed == 0 {
        // Nobody knows what a chat file that failed would have answered.
        let unanswered = played.coverage.unanswered(&loaded.flows, files.sources());
        warn(out, checked, &unanswered);
        warnings += unanswered.len();
    }
    let mut complaint = None;
    if failed > 0 {
        complaint = Some(format!("{} failed", count(failed, "chat file")));
    } else if let Some(wanted) = args.coverage {
        coverage::report(out, &loaded.flows, &played.coverage);
        let percent = played.coverage.share_of_all(&loaded.flows).percent();
        if percent < wanted {
            complaint =
                Some(format!("coverage is {percent} %, and `--coverage={wanted}` wants more"));
        }
    } else if !chats.is_empty() {
        coverage::hint(out, &loaded.flows, &played.coverage);
    }
    if args.segments {
        segments::report(out, &loaded.costs);
    }
    let mut begin_again = 0;
    if let Some(url) = database {
        let counting = against::census(&url, &loaded.flows, Timestamp::now());
        let counted = runtime()?.block_on(counting)?;
        against::tell(out, &url, &counted);
        checked.add(&counted.census.findings());
        checked.people = Some(counted.people());
        warnings += counted.census.findings().len();
        begin_again = counted.census.beginning_again();
    }
    if complaint.is_none() && args.strict && warnings > 0 {
        complaint = Some("`--strict` allows no warning".to_owned());
    }
    checked.ok = complaint.is_none();
    checked.flows = loaded.flows.iter().count();
    let verdict = complaint.unwrap_or_else(|| verdict(warnings, begin_again));
    checked.verdict = format!("{}: {verdict}", summary(&loaded, chats.len(), warnings));
    conclude(out, checked);
    Ok(())
}

/// Returns the last lines: where to read more about a finding, and the overall result.
fn conclude(out: &Output, checked: &Checked) {
    if let Some(code) = checked.first_code() {
        out.line(&format!("For more about a finding, try `ringback explain {code}`."));
    }
    out.line(&checked.verdict);
}

/// Prints warnings, if there are some.
fn warn(out: &Output, checked: &mut Checked, warnings: &Findings) {
    if !warnings.is_empty() {
        out.rendered(&warnings.render(out.is_coloured()));
        out.line("");
        checked.add(warnings);
    }
}

/// Returns the overall result if nothing failed.
fn verdict(warnings: usize, begin_again: u64) -> String {
    match begin_again {
        0 if warnings == 0 => "all well".to_owned(),
        0 => "no errors".to_owned(),
        1 => "no errors, but 1 person begins again".to_owned(),
        _ => format!("no errors, but {begin_again} people begin again"),
    }
}

/// Returns a summary of the checked flows and chat files.
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
