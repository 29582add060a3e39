//! Reads flow files and chat files from the place that the settings name, each
//! file once.

mod loaded;
mod reader;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

pub use self::loaded::{LoadedFlows, Refused, load};
use self::reader::{Reader, in_folder, named};
use crate::conversation::Source;
use crate::hint::WithHint;

/// The built-in flow's chat files, with their names in messages.
const BUILT_IN: [(&str, &str); 2] = [
    ("favorite-song.chat", include_str!("../../flows/favorite-song.chat")),
    ("favorite-song.interrupted.chat", include_str!("../../flows/favorite-song.interrupted.chat")),
];

/// The flow files that `FLOWS` names, as they were read.
#[derive(Debug)]
pub struct FlowFiles<'a> {
    path: Option<&'a Path>,
    sources: Vec<Source>,
}

impl<'a> FlowFiles<'a> {
    /// Reads the files at this path, together with those that a single file
    /// needs. Without a path it returns the built-in flow.
    pub fn read(path: Option<&'a Path>) -> anyhow::Result<Self> {
        Ok(Self { path, sources: sources(path)? })
    }

    /// Returns the flow files.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Reads the chat files next to the flow files: `NAME.chat` and
    /// `NAME.CASE.chat` for `NAME.yaml`.
    pub fn chats(&self) -> anyhow::Result<Vec<Source>> {
        let Some(path) = self.path else {
            return Ok(BUILT_IN
                .map(|(name, text)| Source { name: name.to_owned(), text: text.to_owned() })
                .into());
        };
        if is_folder(path)? {
            return Reader::new().read_all(&in_folder(path, &["chat"])?);
        }
        let stems = self.sources.iter().filter_map(|source| Path::new(&source.name).file_stem());
        let stems: Vec<_> = stems.map(|stem| stem.to_string_lossy().into_owned()).collect();
        let mut files = in_folder(folder_of(path), &["chat"])?;
        files.retain(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_of = |stem| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'));
            stems.iter().any(|stem| is_of(stem.as_str()))
        });
        Reader::new().read_all(&files)
    }

    /// Returns lines that name inner folders with flow files that are not read.
    /// A folder from which one of these chat files deploys is left out, since
    /// it is there for that.
    pub fn unread_folders(&self, chats: &[Source]) -> anyhow::Result<Vec<String>> {
        let Some(path) = self.path.filter(|path| path.is_dir()) else { return Ok(Vec::new()) };
        let folders = folders_with_flows(path)?;
        let is_deployed = |folder: &Path| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            let deploys = |line: &str| {
                let file = line.trim().strip_prefix("@deploy ");
                file.is_some_and(|file| {
                    file.trim_start_matches("./").starts_with(&format!("{name}/"))
                })
            };
            chats.iter().any(|chat| chat.text.lines().any(deploys))
        };
        let unread = folders.iter().filter(|(folder, _)| !is_deployed(folder));
        Ok(unread
            .map(|(folder, files)| {
                let what = if *files == 1 {
                    "1 file `*.yaml` is"
                } else {
                    &format!("{files} files `*.yaml` are")
                };
                format!(
                    "{}: {what} not read, since folders inside a folder of flows are not",
                    named(folder)
                )
            })
            .collect())
    }
}

/// Reads one file, which must be text.
pub fn read(path: &Path) -> anyhow::Result<Source> {
    Reader::new().read(path)
}

fn sources(path: Option<&Path>) -> anyhow::Result<Vec<Source>> {
    let Some(path) = path else { return Ok(vec![Source::built_in()]) };
    let files = if is_folder(path)? {
        in_folder(path, &Source::ENDINGS)?
    } else if path.extension().is_some_and(|ending| ending == "chat") {
        return Err(anyhow::anyhow!("`{}` is a chat file", named(path))).with_hint(
            "name the flow file next to it, or their folder; `ringback check` runs a flow's chat files",
        );
    } else {
        return with_parts(path);
    };
    if files.is_empty() {
        let inside = folders_with_flows(path)?;
        return Err(anyhow::anyhow!("there is no flow file (`*.yaml`) in `{}`", named(path)))
            .with_hint(match inside.first() {
                Some((folder, _)) => {
                    format!(
                        "folders inside it are not read: name one of them, such as `{}`",
                        named(folder)
                    )
                }
                None => "name a flow file, or a folder that contains some".to_owned(),
            });
    }
    Reader::new().read_all(&files)
}

