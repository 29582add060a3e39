//! `ringback init`: a project that works at once, or nothing at all.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

use super::shown;
use crate::support::ringback::{finish, piped, run};
use crate::support::service::Service;
use crate::support::twilio::{say, settings};

const FILES: [&str; 7] = [
    ".env",
    ".env.example",
    ".gitignore",
    "README.md",
    "flows/flow.schema.json",
    "flows/table.chat",
    "flows/table.yaml",
];

/// Everything in a folder, by its path.
fn everything(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(everything(&path).iter().map(|inner| format!("{name}/{inner}")));
        } else {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// Runs a line in a shell that knows `ringback`.
fn shell(folder: &Path, line: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_ringback")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut shell = Command::new("sh");
    piped(shell.args(["-c", line]).current_dir(folder).env_clear().env("PATH", path));
    let outcome = finish(shell.spawn().unwrap());
    (outcome.code, outcome.to_string())
}

#[tokio::test]
async fn a_project_is_checked_and_served_as_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], &["init", "my bots/first"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
    assert_snapshot!(shown(&outcome));
    let project = folder.path().join("my bots/first");
    assert_eq!(everything(&project), FILES);
    let mode = |name: &str| fs::metadata(project.join(name)).unwrap().permissions().mode();
    assert_eq!(mode(".env") & 0o077, 0, "others may read `.env`");

    // Nothing is to be said about the flow, wherever it is checked.
    let all = ["--strict", "--coverage=100"];
    for (place, flows) in [(&*project, &[][..]), (folder.path(), &["my bots/first/flows"])] {
        let checked = run(place, &[], &[&["check"], flows, &all].concat());
        assert_eq!(checked.code, Some(0), "{checked}");
        assert!(checked.stdout.ends_with("1 flow, 1 chat file: all well\n"), "{checked}");
    }

    // The settings are those of the example, and lead to the flows.
    let service = Service::start(&project, &settings("sqlite:ringback.db"));
    let reply = say(&service, "SM1", "+14155552671", "hello").await;
    assert_eq!(reply, ["For how many people is the table?"]);
}

#[test]
fn the_commands_that_it_prints_work() {
    for name in ["bot", "it's a \"bot\" & more", "-bot", "$HOME"] {
        let folder = tempfile::tempdir().unwrap();
        let outcome = run(folder.path(), &[], &["init", "--", name]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let printed: Vec<&str> =
            outcome.stdout.lines().filter_map(|line| line.strip_prefix("  ")).collect();
        let [enter, check, chat, serve] = printed[..] else { panic!("{outcome}") };
        let (code, shown) = shell(folder.path(), &format!("{enter} && {check}\n"));
        assert!(code == Some(0) && shown.contains("all well"), "{name}: {shown}");
        let (code, shown) = shell(folder.path(), &format!("{enter} && {chat}\n"));
        assert_eq!(code, Some(0), "{name}: {shown}");
        assert!(serve.starts_with("ringback  "), "{serve}");
    }
    // In the folder itself there is nothing to enter.
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], &["init", "."]);
    assert!(outcome.code == Some(0) && !outcome.stdout.contains("cd "), "{outcome}");
}

#[test]
fn an_editor_finds_the_schema_beside_the_flow() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &[], &["init", "bot"]).code, Some(0));
    let flows = folder.path().join("bot/flows");
    let flow = fs::read_to_string(flows.join("table.yaml")).unwrap();
    let schema = flow.strip_prefix("# yaml-language-server: $schema=").unwrap();
    let schema = fs::read_to_string(flows.join(schema.lines().next().unwrap())).unwrap();
    assert_eq!(schema, run(folder.path(), &[], &["schema"]).stdout);
}

#[test]
fn other_files_stay_and_none_is_overwritten() {
    for taken in FILES.into_iter().chain(["flows/other.yaml"]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot").join(taken);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        fs::write(folder.path().join("bot/notes.txt"), "mine").unwrap();
        let before = everything(folder.path());
        let outcome = run(folder.path(), &[], &["init", "bot"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
        let named = if taken == "flows/other.yaml" { "`bot/flows`" } else { taken };
        assert!(outcome.stderr.contains(named) && outcome.stderr.contains("hint: "), "{outcome}");
        assert_eq!(everything(folder.path()), before);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(&path).unwrap();
        if taken.starts_with("flows/") {
            fs::remove_dir(path.parent().unwrap()).unwrap();
        }
        let outcome = run(folder.path(), &[], &["init", "bot"]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert_eq!(fs::read_to_string(folder.path().join("bot/notes.txt")).unwrap(), "mine");
    }
}

#[test]
fn what_is_in_the_way_is_named_with_a_cure() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "mine").unwrap();
    fs::create_dir(folder.path().join("linked")).unwrap();
    symlink("nowhere", folder.path().join("linked/.env")).unwrap();
    for (name, what) in [
        ("file", "`file` is not a folder"),
        ("file/bot", "`file` is not a folder"),
        ("linked", "`linked` has `.env` already"),
        ("mysql://bot:s3cret@db/ringback", "the address of a server or database"),
        ("https://bot:s3cret@db", "the address of a server or database"),
    ] {
        let outcome = run(folder.path(), &[], &["init", name]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""), "{outcome}");
        assert!(outcome.stderr.contains(what) && outcome.stderr.contains("hint: "), "{outcome}");
        assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
    }
    assert_eq!(everything(folder.path()), ["file", "linked/.env"]);
}

#[test]
fn what_cannot_be_made_as_a_whole_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("old")).unwrap();
    for name in ["new/bot", "old"] {
        // The schema does not fit into the largest file.
        let line = format!("trap '' XFSZ; ulimit -f 16; exec ringback init {name}");
        let (code, shown) = shell(folder.path(), &line);
        assert_eq!(code, Some(1), "{shown}");
        let what = format!("cannot make `{name}/flows/flow.schema.json`");
        assert!(shown.contains(&what) && shown.contains("hint: "), "{shown}");
    }
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["old"]);
    assert_eq!(fs::read_dir(folder.path().join("old")).unwrap().count(), 0);
}
