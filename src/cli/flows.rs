//! Reads flow files and chat files from where the settings say they lie.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::conversation::{Flows, Loaded, Source, Version, shown};
use crate::hint::WithHint;
use crate::server::flows::{Edition, Unloaded};

/// The built-in flow's chat files, as they are named in messages.
const BUILT_IN: [(&str, &str); 2] = [
    ("favorite-song.chat", include_str!("../../flows/favorite-song.chat")),
    ("favorite-song.interrupted.chat", include_str!("../../flows/favorite-song.interrupted.chat")),
];

/// The flow files that `FLOWS` names, with those that a single one needs;
/// without it the built-in one.
pub(super) fn sources(path: Option<&Path>) -> anyhow::Result<Vec<Source>> {
    let Some(path) = path else { return Ok(vec![Source::built_in()]) };
    let files = if is_folder(path)? {
        files_in(path, &["yaml", "yml"])?
    } else if path.extension().is_some_and(|ending| ending == "chat") {
        return Err(anyhow::anyhow!("`{}` is a chat file", named(path))).with_hint(
            "name the flow file beside it, or their folder; `ringback check` runs a flow's chat files",
        );
    } else {
        return with_parts(path);
    };
    if files.is_empty() {
        return Err(anyhow::anyhow!("no flow file (`*.yaml`) is in `{}`", named(path)))
            .with_hint("name a flow file, or a folder that holds some");
    }
    files.iter().map(|file| read(file)).collect()
}

/// The chat files beside the flow files: `NAME.chat` and `NAME.CASE.chat`
/// beside `NAME.yaml`.
pub(super) fn chats(path: Option<&Path>) -> anyhow::Result<Vec<Source>> {
    let Some(path) = path else {
        return Ok(BUILT_IN
            .map(|(name, text)| Source { name: name.to_owned(), text: text.to_owned() })
            .into());
    };
    if is_folder(path)? {
        return files_in(path, &["chat"])?.iter().map(|file| read(file)).collect();
    }
    let loaded = sources(Some(path))?;
    let stems = loaded.iter().filter_map(|source| Path::new(&source.name).file_stem());
    let stems: Vec<_> = stems.map(|stem| stem.to_string_lossy().into_owned()).collect();
    files_in(folder_of(path), &["chat"])?
        .iter()
        .filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let is_of = |stem| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'));
            stems.iter().any(|stem| is_of(stem.as_str()))
        })
        .map(|file| read(file))
        .collect()
}

/// A flow file with those of its folder that it needs: the flows that it runs,
/// and the language files of all.
pub(super) fn with_parts(path: &Path) -> anyhow::Result<Vec<Source>> {
    let mut others = Vec::new();
    let mut unread = Vec::new();
    for file in files_in(folder_of(path), &["yaml", "yml"])? {
        if file.file_name() == path.file_name() {
            continue;
        }
        match read(&file) {
            Ok(source) => others.push(source),
            Err(error) => unread.push((file, error)),
        }
    }
    let sources = read(path)?.with_parts(others);
    // Whatever else cannot be read is no matter; but a language file is not
    // missing because it cannot.
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

/// Loads the flows for serving.
pub(super) fn load(path: Option<&Path>) -> Result<Edition, Unloaded> {
    let sources = sources(path).map_err(Unloaded::Unread)?;
    match Flows::load(&sources) {
        Ok(Loaded { flows, warnings, .. }) => {
            Ok(Edition { flows, version: Version::of(&sources), warnings })
        }
        Err(findings) => Err(Unloaded::Refused(findings)),
    }
}

fn is_folder(path: &Path) -> anyhow::Result<bool> {
    fs::metadata(path)
        .map(|metadata| metadata.is_dir())
        .with_context(|| format!("cannot read `{}`", named(path)))
        .with_hint("`FLOWS` is a flow file, or a folder of them")
}

/// The files of a folder with one of these endings, by name. Hidden ones are
/// an editor's.
fn files_in(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
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
            // `./` says nothing to whoever reads the name.
            files.push(path.strip_prefix(".").unwrap_or(&path).to_owned());
        }
    }
    files.sort();
    Ok(files)
}

/// A path as messages have it, in one line.
fn named(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

/// Reads a file that is text.
pub(super) fn read(path: &Path) -> anyhow::Result<Source> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", named(path)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        anyhow::anyhow!("`{}` is not UTF-8, first in line {line}", named(path))
    });
    let text = text.with_hint("save it as UTF-8: flow and chat files are")?;
    // Windows editors begin a file so. It is no part of the text, and who reads
    // flows and chat files from here on need not know of it.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Source { name: path.display().to_string(), text })
}