/// Returns the folders inside a folder that contain flow files, and how many.
fn folders_with_flows(path: &Path) -> anyhow::Result<Vec<(PathBuf, usize)>> {
    let context = || format!("cannot read the folder `{}`", named(path));
    let mut folders = Vec::new();
    for entry in fs::read_dir(path).with_context(context)? {
        let folder = entry.with_context(context)?.path();
        let hidden = folder.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if hidden || !folder.is_dir() {
            continue;
        }
        // A folder that cannot be read contains nothing that is missed.
        let files = in_folder(&folder, &Source::ENDINGS).map_or(0, |files| files.len());
        if files > 0 {
            folders.push((folder, files));
        }
    }
    folders.sort();
    Ok(folders)
}

/// Reads a flow file and the files in its folder that it needs: the flows that
/// it runs, and the language files of all of them.
pub fn with_parts(path: &Path) -> anyhow::Result<Vec<Source>> {
    let mut reader = Reader::new();
    let own = reader.read(path)?;
    let mut others = Vec::new();
    let mut unread = Vec::new();
    for file in in_folder(folder_of(path), &Source::ENDINGS)? {
        if file.file_name() == path.file_name() {
            continue;
        }
        match reader.read(&file) {
            Ok(source) => others.push(source),
            Err(error) => unread.push((file, error)),
        }
    }
    let sources = own.with_parts(others);
    // Other unreadable files do not matter. A language file that cannot be read
    // does not count as missing.
    let is_of = |file: &Path, source: &Source| {
        let stem = Path::new(&source.name).file_stem().unwrap_or_default().to_string_lossy();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.strip_prefix(&*stem).is_some_and(|rest| rest.starts_with('.'))
    };
    let missed =
        unread.into_iter().find(|(file, _)| sources.iter().any(|source| is_of(file, source)));
    missed.map_or(Ok(sources), |(_, error)| Err(error))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn is_folder(path: &Path) -> anyhow::Result<bool> {
    fs::metadata(path)
        .map(|metadata| metadata.is_dir())
        .with_context(|| format!("cannot read `{}`", named(path)))
        .with_hint("`FLOWS` is a flow file, or a folder of them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        let names = |sources: &[Source]| -> Vec<String> {
            let name = |source: &Source| Path::new(&source.name).file_name().unwrap().to_owned();
            sources.iter().map(|source| name(source).into_string().unwrap()).collect()
        };
        let order = write("order.yaml", "flow: order\nsteps:\n  A: {run: pay}\n");
        let pay = write("pay.yaml", "flow: pay\n");
        write("order.chat", "@deploy next/order.yaml\n");
        write("pay.late.chat", "");
        write("other.chat", "");
        write("next/order.yaml", "");
        write("unused/order.yaml", "");
        let of_one = FlowFiles::read(Some(&order)).unwrap();
        let of_all = FlowFiles::read(Some(folder.path())).unwrap();
        for flow in [&order, &pay] {
            // A second reading fails.
            fs::write(flow, [0xFF]).unwrap();
        }
        assert_eq!(names(of_one.sources()), ["order.yaml", "pay.yaml"]);
        assert_eq!(names(&of_one.chats().unwrap()), ["order.chat", "pay.late.chat"]);
        let chats = of_all.chats().unwrap();
        assert_eq!(names(&chats), ["order.chat", "other.chat", "pay.late.chat"]);
        for chat in &chats {
            fs::remove_file(&chat.name).unwrap();
        }
        let unread = of_all.unread_folders(&chats).unwrap();
        assert!(unread.len() == 1 && unread[0].contains("unused: 1 file"), "{unread:?}");
    }
}
