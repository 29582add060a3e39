//! The examples of `docs/flows.md` and `docs/recipes.md`: each loads, without a finding, and runs as it says.
//!
//! A block that begins with ```` ```yaml NAME ```` or ```` ```chat NAME ```` is a file;
//! those below one heading lie in one folder together. ```` ```console ```` shows what
//! a command says there. A file marked `wrong` is there to be refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::repository;
use crate::support::ringback::{Outcome, run, run_with_input};

pub(super) const GUIDE: &str = "docs/flows.md";

/// A fenced block, with the number of the line above its text.
pub(super) struct Block<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    is_wrong: bool,
    line: usize,
    pub(super) text: String,
}

/// The blocks of a document, those below each heading together.
pub(super) fn sections(document: &str) -> Vec<Vec<Block<'_>>> {
    let mut sections = vec![Vec::new()];
    let mut open: Option<Block<'_>> = None;
    for (line, text) in (1..).zip(document.lines()) {
        match (&mut open, text.strip_prefix("```")) {
            (Some(_), Some(_)) => sections.last_mut().unwrap().extend(open.take()),
            (Some(block), None) => block.text.extend([text, "\n"]),
            (None, Some(info)) => {
                let mut words = info.split(' ');
                let (kind, name) = (words.next().unwrap(), words.next().unwrap_or_default());
                let is_wrong = words.next() == Some("wrong");
                open = Some(Block { kind, name, is_wrong, line, text: String::new() });
            }
            (None, None) if text.starts_with('#') => sections.push(Vec::new()),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of {GUIDE} is not closed");
    sections
}

/// Writes the files into a folder; `padded`, so that each line has the number
/// that it has in the document, and findings name that.
fn lay(folder: &Path, blocks: &[Block<'_>], padded: bool) {
    for block in blocks.iter().filter(|block| matches!(block.kind, "yaml" | "chat")) {
        let path = folder.join(block.name);
        assert!(!path.exists(), "{GUIDE}:{}: {} a second time", block.line, block.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let above = "\n".repeat(if padded { block.line } else { 0 });
        fs::write(path, format!("{above}{}", block.text)).unwrap();
    }
}

/// What is wrong with the examples below one heading.
fn faults(blocks: &[Block<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    let names: BTreeSet<&str> = blocks.iter().map(|block| block.name).collect();
    for block in blocks {
        let place = format!("{GUIDE}:{}", block.line);
        match (block.kind, block.name.rsplit_once('.')) {
            ("console" | "sh", _) => {}
            ("chat", Some((flow, "chat"))) => {
                let flow = flow.split('.').next().unwrap();
                if !names.contains(format!("{flow}.yaml").as_str()) {
                    faults.push(format!("{place}: no {flow}.yaml stands below this heading"));
                }
            }
            ("yaml", Some((flow, "yaml"))) => {
                // A language file is played with its flow.
                let flow = flow.split('.').next().unwrap();
                let is_played = names.iter().any(|name| {
                    name.strip_suffix(".chat")
                        .is_some_and(|chat| chat.split('.').next() == Some(flow))
                });
                let runs_it = Regex::new(&format!(r"\brun: {flow}\b")).unwrap();
                let is_part = blocks.iter().any(|block| runs_it.is_match(&block.text));
                if !is_played && !is_part && !block.is_wrong && !flow.contains('/') {
                    faults.push(format!("{place}: nothing runs this flow"));
                }
            }
            (kind, _) => faults.push(format!("{place}: `{kind} {}` is no example", block.name)),
        }
    }
    if !faults.is_empty() {
        return faults;
    }
    let consoles = blocks.iter().filter(|block| block.kind == "console");
    faults.extend(consoles.filter_map(|console| told_otherwise(blocks, console)));
    let is_wrong = blocks.iter().any(|block| block.is_wrong);
    if !is_wrong && blocks.iter().any(|block| block.kind == "yaml") {
        let folder = tempfile::tempdir().unwrap();
        lay(folder.path(), blocks, true);
        let outcome = run(folder.path(), &[], &["check", "--strict", "."]);
        if outcome.code != Some(0) {
            faults.push(format!("the lines are those of {GUIDE}:\n{outcome}"));
        }
    }
    faults
}

/// Runs the command of a block in which something else is shown than it says.
fn told_otherwise(blocks: &[Block<'_>], console: &Block<'_>) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    lay(folder.path(), blocks, false);
    let (command, shown) = console.text.split_once('\n').unwrap();
    let arguments: Vec<&str> = command.strip_prefix("$ ringback ").unwrap().split(' ').collect();
    let typed: String = shown
        .lines()
        .filter_map(|line| line.strip_prefix("> "))
        .flat_map(|line| [line, "\n"])
        .collect();
    let Outcome { stdout, stderr, .. } = run_with_input(folder.path(), &[], &arguments, typed);
    let tidy = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let told = tidy(&format!("{stdout}{stderr}"));
    let place = format!("{GUIDE}:{}", console.line);
    (told.trim() != tidy(shown).trim())
        .then(|| format!("{place}: `{command}` says something else:\n{told}"))
}

#[test]
fn each_example_loads_and_runs() {
    for (document, fewest) in [(GUIDE, 10), ("docs/recipes.md", 3)] {
        let text = fs::read_to_string(repository(document)).unwrap();
        let sections = sections(&text);
        let flows = sections.iter().flatten().filter(|block| block.kind == "yaml").count();
        assert!(flows >= fewest, "{flows} examples in {document}");
        let faults: Vec<String> = sections.iter().flat_map(|blocks| faults(blocks)).collect();
        // A place below is named as one of the guide, whichever document it is.
        assert!(faults.is_empty(), "in {document}:\n{}", faults.join("\n\n"));
    }
}

/// The test above sees what it is for.
#[test]
fn a_wrong_example_is_seen_at_its_line() {
    let good = "# A\n\n```yaml a.yaml\nflow: a\nstart: [a]\nsteps:\n  A: {ask: A?}\n```\n\n```chat a.chat\n> a\n< A?\n> b\n= COMPLETED\n```\n";
    for (from, to, expected) in [
        ("", "", None),
        ("ask: A?}", "aks: A?}", Some("a.yaml:7:7")),
        ("< A?", "< B?", Some("a.chat:12:3")),
        (
            "```chat a.chat\n> a\n< A?\n> b\n= COMPLETED\n```\n",
            "",
            Some("docs/flows.md:3: nothing"),
        ),
        ("yaml a.yaml", "yaml", Some("docs/flows.md:3: `yaml ` is no example")),
        ("chat a.chat", "chat b.chat", Some("docs/flows.md:10: no b.yaml")),
        (
            "> a\n",
            "```\n```console\n$ ringback chat a.yaml\n> a\n< B?\n```\n```sh\n",
            Some("docs/flows.md:12: `$ ringback chat a.yaml` says"),
        ),
    ] {
        let text = good.replacen(from, to, 1);
        let found = sections(&text).iter().flat_map(|blocks| faults(blocks)).collect::<String>();
        match expected {
            Some(expected) => assert!(found.contains(expected), "{to}: {found}"),
            None => assert_eq!(found, ""),
        }
    }
}

/// The keys that a list in the code holds.
fn keys(path: &str, list: &str) -> BTreeSet<String> {
    let code = fs::read_to_string(repository(path)).unwrap();
    let list = Regex::new(&format!(r"const {list}: [^=]*=\s*\[([^\]]*)\]")).unwrap();
    let list = &list.captures(&code).unwrap()[1];
    Regex::new(r#""(\w+)""#).unwrap().captures_iter(list).map(|key| key[1].to_owned()).collect()
}

#[test]
fn the_reference_has_each_key_and_no_other() {
    let guide = fs::read_to_string(repository(GUIDE)).unwrap();
    let explained = |heading: &str| -> BTreeSet<String> {
        let (_, section) = guide.split_once(&format!("\n{heading}\n")).unwrap();
        let section = section.split("\n#").next().unwrap();
        let cell = Regex::new(r"(?m)^\| (`[^|]+`) \|").unwrap();
        let cells: Vec<String> =
            cell.captures_iter(section).map(|cell| cell[1].to_owned()).collect();
        Regex::new(r"`(\w+)`")
            .unwrap()
            .captures_iter(&cells.join(" "))
            .map(|key| key[1].to_owned())
            .collect()
    };
    let tables = "src/conversation/load/syntax/keys.rs";
    assert_eq!(explained("### Keys of the file"), keys(tables, "OF_FILE"));
    let all: BTreeSet<String> = ["VERBS", "OF_ASK", "OF_RUN", "OF_CALL", "OF_ANY_STEP"]
        .iter()
        .flat_map(|list| keys(tables, list))
        .collect();
    assert_eq!(explained("### Keys of a step"), all);
}
