//! Reading flow files: what is found in broken ones, and that nothing breaks the reader.

#![expect(clippy::unwrap_used, reason = "without its own files a test has failed")]

mod accepted;
mod advice;
mod allowed;
mod broken;
mod calls;
mod diagrams;
mod drawings;
mod explained;
mod golden;
mod guide;
mod lengths;
mod limits;
mod mutations;
mod patterns;
mod schema;
mod shipped;

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ringback::conversation::finding::Findings;
use ringback::conversation::{Flows, Loaded, Source};

/// A file that took so long would take for ever, however busy the machine is.
const DEADLINE: Duration = Duration::from_mins(1);

/// A path inside the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The flow files of a folder, sorted, under names that begin with `flows/`.
fn sources_in(folder: &Path) -> Vec<Source> {
    let mut sources: Vec<Source> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| source(&path))
        .collect();
    sources.sort_by(|left, right| left.name.cmp(&right.name));
    sources
}

fn source(path: &Path) -> Source {
    let name = format!("flows/{}", path.file_name().unwrap().to_string_lossy());
    Source { name, text: std::fs::read_to_string(path).unwrap() }
}

/// A single file called `flows/test.yaml`.
fn one(text: &str) -> Vec<Source> {
    vec![Source { name: "flows/test.yaml".to_owned(), text: text.to_owned() }]
}

/// Loads flows of which a worse reader would never see the end.
fn load_in_time(sources: Vec<Source>) -> Result<Loaded, Findings> {
    let beginning: String = sources[0].text.chars().take(100).collect();
    let (done, loaded) = mpsc::channel();
    thread::spawn(move || {
        // Nobody listens any more if the deadline is over.
        let _ = done.send(Flows::load(&sources));
    });
    let loaded = loaded.recv_timeout(DEADLINE);
    loaded.unwrap_or_else(|error| panic!("{error} for {beginning}"))
}
