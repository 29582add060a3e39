//! Plays the chat files of flows, with what their `@deploy` lines name.

use std::path::Path;

use super::format::ChatTold;
use super::output::{Colour, Output};
use crate::conversation::chat_file::{self, ChatFile, Deployments, Fault, Report, replaced};
use crate::conversation::finding::Findings;
use crate::conversation::{Coverage, Flows, Source};
use crate::flow_files;

/// The results of the chat files.
#[derive(Debug, Default)]
pub(super) struct Played {
    /// The parts of the flows that they went through.
    pub(super) coverage: Coverage,
    /// The result of each, for programs.
    pub(super) told: Vec<ChatTold>,
    /// The errors that prevented some from being played.
    pub(super) refusals: Vec<Findings>,
    /// The difference in each chat file that went another way, or the error if
    /// it could not be read.
    pub(super) failures: Vec<String>,
}

/// Plays all of them, and reports the result of each.
pub(super) fn play(out: &Output, sources: &[Source], flows: &Flows, chats: &[Source]) -> Played {
    let mut played = Played::default();
    for chat in chats {
        let coloured = out.is_coloured();
        let failure = match play_one(sources, flows, chat) {
            Ok(Report { mismatch, coverage }) => {
                played.coverage.merge(coverage);
                played.told.push(ChatTold::new(&chat.name, mismatch.as_ref()));
                mismatch.map(|mismatch| {
                    let place = format!("{}:{}:{}", chat.name, mismatch.line, mismatch.column);
                    (place, mismatch.render(coloured))
                })
            }
            Err(refusals) => {
                let shown: Vec<String> =
                    refusals.iter().map(|findings| findings.render(coloured)).collect();
                played.told.push(ChatTold::unplayed(&chat.name));
                played.refusals.extend(refusals);
                Some((chat.name.clone(), shown.join("\n\n") + "\n"))
            }
        };
        match failure {
            None => out.coloured("", Colour::Green, "ok  ", &format!(" {}", chat.name)),
            Some((place, why)) => {
                played.failures.push(place);
                out.coloured("", Colour::Red, "FAIL", &format!(" {}", chat.name));
                out.rendered(&why);
            }
        }
    }
    played
}

/// Plays one, or reports why it cannot be played.
pub(super) fn play_one(
    sources: &[Source],
    flows: &Flows,
    chat: &Source,
) -> Result<Report, Vec<Findings>> {
    let chat = ChatFile::parse(&chat.name, &chat.text).map_err(|findings| vec![findings])?;
    let deployments = deployments(sources, &chat)?;
    Ok(chat_file::run(flows, &chat, &deployments))
}

/// Returns the flows that its `@deploy` lines name: each file, with those that
/// it needs, in place of the one to which the chat file belongs.
fn deployments(sources: &[Source], chat: &ChatFile) -> Result<Deployments, Vec<Findings>> {
    let mut deployments = Deployments::new();
    let mut refusals = Vec::new();
    for (line, file) in chat.deployed_files() {
        if deployments.contains_key(file) {
            continue;
        }
        match deployed(sources, chat, line, file) {
            Ok(flows) => drop(deployments.insert(file.to_owned(), flows)),
            Err(findings) => refusals.push(findings),
        }
    }
    if refusals.is_empty() { Ok(deployments) } else { Err(refusals) }
}

fn deployed(
    sources: &[Source],
    chat: &ChatFile,
    line: usize,
    file: &str,
) -> Result<Flows, Findings> {
    let folder = Path::new(chat.name()).parent().unwrap_or(Path::new(""));
    let path = folder.join(file);
    let files = flow_files::with_parts(&path).map_err(|error| {
        chat.refused(
            line,
            Fault::new(format!("{error:#}"), "write the path from this chat file to it"),
        )
    })?;
    let sources = replaced(sources, chat.name(), files).ok_or_else(|| {
        chat.refused(
            line,
            Fault::new(
                "this chat file lies beside no flow that is loaded",
                "call it `NAME.chat` or `NAME.CASE.chat`, for the flow of `NAME.yaml`",
            ),
        )
    })?;
    Flows::load(&sources).map(|loaded| loaded.flows)
}
