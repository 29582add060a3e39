//! Reads text files that people name or put into a folder. What is no file, or
//! larger than any that people write, is refused before it is read.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::conversation::{Source, shown};
use crate::hint::WithHint;

/// The most files of one kind in a folder.
const MAX_FILES: usize = 10_000;

/// The most bytes that are read together.
const MAX_TOGETHER: u64 = 16 << 20;

/// The most bytes of a file.
const MAX_BYTES: u64 = Source::MAX_BYTES as u64;

/// The files of a folder with one of these endings, by name. Hidden ones are
/// an editor's.
pub(super) fn in_folder(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let context = || format!("cannot read the folder `{}`", named(folder));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden || !endings.contains(&ending.as_str()) {
            continue;
        }
        // A link that leads nowhere is not a flow that somebody took away.
        let metadata = fs::metadata(&path);
        if metadata.with_context(|| format!("cannot read `{}`", named(&path)))?.is_file() {
            if files.len() == MAX_FILES {
                let folder = named(folder);
                return Err(anyhow!("`{folder}` has more than {MAX_FILES} files `*.{ending}`"))
                    .with_hint("name a folder that holds nothing but flows and their chat files");
            }
            // `./` says nothing to whoever reads the name.
            files.push(path.strip_prefix(".").unwrap_or(&path).to_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// A path as messages have it, in one line.
pub(super) fn named(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

/// Reads files, as long as they are not too much together.
pub(super) struct Reader {
    left: u64,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { left: MAX_TOGETHER }
    }

    /// Reads all of these.
    pub(super) fn read_all(mut self, files: &[PathBuf]) -> anyhow::Result<Vec<Source>> {
        files.iter().map(|file| self.read(file)).collect()
    }

    /// Reads a file that is text.
    pub(super) fn read(&mut self, path: &Path) -> anyhow::Result<Source> {
        let bytes = self.bytes(path)?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.split(|byte| *byte == b'\n').count();
            anyhow!("`{}` is not UTF-8, first in line {line}", named(path))
        });
        let text = text.with_hint("save it as UTF-8: flow and chat files are")?;
        // Windows editors begin a file so. It is no part of the text, and who reads
        // flows and chat files from here on need not know of it.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Source { name: path.display().to_string(), text })
    }

    fn bytes(&mut self, path: &Path) -> anyhow::Result<Vec<u8>> {
        let context = || format!("cannot read `{}`", named(path));
        let metadata = fs::metadata(path).with_context(context)?;
        // To open a pipe is to wait for somebody who writes into it.
        if !metadata.is_file() {
            return Err(anyhow!("`{}` is no file that has an end", named(path)))
                .with_hint("name a file: pipes, devices and folders are not read");
        }
        if metadata.len() > MAX_BYTES {
            return too_large(path, &format!("{} bytes", metadata.len()));
        }
        // What a file says of its size may be wrong, or no longer right.
        let most = MAX_BYTES.min(self.left) + 1;
        let mut bytes = Vec::new();
        let file = File::open(path).with_context(context)?;
        file.take(most).read_to_end(&mut bytes).with_context(context)?;
        let length = bytes.len() as u64;
        if length > MAX_BYTES {
            return too_large(path, &format!("more than {MAX_BYTES} bytes"));
        }
        if length > self.left {
            return Err(anyhow!(
                "the files up to `{}` have more than {MAX_TOGETHER} bytes together",
                named(path)
            ))
            .with_hint("name a folder that holds nothing but flows and their chat files");
        }
        self.left -= length;
        Ok(bytes)
    }
}

fn too_large(path: &Path, size: &str) -> anyhow::Result<Vec<u8>> {
    Err(anyhow!("`{}` has {size}, and a file at most {MAX_BYTES}", named(path)))
        .with_hint("a flow or chat file is text that people write: is it another file?")
}
