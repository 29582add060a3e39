//! Writes the files of a new project: all of them, or none.
//!
//! A file that exists is never opened. What was made is removed again if the
//! rest cannot be made.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::hint::WithHint;

/// A file that is to be made.
#[derive(Debug)]
pub(super) struct NewFile<'a> {
    /// The path in the folder.
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    /// Whether only its owner may read it.
    pub(super) is_secret: bool,
}

/// Makes the files in this folder, which may exist, together with the folders
/// that they need.
pub(super) fn write(folder: &Path, files: &[NewFile<'_>]) -> anyhow::Result<()> {
    check(folder, files)?;
    let mut made = Made::default();
    for file in files {
        let path = folder.join(file.name);
        made.file(&path, file)
            .with_context(|| format!("cannot make `{}`", path.display()))
            .with_hint(
                "choose a folder in which you may write, on a disk with room; nothing was left behind",
            )?;
    }
    made.keep();
    Ok(())
}

/// Fails if something is in the way.
fn check(folder: &Path, files: &[NewFile<'_>]) -> anyhow::Result<()> {
    let shown = folder.display();
    if let Some(other) = folder.ancestors().find(|path| is_there(path) && !path.is_dir()) {
        return Err(anyhow!("`{}` is not a folder", other.display()))
            .with_hint("name a folder that does not exist yet, or an empty one");
    }
    let taken: Vec<String> = files
        .iter()
        .filter(|file| is_there(&folder.join(file.name)))
        .map(|file| format!("`{}`", file.name))
        .collect();
    if !taken.is_empty() {
        return Err(anyhow!("`{shown}` has {} already", taken.join(", ")))
            .with_hint("name another folder; nothing was changed");
    }
    // Another flow there may begin with the same words.
    let flows = folder.join("flows");
    if is_there(&flows) {
        return Err(anyhow!("`{}` exists already", flows.display()))
            .with_hint("name another folder; nothing was changed");
    }
    Ok(())
}

/// Returns whether there is anything at this path, even a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_ok()
}

/// What was made. It is removed again unless it is kept.
#[derive(Debug, Default)]
struct Made {
    /// Each folder before what is in it.
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Made {
    fn file(&mut self, path: &Path, file: &NewFile<'_>) -> io::Result<()> {
        self.folder(path.parent())?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if file.is_secret {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut opened = options.open(path)?;
        self.files.push(path.to_owned());
        opened.write_all(file.text.as_bytes())
    }

    fn folder(&mut self, path: Option<&Path>) -> io::Result<()> {
        let Some(path) = path.filter(|path| !path.as_os_str().is_empty()) else { return Ok(()) };
        if path.is_dir() {
            return Ok(());
        }
        self.folder(path.parent())?;
        match fs::create_dir(path) {
            Ok(()) => self.folders.push(path.to_owned()),
            // Another process was faster, or the path ends with `..`.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn keep(mut self) {
        self.files.clear();
        self.folders.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // What cannot be removed is no worse than the error that is reported.
        for file in &self.files {
            drop(fs::remove_file(file));
        }
        for folder in self.folders.iter().rev() {
            drop(fs::remove_dir(folder));
        }
    }
}
