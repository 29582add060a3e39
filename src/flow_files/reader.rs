//! Reads text files that people name or put into a folder. A path that is not a
//! file, or a file larger than people write, is refused before it is read.

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

/// The most bytes in one file.
const MAX_BYTES: u64 = Source::MAX_BYTES as u64;

/// Returns the files of a folder with one of these endings, by name. Hidden
/// files belong to editors.
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
        // A link that leads nowhere is not a flow that somebody removed.
        let metadata = fs::metadata(&path);
        if metadata.with_context(|| format!("cannot read `{}`", named(&path)))?.is_file() {
            if files.len() == MAX_FILES {
                let folder = named(folder);
                return Err(anyhow!("`{folder}` has more than {MAX_FILES} files `*.{ending}`"))
                    .with_hint("name a folder that holds nothing but flows and their chat files");
            }
            // `./` tells the reader nothing.
            files.push(path.strip_prefix(".").unwrap_or(&path).to_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// Returns a path as messages show it, on one line.
pub(super) fn named(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

/// Reads files, up to a limit on their total size.
pub(super) struct Reader {
    left: u64,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { left: MAX_TOGETHER }
    }

    /// Reads all of these files.
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
        // Windows editors write this mark at the beginning. It is not part of
        // the text, and nothing after this point needs to know about it.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Source { name: path.display().to_string(), text })
    }

    fn bytes(&mut self, path: &Path) -> anyhow::Result<Vec<u8>> {
        let context = || format!("cannot read `{}`", named(path));
        let metadata = fs::metadata(path).with_context(context)?;
        // Opening a pipe means to wait for a writer.
        if !metadata.is_file() {
            return Err(anyhow!("`{}` is not a regular file", named(path)))
                .with_hint("name a file: pipes, devices and folders are not read");
        }
        if metadata.len() > MAX_BYTES {
            return too_large(path, &format!("{} bytes", metadata.len()));
        }
        // The size in a file's metadata may be wrong, or outdated.
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
