//! The source files as the checks see them: which module, and the code without comments and tests.

use std::fs;
use std::path::{Path, PathBuf};

/// One file under `src/`.
#[derive(Debug)]
pub(super) struct Source {
    /// From the repository's root, as in `src/store/mod.rs`.
    pub(super) path: String,
    /// The top module that it belongs to, as in `store`; `main` and `lib` for themselves.
    pub(super) module: String,
    /// Everything in it.
    pub(super) text: String,
}

impl Source {
    /// The lines before its unit tests.
    pub(super) fn without_tests(&self) -> impl Iterator<Item = &str> {
        self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]")
    }

    /// Its code with line numbers: no comments, no unit tests.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.without_tests()
            .enumerate()
            .map(|(before, line)| (before + 1, line.split("//").next().unwrap_or_default()))
    }
}

/// The repository's root.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under `src/`.
pub(super) fn sources() -> Vec<Source> {
    let sources: Vec<_> = files_under(&root().join("src"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let path_in_root = from_root(&path);
            let module = path_in_root["src/".len()..].split(['/', '.']).next().unwrap().to_owned();
            Source { text: fs::read_to_string(path).unwrap(), path: path_in_root, module }
        })
        .collect();
    assert!(sources.len() > 10, "the sources were not found");
    sources
}

/// The path of a file as it is written in this repository.
pub(super) fn from_root(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/")
}

/// All files of a folder and the folders in it, sorted; none where there is no such folder.
pub(super) fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] })
        .collect();
    files.sort();
    files
}
