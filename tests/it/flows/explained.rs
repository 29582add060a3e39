//! `docs/findings.md`: each code has a section, whose example has that finding
//! as it is shown there, and whose cure has none. As of snapshots,
//! `INSTA_UPDATE=always` writes what is shown.

use std::collections::BTreeMap;
use std::fs;

use ringback::conversation::finding::Code;

use super::repository;
use crate::support::ringback::run;

const DOCUMENT: &str = "docs/findings.md";

/// What stands above the steps of an example that is no whole file.
const HEAD: &str = "flow: example\nstart: [hello]\nsteps:\n";

/// The name of an example's file where none is written.
const FILE: &str = "example.yaml";

/// Shown by no example: one is about a database, and one takes a hundred steps.
const WITHOUT_EXAMPLE: [Code; 2] = [Code::BeginAgain, Code::TurnSteps];

/// A fenced block: the words behind its fence, and its text.
type Block<'a> = (&'a str, &'a str);

fn blocks(section: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = section;
    while let Some((_, block)) = rest.split_once("\n```") {
        let (info, after) = block.split_once('\n').unwrap();
        let (text, after) = after.split_once("```\n").expect("a block is closed");
        blocks.push((info, text));
        rest = after;
    }
    blocks
}

/// A file of an example, whole, by its name.
fn file((info, text): Block<'_>) -> (String, String) {
    match info.split_once(' ') {
        Some((_, name)) => (name.to_owned(), text.to_owned()),
        None if text.starts_with("flow: ") => (FILE.to_owned(), text.to_owned()),
        None => {
            let steps = text.lines().map(|line| format!("  {line}\n"));
            (FILE.to_owned(), format!("{HEAD}{}", steps.collect::<String>()))
        }
    }
}

/// What `check` prints of these files.
fn checked(files: &BTreeMap<String, String>) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let outcome = run(folder.path(), &[], &["check", "."]);
    let printed = format!("{}{}", outcome.stdout, outcome.stderr);
    printed.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// The codes of findings in what `check` printed, but for questions without chat files.
fn codes(printed: &str) -> Vec<&str> {
    let findings = printed.lines().filter_map(|line| {
        let rest = line.strip_prefix("error[").or(line.strip_prefix("warning["))?;
        rest.split(']').next()
    });
    findings.filter(|code| *code != Code::UnansweredQuestion.name()).collect()
}

/// The finding of a code in what `check` printed.
fn finding(code: Code, printed: &str) -> Option<String> {
    let title = format!("{}[{code}]", code.severity().name());
    let from = printed.find(&title)?;
    let finding = printed[from..].split("\n\n").next()?;
    Some(format!("{}\n", finding.trim_end()))
}

/// The document with the findings as `check` prints them now.
fn updated(document: &str) -> String {
    let mut updated = document.to_owned();
    for (heading, section) in below(document, "###") {
        let code = Code::named(heading.trim_matches('`')).unwrap();
        let blocks = blocks(section);
        let shown = blocks.iter().position(|(info, _)| *info == "text").unwrap();
        let files = blocks[..shown].iter().map(|block| file(*block)).collect();
        let old = blocks[shown].1;
        if let Some(new) = finding(code, &checked(&files)).filter(|_| shown > 0) {
            updated =
                updated.replacen(&format!("```text\n{old}```"), &format!("```text\n{new}```"), 1);
        }
    }
    updated
}

/// What is wrong with the section of a code.
fn faults(code: Code, section: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let blocks = blocks(section);
    let shown = blocks.iter().position(|(info, _)| *info == "text").expect("a finding is shown");
    let (example, cure) = (&blocks[..shown], &blocks[shown + 1..]);
    let mut files: BTreeMap<String, String> = example.iter().map(|block| file(*block)).collect();
    let printed = checked(&files);
    if !printed.contains(blocks[shown].1) {
        faults.push(format!("{code}: something else is printed:\n{printed}"));
    }
    let is_other_error =
        |other: &&str| *other != code.name() && Code::named(other).is_some_and(Code::is_error);
    if codes(&printed).iter().any(is_other_error) {
        faults.push(format!("{code}: the example has another error, too:\n{printed}"));
    }
    files.extend(cure.iter().map(|block| file(*block)));
    let printed = checked(&files);
    let is_cured = !printed.contains(&format!("[{code}]")) && codes(&printed).is_empty();
    if !is_cured || !printed.contains("no errors") && !printed.contains("all well") {
        faults.push(format!("{code}: not cured:\n{printed}"));
    }
    faults
}

