//! What the repository's files must be, hold, and not hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use regex::Regex;

use super::none_found;
use super::sources::{files_under, from_root, root, sources};

const LONGEST_FILE: usize = 400;

#[test]
fn sources_say_what_they_are_for() {
    let sources = sources();
    let findings: Vec<_> = sources
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("{} does not begin with `//! `", source.path))
        .collect();
    none_found("a file's first line says what it is for", &findings);
}

#[test]
fn sources_are_short() {
    let sources = sources();
    let findings: Vec<_> = sources
        .iter()
        .filter(|source| !source.path.ends_with("/tests.rs"))
        .map(|source| (source.without_tests().count(), &source.path))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, path)| format!("{path} has {lines} lines without its tests"))
        .collect();
    none_found(&format!("a file has at most {LONGEST_FILE} lines"), &findings);
}

#[test]
fn migrations_have_equal_names_for_both_databases() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(database);
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        files_under(&folder).into_iter().map(name).collect()
    };
    assert_eq!(names("mysql"), names("sqlite"));
}

#[test]
fn scripts_can_be_run_and_ci_runs_the_tests() {
    use std::os::unix::fs::PermissionsExt;
    for script in ["scripts/test", ".ci/run"] {
        let mode = fs::metadata(root().join(script)).unwrap().permissions().mode();
        assert_eq!(mode & 0o111, 0o111, "{script} cannot be run");
    }
    let ci = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(ci.contains("scripts/test"), "{ci}");
}

#[test]
fn readme_names_the_commands_that_run_and_test() {
    // A package of the sources may come without it.
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return };
    for command in ["cargo run", "scripts/test"] {
        assert!(readme.contains(command), "README.md does not name `{command}`");
    }
}

/// Places that exist on one machine only. A path that merely holds such a word,
/// as an address does, is not meant.
fn place_on_a_machine() -> Regex {
    Regex::new(r"(^|[^\w.:/-])/(home|root|Users|work)/").unwrap()
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let pattern = place_on_a_machine();
    let tracked = ["src", "tests", "benches", "flows", "fixtures", "migrations", "scripts", "docs"]
        .iter()
        .chain(&[".ci", ".github", ".cargo", "packaging"])
        .flat_map(|folder| files_under(&root().join(folder)))
        .chain(fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()))
        .filter(|path| path.is_file() && !path.ends_with(".env") && !path.ends_with(".git"));
    let mut findings = Vec::new();
    for path in tracked {
        // Pictures and the like are no text.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (before, line) in text.lines().enumerate() {
            if pattern.is_match(line) {
                findings.push(format!("{}:{}: {}", from_root(&path), before + 1, line.trim()));
            }
        }
    }
    none_found("a file names a place that exists on one machine only", &findings);
}

/// The check above sees what it is for.
#[test]
fn places_on_a_machine_are_seen() {
    // In two halves: this file is read, too.
    for (line, found) in [
        (["see /wo", "rk/notes.md"], true),
        (["\"/ho", "me/somebody/x\""], true),
        (["https://example.com/ho", "me/"], false),
        (["a net", "work/path"], false),
    ] {
        assert_eq!(place_on_a_machine().is_match(&line.concat()), found, "{line:?}");
    }
}
