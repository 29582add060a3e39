//! `ringback explain`: what a code means, and where that is said to be found.

use std::path::Path;

use insta::assert_snapshot;
use ringback::conversation::finding::Code;

use super::{shown, write};
use crate::support::ringback::run;

fn explain(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    shown(&run(folder.path(), &[], &[&["explain"], arguments].concat()))
}

#[test]
fn a_code_is_explained_as_in_the_document() {
    assert_snapshot!("ucs2", explain(&["ucs2"]));
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    let document = std::fs::read_to_string(document).unwrap();
    for code in Code::ALL {
        let printed = explain(&[code.name()]);
        let (_, section) = printed.split_once(&format!("{}\n\n", code.summary())).unwrap();
        let section = section.strip_suffix("\n--- stderr\n").unwrap();
        assert!(section.len() > 200, "{printed}");
        assert!(document.contains(&format!("### `{code}`\n\n{section}\n")), "{printed}");
        assert!(!section.contains("\n## ") && !section.contains("\n### "), "{printed}");
    }
}

#[test]
fn a_code_may_be_written_as_check_prints_it() {
    let expected = explain(&["ucs2"]);
    for written in ["UCS2", "[ucs2]", "warning[ucs2]", "error[Ucs2]"] {
        assert_eq!(explain(&[written]), expected, "{written}");
    }
}

#[test]
fn without_a_code_all_are_listed() {
    assert_snapshot!("list", explain(&[]));
}

#[test]
fn another_name_is_refused_with_those_that_are_near() {
    for (written, near) in [
        ("unknown-taget", "did you mean `unknown-target`?"),
        ("[UCS3]", "did you mean `ucs2`?"),
        ("unused", "did you mean `unused-branch`, `unused-quiet-after`, `unused-allowance`?"),
        ("xyzzy", "`ringback explain` lists all"),
    ] {
        let printed = explain(&[written]);
        assert!(printed.starts_with("exit code: 2\n--- stdout\n--- stderr\nerror: "), "{printed}");
        assert!(printed.contains(near), "{printed}");
    }
}

#[test]
fn check_names_the_command_once_and_in_text_only() {
    let folder = tempfile::tempdir().unwrap();
    let hint = "For more about a finding, try `ringback explain";
    let check = |arguments: &[&str]| {
        run(folder.path(), &[], &[&["check", "a.yaml"], arguments].concat()).stdout
    };
    let flow = |go: &str| format!("flow: a\nstart: [a]\nsteps:\n  A: {{ask: A?, {go}}}\n");
    write(folder.path(), "a.yaml", flow("go: B, on_fail: C"));
    let printed = check(&[]);
    assert_eq!(printed.matches(hint).count(), 1, "{printed}");
    let [.., line, _verdict] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert!(line.starts_with(hint), "{printed}");
    for format in ["json", "github"] {
        assert!(!check(&["--format", format]).contains(hint));
    }
    write(folder.path(), "a.yaml", flow("max: 9"));
    assert!(check(&[]).contains(&format!("{hint} unanswered-question`.")));
    write(folder.path(), "a.chat", "> a\n< A?\n> b\n= COMPLETED\n");
    assert!(!check(&[]).contains(hint));
}
