//! Patterns within their budget: a small file never takes a second or a
//! hundred megabytes, and what is refused says what to write instead.

use std::fmt::Write;

use ringback::conversation::Source;
use ringback::conversation::finding::Severity;

use super::{load_in_time, one};

/// A flow with a question for each of these patterns.
fn asking(patterns: impl IntoIterator<Item = String>) -> String {
    let mut text = "flow: test\nstart: [hello]\nsteps:\n".to_owned();
    for (step, pattern) in patterns.into_iter().enumerate() {
        writeln!(text, "  S{step}: {{ask: Which?, match: '{pattern}'}}").unwrap();
    }
    text
}

/// A pattern that lists so many words, which begin so.
fn words(count: usize, begin: &str) -> String {
    let words: Vec<String> = (0..count).map(|word| format!("{begin}{word}")).collect();
    words.join("|")
}

#[test]
fn a_pattern_of_a_thousand_questions_is_compiled_once() {
    let text = asking((0..1000).map(|_| r"\w{20}".to_owned()));
    let loaded = load_in_time(one(&text)).unwrap_or_else(|findings| panic!("{findings}"));
    assert_eq!(loaded.flows.get("test").unwrap().steps.len(), 1000);
}

#[test]
fn and_once_for_all_languages() {
    let languages = ["de", "fr", "it", "es", "pt", "nl", "pl", "sv", "da", "fi"];
    let text = asking((0..12).map(|n| format!(r"\w{{19}}{n}")));
    let listed = format!("languages: [en, {}]\nsteps:", languages.join(", "));
    let mut sources = one(&text.replacen("steps:", &listed, 1));
    sources.extend(languages.map(|language| Source {
        name: format!("flows/test.{language}.yaml"),
        text: "S0.ask: Quoi?\n".to_owned(),
    }));
    load_in_time(sources).unwrap_or_else(|findings| panic!("{findings}"));
}

#[test]
fn ordinary_patterns_fit_by_the_hundred() {
    let text = asking((0..400).map(|n| format!(r"[A-Z]{{2}}{n}-\d{{4}}")));
    load_in_time(one(&text)).unwrap_or_else(|findings| panic!("{findings}"));
}

#[test]
fn hostile_patterns_are_refused_quickly() {
    let each = |pattern: fn(usize) -> String| asking((0..1000).map(pattern));
    for text in [
        each(|n| format!(r"\w{{20}}{n}")),
        each(|n| format!(r"\w{{2000}}{n}")),
        each(|n| format!(r"\p{{L}}{{1000}}{n}")),
        each(|n| format!(r"(?i)\p{{Any}}\p{{Any}}\p{{Any}}{n}")),
        each(|n| format!(r"(?i)\p{{L}}\P{{L}}{n}")),
        each(|n| format!("(?:a|b|c){{{n}}}{}", "(?:a|b|c)".repeat(1_000))),
        each(|n| format!(r"(?i)[\x00-\x{{10FFFF}}][\x01-\x{{10FFFF}}]{n}")),
        each(|n| format!("(((((a{{100}}){{100}}){{100}}){{100}}){{100}}){n}")),
        each(|n| format!(r"((\w+\s?){{50}}){{50}}{n}")),
        each(|n| format!(r"(\w{{100}}{n}")),
        asking([r"\w".repeat(300_000)]),
        asking([r"(?i)[\x00-\x{10FFFF}]".repeat(2_000)]),
        asking([r"(?i)\p{L}".repeat(5_000)]),
        asking([format!("{}{}", "(".repeat(50_000), ")".repeat(50_000))]),
        asking([words(100_000, "w")]),
        asking((0..60).map(|n| words(2_000, &format!("{n}w")))),
    ] {
        let findings = load_in_time(one(&text)).unwrap_err();
        assert!(findings.count(Severity::Error) > 0);
        let shown = findings.render(false);
        assert!(shown.lines().count() < 100, "{} lines", shown.lines().count());
    }
}

#[test]
fn what_is_refused_says_what_to_write() {
    let refused = |patterns: &[&str]| {
        let text = asking(patterns.iter().map(|pattern| (*pattern).to_owned()));
        load_in_time(one(&text)).unwrap_err().render(false)
    };
    insta::assert_snapshot!(refused(&[
        r"\p{L}{1,60}",
        "((ab?){90}){90}",
        r"\w".repeat(60).as_str()
    ]));
    let many: Vec<String> = (0..20).map(|n| format!(r"\w{{20}}{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    insta::assert_snapshot!(refused(&many));
}

#[test]
fn and_that_is_taken() {
    let instead =
        [r"\w+, min: 20, max: 20", r"\p{L}+, max: 60", "[A-Za-z0-9_]{20}", "(ab?)+, max: 4000"];
    let mut text = "flow: test\nstart: [hello]\nsteps:\n".to_owned();
    for n in 0..200 {
        let (pattern, keys) = instead[n % 4].split_once(", ").unwrap_or((instead[n % 4], ""));
        writeln!(text, "  S{n}: {{ask: Which?, match: '{pattern}|{n}', {keys}}}").unwrap();
    }
    load_in_time(one(&text)).unwrap_or_else(|findings| panic!("{findings}"));
}

#[test]
fn a_finding_of_which_there_are_many_is_shown_a_few_times_and_counted() {
    let text = asking((0..1000).map(|_| "[a-z".to_owned()));
    let findings = load_in_time(one(&text)).unwrap_err();
    assert_eq!(findings.count(Severity::Error), 1000);
    let shown = findings.render(false);
    assert_eq!(shown.matches("does not compile").count(), 6);
    assert!(shown.ends_with("\n\n… and 994 more like this"), "{shown}");
    // Of several files, too, and beside what else is wrong.
    let sources: Vec<Source> = (0..1000)
        .map(|file| Source {
            name: format!("f{file}.yaml"),
            text: format!("flow: f{file}\nstart: [w{file}]\nsteps:\n  A: {{ask: x, colour: 1}}\n  B: {{ask: x, max: 0}}\n"),
        })
        .collect();
    let shown = load_in_time(sources).unwrap_err().render(false);
    assert_eq!(shown.matches("… and 994 more like this").count(), 2, "{shown}");
    assert!(shown.lines().count() < 150);
}
