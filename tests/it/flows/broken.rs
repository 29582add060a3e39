//! Every broken flow of `fixtures/flows/broken` and what is said about it,
//! side by side in `findings/`. A folder there is one load of several files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ringback::conversation::Flows;
use ringback::conversation::finding::Severity;

use super::{repository, source, sources_in};

pub(super) fn fixtures() -> Vec<PathBuf> {
    let folder = repository("fixtures/flows/broken");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_fault_is_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("findings");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in fixtures() {
        let sources = if path.is_dir() { sources_in(&path) } else { vec![source(&path)] };
        let (loads, findings) = match Flows::load(&sources) {
            Ok(loaded) => (true, loaded.warnings),
            Err(findings) => (false, findings),
        };
        assert!(!findings.is_empty(), "{} has no finding", path.display());
        assert_eq!(loads, findings.count(Severity::Error) == 0, "{}", path.display());
        settings.bind(|| insta::assert_snapshot!(stem(&path), findings.render(false)));
    }
}

#[test]
fn every_snapshot_has_its_fixture() {
    let names: BTreeSet<String> = fixtures().iter().map(|path| stem(path)).collect();
    for entry in std::fs::read_dir(repository("tests/it/flows/findings")).unwrap() {
        let path = entry.unwrap().path();
        // `.snap.new` is what a failed run leaves behind.
        if path.extension().is_none_or(|extension| extension != "snap") {
            continue;
        }
        assert!(names.contains(&stem(&path)), "{} belongs to no fixture", path.display());
    }
}

#[test]
fn nothing_is_no_flow() {
    let findings = Flows::load(&[]).unwrap_err();
    insta::assert_snapshot!(findings.render(false), @r"
    error[no-flow]: there is no flow file
     |
     = help: a flow is a file that ends in `.yaml`
    ");
}

#[test]
fn colours_are_for_terminals_only() {
    let sources = super::one("flow: x\nstart: hello\n");
    let findings = Flows::load(&sources).unwrap_err();
    assert!(!findings.render(false).contains('\u{1b}'));
    assert!(findings.render(true).contains('\u{1b}'));
}