/// The text below each heading of a level, by the heading.
fn below<'a>(document: &'a str, heading: &str) -> Vec<(&'a str, &'a str)> {
    let mark = format!("\n{heading} ");
    document.split(&mark).skip(1).map(|section| section.split_once('\n').unwrap()).collect()
}

fn document() -> String {
    fs::read_to_string(repository(DOCUMENT)).unwrap()
}

#[test]
fn each_code_has_a_section_below_its_topic_and_no_other_has() {
    let document = document();
    let mut explained = Vec::new();
    for (topic, text) in below(&document, "##") {
        explained.extend(below(text, "###").into_iter().map(|(code, _)| (topic, code)));
    }
    let explained: Vec<String> =
        explained.iter().map(|(topic, code)| format!("{topic}: {code}")).collect();
    let all: Vec<String> =
        Code::ALL.iter().map(|code| format!("{}: `{code}`", code.topic())).collect();
    assert_eq!(explained, all);
}

#[test]
fn each_example_has_its_finding_and_is_cured() {
    let mut document = document();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        document = updated(&document);
        fs::write(repository(DOCUMENT), &document).unwrap();
    }
    let mut wrong = Vec::new();
    for (heading, text) in below(&document, "###") {
        let code = Code::named(heading.trim_matches('`')).unwrap();
        let section = text.split("\n## ").next().unwrap();
        if WITHOUT_EXAMPLE.contains(&code) {
            continue;
        }
        wrong.extend(faults(code, section));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The test above sees what it is for.
#[test]
fn a_wrong_example_is_seen() {
    let section = |ask: &str, shown: &str, cure: &str| {
        format!(
            "\n```yaml\nA: {{{ask}: A?}}\n```\n\n```text\n{shown}\n```\n\n```yaml\nA: {{{cure}: A?}}\n```\n"
        )
    };
    let shown = "error[unknown-key]: `aks` is not a key of a step";
    for (section, fault) in [
        (section("aks", shown, "ask"), None),
        (section("ask", shown, "ask"), Some("something else is printed")),
        (section("aks", "error[shape]: x", "ask"), Some("something else is printed")),
        (section("aks", shown, "aks"), Some("not cured")),
    ] {
        let found = faults(Code::UnknownKey, &section).join("\n");
        assert_eq!(found.is_empty(), fault.is_none(), "{found}");
        assert!(found.contains(fault.unwrap_or_default()), "{found}");
    }
    let other = faults(Code::Shape, &section("aks", shown, "ask")).join("\n");
    assert!(other.contains("another error"), "{other}");
}

#[test]
fn what_no_example_shows_is_shown_elsewhere() {
    let document = document();
    let mut shown = String::new();
    for folder in ["tests/it/flows/findings", "tests/it/commands/snapshots"] {
        for entry in fs::read_dir(repository(folder)).unwrap() {
            shown += &fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    for (heading, text) in below(&document, "###") {
        let code = Code::named(heading.trim_matches('`')).unwrap();
        if WITHOUT_EXAMPLE.contains(&code) {
            let (_, finding) = blocks(text).into_iter().find(|(info, _)| *info == "text").unwrap();
            assert!(shown.contains(finding.trim_end()), "{finding}");
        }
    }
}

/// The first sections say how examples are completed, and what an allowance looks like.
#[test]
fn the_introduction_is_true() {
    let document = document();
    let blocks = blocks(&document);
    let of = |name: &str| blocks.iter().find(|(info, _)| info.ends_with(name)).unwrap().1;
    assert_eq!(of(" head"), HEAD);
    let allowed = of(" allowed");
    for (text, expected) in
        [(allowed.to_owned(), vec![]), (allowed.replace("# allow:", "# alas:"), vec!["ucs2"])]
    {
        let files = BTreeMap::from([file(("yaml", &text))]);
        assert_eq!(codes(&checked(&files)), expected, "{text}");
    }
}
