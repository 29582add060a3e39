//! Files that are no flows or chats by their size or kind: refused at once,
//! with the file and the limit.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::write;
use crate::support::ringback::{Outcome, run};

const FLOW: &str = "flow: a\nstart: [go]\nsteps:\n  NAME: {ask: Your name?}\n";
const CHAT: &str = "> go\n< Your name?\n> Ann\n= COMPLETED\n";

fn check(folder: &Path, file: &str) -> Outcome {
    run(folder, &[], &["check", file])
}

fn sparse(folder: &Path, name: &str) {
    File::create(folder.join(name)).unwrap().set_len(3 << 30).unwrap();
}

fn pipe(folder: &Path, name: &str) {
    assert!(Command::new("mkfifo").arg(folder.join(name)).status().unwrap().success());
}

#[track_caller]
fn refused(outcome: &Outcome, says: &[&str]) {
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let all = outcome.to_string();
    assert!(says.iter().all(|says| all.contains(says)), "{says:?}: {outcome}");
}

#[test]
fn a_large_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sparse(folder, "a.yaml");
    let says = ["`a.yaml` has 3221225472 bytes, and a file at most 1048576", "is it another file?"];
    refused(&check(folder, "a.yaml"), &says);
    refused(&check(folder, "."), &says);
    // Beside a flow that does not need it, it is no matter.
    write(folder, "b.yaml", FLOW);
    assert_eq!(check(folder, "b.yaml").code, Some(0));
    // But a language file and a chat file of its own are.
    sparse(folder, "b.de.yaml");
    refused(&check(folder, "b.yaml"), &["`b.de.yaml` has 3221225472 bytes"]);
    fs::remove_file(folder.join("b.de.yaml")).unwrap();
    sparse(folder, "b.chat");
    refused(&check(folder, "b.yaml"), &["`b.chat` has 3221225472 bytes"]);
    write(folder, "b.chat", "> go\n@deploy a.yaml\n");
    refused(&check(folder, "b.yaml"), &["`a.yaml` has 3221225472 bytes", "b.chat:2"]);
    // A file of just so many bytes is read.
    write(folder, "b.chat", CHAT);
    let filled = |length: usize| format!("{FLOW}#{}\n", "x".repeat(length - FLOW.len() - 2));
    write(folder, "b.yaml", filled(1 << 20));
    assert_eq!(check(folder, "b.yaml").code, Some(0));
    write(folder, "b.yaml", filled((1 << 20) + 1));
    refused(&check(folder, "b.yaml"), &["`b.yaml` has 1048577 bytes"]);
}

#[test]
fn what_has_no_end_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    pipe(folder, "a.yaml");
    symlink("/dev/zero", folder.join("zero.yaml")).unwrap();
    for (name, says) in [
        ("a.yaml", "`a.yaml` is not a regular file"),
        ("zero.yaml", "`zero.yaml` is not a regular file"),
        ("/dev/zero", "`/dev/zero` is not a regular file"),
    ] {
        refused(&check(folder, name), &[says]);
    }
    refused(&check(folder, "."), &["there is no flow file (`*.yaml`) in"]);
    // Nor beside a flow.
    write(folder, "b.yaml", FLOW);
    pipe(folder, "b.chat");
    pipe(folder, "b.de.yaml");
    for name in [".", "b.yaml"] {
        let outcome = check(folder, name);
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
    write(folder, "b.new.chat", "> go\n@deploy a.yaml\n");
    refused(&check(folder, "b.yaml"), &["`a.yaml` is not a regular file"]);
}

#[test]
fn a_link_in_a_circle_ends() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "a.yaml", FLOW);
    write(folder, "a.chat", CHAT);
    symlink(".", folder.join("loop")).unwrap();
    symlink(".", folder.join("loop.yaml")).unwrap();
    assert_eq!(check(folder, ".").code, Some(0));
    assert_eq!(check(folder, "loop/loop/a.yaml").code, Some(0));
    symlink("round.yaml", folder.join("round.yaml")).unwrap();
    refused(&check(folder, "."), &["cannot read `./round.yaml`", "symbolic links"]);
}

#[test]
fn files_are_bounded_together_and_in_number() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let comment = "#\n".repeat(500_000);
    for n in 0..17 {
        write(folder, &format!("f{n:02}.yaml"), format!("flow: f{n}\n{comment}"));
    }
    refused(&check(folder, "."), &["the files up to `f16.yaml` have more than 16777216 bytes"]);
    let many = tempfile::tempdir().unwrap();
    for n in 0..10_001 {
        File::create(many.path().join(format!("{n}.yaml"))).unwrap();
    }
    refused(&check(many.path(), "."), &["has more than 10000 files `*.yaml`"]);
}

#[test]
fn a_service_is_not_started_with_them() {
    let folder = tempfile::tempdir().unwrap();
    sparse(folder.path(), "a.yaml");
    pipe(folder.path(), "pipe.yaml");
    for (flows, says) in
        [("a.yaml", "has 3221225472 bytes"), ("pipe.yaml", "is not a regular file")]
    {
        let outcome =
            run(folder.path(), &[("FLOWS", flows), ("DATABASE_URL", "sqlite:a.db")], &["serve"]);
        refused(&outcome, &[says]);
    }
}
