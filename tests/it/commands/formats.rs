//! `ringback check --format`: the result for programs.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;

use super::{shown, write};
use crate::support::ringback::run;

const BROKEN: &str = "flow: broken\nstart: [hello]\nsteps:\n  A: {ask: Wié?, tries: 3}\n  A2: {ask: x, options: {a: A, b: a}}\n";
const DEAR: &str = "flow: dear\nstart: [hello]\nsteps:\n  A: {ask: Who?, error: What?, max: 9}\n  D: {say: \"“{{ A }}”\"}\n";

fn check(folder: &Path, arguments: &[&str]) -> String {
    shown(&run(folder, &[], &[&["check"], arguments].concat()))
}

/// The document, and whether the command succeeded.
fn document(folder: &Path, arguments: &[&str]) -> (Value, bool) {
    let outcome = run(folder, &[], &[&["check", "--format", "json"], arguments].concat());
    let document = serde_json::from_str(&outcome.stdout).expect("one JSON document");
    (document, outcome.code == Some(0))
}

#[test]
fn errors_and_their_labels_have_their_places() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "broken.yaml", BROKEN);
    assert_snapshot!("broken-json", check(folder.path(), &["--format", "json", "broken.yaml"]));
    assert_snapshot!("broken-github", check(folder.path(), &["--format=github", "broken.yaml"]));
}

#[test]
fn warnings_chat_files_and_coverage_are_in_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dear.yaml", DEAR);
    write(folder.path(), "dear.chat", "> hello\n< Who?\n> Ada\n< “Ada”\n= COMPLETED\n");
    write(folder.path(), "dear.bad.chat", "> hello\n< Why?\n");
    write(folder.path(), "dear.odd.chat", "hello\n");
    assert_snapshot!("chats-json", check(folder.path(), &["--format", "json", "."]));
    assert_snapshot!("chats-github", check(folder.path(), &["--format", "github", "."]));
}

#[test]
fn the_exit_code_is_that_of_the_text() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dear.yaml", DEAR);
    write(folder.path(), "dear.chat", "> hello\n< Who?\n> Ada\n< “Ada”\n");
    for arguments in
        [&["."][..], &["--strict", "."], &["--coverage=100", "."], &["--coverage", "."]]
    {
        let text = run(folder.path(), &[], &[&["check"], arguments].concat());
        let (document, success) = document(folder.path(), arguments);
        assert_eq!(success, text.code == Some(0), "{arguments:?}");
        assert_eq!(document["ok"], text.code == Some(0), "{arguments:?}");
        let verdict = document["verdict"].as_str().expect("a verdict");
        assert_eq!(text.stdout.lines().last(), Some(verdict), "{arguments:?}");
        let github = run(folder.path(), &[], &[&["check", "--format=github"], arguments].concat());
        assert_eq!(github.code, text.code, "{arguments:?}");
        assert_eq!(github.stdout.contains("::error"), text.code != Some(0), "{arguments:?}");
    }
    let outcome = run(folder.path(), &[], &["check", "--format=json", "--segments", "."]);
    assert!(outcome.code == Some(1) && outcome.stdout.is_empty());
}

#[test]
fn an_allowed_warning_is_in_no_format_and_fails_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "dear.chat", "> hello\n< Who?\n> Ada\n< “Ada”\n= COMPLETED\n");
    let flow = DEAR.replace("A: {ask: Who?", "A: {ask: Who?, optional: [stop]");
    for (comment, codes) in [
        ("allow:", &[][..]),
        ("alas:", &["carrier-keyword"]),
        ("allow: ucs2,", &["unused-allowance"]),
    ] {
        let comment = format!("  # {comment} carrier-keyword\n");
        let text = flow.replace("  A:", &(comment.clone() + "  A:"));
        write(folder.path(), "dear.yaml", text);
        let (document, success) = document(folder.path(), &["--strict", "."]);
        let findings = document["findings"].as_array().expect("findings");
        let found: Vec<&str> = findings.iter().filter_map(|f| f["code"].as_str()).collect();
        assert_eq!(found, codes, "{comment}: {document}");
        assert_eq!(success, codes.is_empty(), "{comment}: {document}");
        let github = check(folder.path(), &["--format=github", "--strict", "."]);
        let titled = |code: &&str| github.contains(&format!(",title={code}::"));
        assert!(codes.iter().all(titled), "{github}");
        assert_eq!(github.contains("::warning"), !codes.is_empty(), "{github}");
    }
}

#[test]
fn folders_inside_are_named_where_nothing_deploys_from_them() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["next", "more", ".hidden", "empty"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    write(folder.path(), "next/dear.yaml", DEAR);
    write(folder.path(), "more/other.yaml", DEAR);
    write(folder.path(), ".hidden/other.yaml", DEAR);
    assert_snapshot!("no-flows-but-inside", check(folder.path(), &["."]));
    write(folder.path(), "dear.yaml", DEAR);
    write(folder.path(), "dear.chat", "> hello\n< Who?\n@deploy next/dear.yaml\n> Ada\n< “Ada”\n");
    assert_snapshot!("flows-inside", check(folder.path(), &["."]));
}
