//! Notices that somebody saves flow files, by reading them twice a second.
//!
//! Editors save in many ways: they write into the file, put another one in its
//! place, or write a copy first. Only the texts show reliably whether anything has
//! changed, and flow files are small.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::flow_files::FlowFiles;

/// How often the files are read.
const EVERY: Duration = Duration::from_millis(500);

/// The names and texts of files; an error if they cannot be read.
type Texts = Result<Vec<(String, String)>, String>;

/// Flow files that are watched.
#[derive(Debug)]
pub(super) struct FileWatch {
    path: PathBuf,
    /// What was read last.
    seen: Texts,
}

impl FileWatch {
    /// Watches the files at a path from now on.
    pub(super) async fn begin(path: PathBuf) -> Self {
        let seen = texts(path.clone()).await;
        Self { path, seen }
    }

    /// Takes the files as they are now for those that were read last.
    pub(super) async fn look(&mut self) {
        self.seen = texts(self.path.clone()).await;
    }

    /// Waits until the files differ from those that were read last and then stay as
    /// they are for a moment, since a file may be half written.
    pub(super) async fn changed(&mut self) {
        let mut before = self.seen.clone();
        loop {
            sleep(EVERY).await;
            let now = texts(self.path.clone()).await;
            if now != self.seen && now == before {
                self.seen = now;
                return;
            }
            before = now;
        }
    }
}

/// Reads the files on a thread that serves no requests.
async fn texts(path: PathBuf) -> Texts {
    let read = spawn_blocking(move || read(&path)).await;
    read.unwrap_or_else(|error| Err(error.to_string()))
}

fn read(path: &Path) -> Texts {
    let files = FlowFiles::read(Some(path)).map_err(|error| format!("{error:#}"))?;
    let text = |source: &crate::conversation::Source| (source.name.clone(), source.text.clone());
    Ok(files.sources().iter().map(text).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn each_way_to_save_is_noticed_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("order.yaml");
        fs::write(&path, "flow: order\n").unwrap();
        let mut watch = FileWatch::begin(folder.path().to_owned()).await;
        let save: [&dyn Fn(); 5] = [
            &|| fs::write(&path, "flow: orders\n").unwrap(),
            &|| {
                let other = folder.path().join("order.yaml~");
                fs::write(&other, "flow: order\n").unwrap();
                fs::rename(&other, &path).unwrap();
            },
            &|| fs::write(folder.path().join("pay.yaml"), "flow: pay\n").unwrap(),
            &|| fs::remove_file(&path).unwrap(),
            // This cannot be read.
            &|| fs::write(&path, [0xFF]).unwrap(),
        ];
        for (n, save) in save.into_iter().enumerate() {
            save();
            let noticed = timeout(Duration::from_secs(10), watch.changed()).await;
            assert!(noticed.is_ok(), "{n}");
        }
        // Files of other kinds do not count.
        fs::write(folder.path().join("notes.txt"), "x").unwrap();
        let noticed = timeout(3 * EVERY, watch.changed()).await;
        assert!(noticed.is_err());
    }
}
