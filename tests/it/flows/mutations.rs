//! Whatever happens to a flow file, the reader answers: the flow loads, or
//! there is an error with a place inside the file.

use proptest::prelude::*;
use proptest::sample::Index;
use ringback::conversation::finding::Severity;
use ringback::conversation::{Flows, Source};

use super::{one, repository, sources_in};

/// What an editor's slip does to a file.
#[derive(Clone, Debug)]
enum Slip {
    DeleteLine(Index),
    RepeatLine(Index),
    SwapLines(Index, Index),
    ReplaceCharacter(Index, char),
    InsertCharacter(Index, char),
    CutOff(Index),
}

fn slip() -> impl Strategy<Value = Slip> {
    let sign = || {
        prop_oneof![
            proptest::sample::select(
                " \t\n\r:#-{}[]&*!|>'\"%@`,?\\~<=“”’：\u{a0}\u{200b}\u{feff}"
                    .chars()
                    .collect::<Vec<_>>()
            ),
            any::<char>(),
        ]
    };
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Slip::DeleteLine),
        at().prop_map(Slip::RepeatLine),
        (at(), at()).prop_map(|(a, b)| Slip::SwapLines(a, b)),
        (at(), sign()).prop_map(|(at, c)| Slip::ReplaceCharacter(at, c)),
        (at(), sign()).prop_map(|(at, c)| Slip::InsertCharacter(at, c)),
        at().prop_map(Slip::CutOff),
    ]
}

fn apply(text: &str, slip: &Slip) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    match slip {
        Slip::DeleteLine(at) => drop(lines.remove(at.index(lines.len()))),
        Slip::RepeatLine(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at]);
        }
        Slip::SwapLines(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
        }
        Slip::ReplaceCharacter(at, c) => {
            let at = at.index(characters.len());
            characters[at] = *c;
            return characters.into_iter().collect();
        }
        Slip::InsertCharacter(at, c) => {
            characters.insert(at.index(characters.len()), *c);
            return characters.into_iter().collect();
        }
        Slip::CutOff(at) => {
            characters.truncate(at.index(characters.len()));
            return characters.into_iter().collect();
        }
    }
    lines.concat()
}

/// Loads and renders; fails where a finding stands outside its file.
fn assert_answered(sources: &[Source]) {
    let text_of = |name: &str| {
        let source = sources.iter().find(|source| source.name == name);
        source.unwrap_or_else(|| panic!("there is no file `{name}`")).text.as_str()
    };
    let all: Vec<&str> = sources.iter().map(|source| source.text.as_str()).collect();
    let findings = match Flows::load(sources) {
        Ok(loaded) => {
            assert_eq!(loaded.warnings.count(Severity::Error), 0);
            loaded.warnings
        }
        Err(findings) => {
            assert!(findings.count(Severity::Error) > 0, "refused without a reason:\n{all:?}");
            findings
        }
    };
    for finding in findings.iter() {
        let text = text_of(&finding.file);
        let lines: Vec<&str> = text.split('\n').collect();
        assert!(text.get(finding.span.start..finding.span.end).is_some(), "{finding:?}");
        let line = lines.get(finding.line - 1).unwrap_or_else(|| panic!("{finding:?}"));
        assert!(finding.column <= line.chars().count() + 1, "{finding:?} in {line:?}");
        for label in &finding.labels {
            let text = text_of(&label.file);
            assert!(text.get(label.span.start..label.span.end).is_some(), "{label:?}");
        }
    }
    assert_eq!(findings.is_empty(), findings.render(false).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_shipped_flows(file in any::<Index>(), slips in prop::collection::vec(slip(), 1..6)) {
        let files = sources_in(&repository("flows"));
        let mut text = files[file.index(files.len())].text.clone();
        for slip in &slips {
            text = apply(&text, slip);
        }
        assert_answered(&one(&text));
    }

    #[test]
    fn of_broken_flows(file in any::<Index>(), slips in prop::collection::vec(slip(), 1..3)) {
        let files = sources_in(&repository("fixtures/flows/broken"));
        let mut text = files[file.index(files.len())].text.clone();
        for slip in &slips {
            text = apply(&text, slip);
        }
        assert_answered(&one(&text));
    }

    #[test]
    fn of_flows_in_several_languages(
        file in any::<Index>(), slips in prop::collection::vec(slip(), 1..4),
    ) {
        let mut files = sources_in(&repository("flows"));
        files.retain(|file| file.name.contains("order.") || file.name.contains("address."));
        let at = file.index(files.len());
        for slip in &slips {
            files[at].text = apply(&files[at].text, slip);
        }
        assert_answered(&files);
    }

    #[test]
    fn of_nothing_sensible(text in any::<String>()) {
        assert_answered(&one(&text));
    }
}
