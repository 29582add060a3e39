//! The conversations that ship: they load without a finding, go as their chat
//! files say, and have an answer to any message at any state. And the forms that
//! providers send, down to the answer that is stored.

pub(crate) mod any_flow;
mod any_message;
mod bounds;
mod callbacks;
mod calls;
mod channels;
mod files;
mod languages;
mod offered;
mod quiet;
mod renamed;
mod run;
mod shipped;
mod silence;

use std::fs;
use std::path::{Path, PathBuf};

use ringback::conversation::chat_file::{self, ChatFile, Deployments};
use ringback::conversation::{Flows, Source};

/// The files of `flows/` with this ending, sorted by name.
fn shipped_files(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("flows");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of flows")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .collect();
    files.sort();
    files
}

/// A file's name as findings show it.
fn name_of(file: &Path) -> String {
    format!("flows/{}", file.file_name().expect("a name").to_string_lossy())
}

/// A flow that asks for an answer of every type.
fn every_type() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flows/every-type.yaml")
}

/// Flows of this test's own, one text a file: `flows/NAME.yaml` by their name.
fn written(texts: &[&str]) -> Flows {
    let sources: Vec<Source> = texts
        .iter()
        .map(|text| {
            let name = text.lines().find_map(|line| line.strip_prefix("flow: "));
            let name = format!("flows/{}.yaml", name.expect("a name"));
            Source { name, text: (*text).to_owned() }
        })
        .collect();
    match Flows::load(&sources) {
        Ok(loaded) => loaded.flows,
        Err(findings) => panic!("the flows do not load:\n{findings}"),
    }
}

/// Plays a chat; an error where it goes another way.
fn check(flows: &Flows, chat: &str) -> Result<(), String> {
    let chat = ChatFile::parse("test.chat", chat).map_err(|findings| findings.to_string())?;
    let mismatch = chat_file::run(flows, &chat, &Deployments::new()).mismatch;
    mismatch.map_or(Ok(()), |mismatch| Err(mismatch.to_string()))
}

/// All flow files that ship.
fn shipped_sources() -> Vec<Source> {
    shipped_files("yaml").iter().map(source).collect()
}

/// All flows that ship, loaded together.
fn shipped_flows() -> Flows {
    load(&shipped_sources())
}

/// A file's text under its name in findings.
fn source(file: &PathBuf) -> Source {
    Source { name: name_of(file), text: fs::read_to_string(file).expect("a flow file") }
}

/// The flows of these files, loaded together.
fn load(sources: &[Source]) -> Flows {
    match Flows::load(sources) {
        Ok(loaded) => loaded.flows,
        Err(findings) => panic!("the shipped flows do not load:\n{findings}"),
    }
}
