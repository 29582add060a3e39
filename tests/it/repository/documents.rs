//! What the documents say of the code is so: metrics, log lines, tests, settings.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use super::none_found;
use super::sources::{files_under, from_root, root, sources};

fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn source(path: &str) -> String {
    let text = document(path);
    text.split("#[cfg(test)]").next().unwrap().to_owned()
}

/// The first group of each match.
fn all(pattern: &str, text: &str) -> BTreeSet<String> {
    let found: BTreeSet<_> =
        Regex::new(pattern).unwrap().captures_iter(text).map(|found| found[1].to_owned()).collect();
    assert!(!found.is_empty(), "`{pattern}` finds nothing");
    found
}

/// The first cells of a document's tables, between these two headings.
fn first_cells(document: &str, from: &str, to: &str) -> BTreeSet<String> {
    let (_, after) = document.split_once(from).unwrap();
    let (section, _) = after.split_once(to).unwrap();
    all(r"(?m)^\| `([^|]+)` \|", section)
}

#[test]
fn operations_explain_each_metric_and_label_and_no_other() {
    let telemetry = source("src/telemetry.rs");
    let metrics = all(r#""(ringback_\w+)""#, &telemetry);
    let labels = all(r#"=> "(\w+)","#, &telemetry);
    let kinds = all(r#"=> "(\w+)","#, &source("src/store/error.rs"));
    let statuses = all(r"CALLBACK_STATUSES: .* = \[(.*)\];", &telemetry);
    let statuses = statuses.iter().flat_map(|list| list.split(", ")).map(str::to_owned);
    let defined: BTreeSet<_> =
        metrics.iter().chain(&labels).chain(&kinds).cloned().chain(statuses).collect();

    let operations = document("docs/operations.md");
    let cells = first_cells(&operations, "\n## Metrics", "\n## Alerts");
    let explained: BTreeSet<_> =
        cells.iter().flat_map(|cell| cell.split("`, `")).map(str::to_owned).collect();
    assert_eq!(explained, defined);

    let (_, rules) = operations.split_once("\n## Alerts").unwrap();
    let watched = all(r"(ringback_\w+)", rules.split("```").nth(1).unwrap());
    let unknown: Vec<_> = watched
        .iter()
        .map(|name| name.trim_end_matches("_bucket").to_owned())
        .filter(|name| !metrics.contains(name))
        .collect();
    none_found("an alert is about a metric that there is", &unknown);
}

/// The messages of the log lines in a source file, up to their first variable
/// part; those that are nothing else are passed over.
fn log_lines(code: &str) -> Vec<String> {
    let call = Regex::new(r"tracing::(?:error|warn|info|debug|trace)!\(").unwrap();
    let text = Regex::new(r#"(?s)"((?:[^"\\]|\\.)*)"\s*,?\s*$"#).unwrap();
    let call_end = Regex::new(r#"(?s)^(?:[^()"]|"(?:[^"\\]|\\.)*"|\((?:[^()"]|\([^()]*\))*\))*"#);
    let call_end = call_end.unwrap();
    call.find_iter(code)
        .filter_map(|found| {
            let arguments = call_end.find(&code[found.end()..]).unwrap().as_str();
            let message = text.captures(arguments)?[1].to_owned();
            let message = Regex::new(r"\\\s+").unwrap().replace_all(&message, "").into_owned();
            let fixed = message.split('{').next().unwrap().trim_end().to_owned();
            (!fixed.is_empty()).then_some(fixed)
        })
        .collect()
}

#[test]
fn operations_explain_each_log_line_and_no_other() {
    let mut logged = BTreeSet::new();
    for source in sources() {
        let code: Vec<_> = source.without_tests().collect();
        logged.extend(log_lines(&code.join("\n")));
    }
    assert!(logged.len() > 20, "{logged:#?}");
    // A part that is code there is code here.
    let logged: BTreeSet<_> =
        logged.iter().map(|line| line.split(" `").next().unwrap().to_owned()).collect();
    let explained = first_cells(&document("docs/operations.md"), "\n## Log", "\n## Retention");
    assert_eq!(explained, logged);
}

/// The check above sees what it is for.
#[test]
fn log_lines_are_seen() {
    for (code, expected) in [
        (r#"tracing::info!("stopped");"#, Some("stopped")),
        (
            r#"tracing::warn!(%error, id = f(&x.y(1)), "no \"room\" left");"#,
            Some("no \\\"room\\\" left"),
        ),
        (
            "tracing::info!(\n    a = b.c()?,\n    \"in two \\\n     lines\"\n);",
            Some("in two lines"),
        ),
        (r#"tracing::info!("at http://{address}/");"#, Some("at http://")),
        (r#"tracing::warn!("{warning}");"#, None),
        ("tracing::enabled!(Level::INFO)", None),
    ] {
        assert_eq!(log_lines(code), Vec::from_iter(expected), "{code}");
    }
}

#[test]
fn security_names_tests_that_there_are() {
    let security = document("SECURITY.md");
    let named = Regex::new(r"`([\w/.]+\.rs): (\w+)`").unwrap();
    let mut findings = Vec::new();
    for test in named.captures_iter(&security) {
        let (path, name) = (&test[1], &test[2]);
        let Ok(text) = fs::read_to_string(root().join(path)) else {
            findings.push(format!("there is no file {path}"));
            continue;
        };
        let pattern = format!(r"#\[(tokio::)?test[^\n]*\]\n\s*(async )?fn {name}\(");
        if !Regex::new(&pattern).unwrap().is_match(&text) {
            findings.push(format!("{path} has no test `{name}`"));
        }
    }
    none_found("SECURITY.md names a test", &findings);
    let (_, promises) = security.split_once("\n## What is promised").unwrap();
    let (promises, _) = promises.split_once("\n## ").unwrap();
    let unheld: Vec<_> = promises
        .lines()
        .filter(|line| line.starts_with("- ") && !named.is_match(line))
        .map(str::to_owned)
        .collect();
    none_found("a promise names the test that holds it", &unheld);
}

#[test]
fn the_files_that_documents_name_are_there() {
    let decisions = files_under(&root().join("docs/decisions"));
    let documents = ["CONTRIBUTING.md", "docs/ARCHITECTURE.md"].map(|name| root().join(name));
    let named = Regex::new(r"`((?:[a-z_]+/)+[a-z_]+\.rs)\b").unwrap();
    let mut missing = Vec::new();
    for path in documents.into_iter().chain(decisions) {
        let text = fs::read_to_string(&path).unwrap();
        for found in named.captures_iter(&text) {
            let name = &found[1];
            // Paths below `src` may be written without it.
            let is_there = [
                "",
                "src",
                "src/conversation",
                "src/conversation/load",
                "src/conversation/load/lint",
            ]
            .iter()
            .any(|folder| root().join(folder).join(name).exists());
            if name != "path/file.rs" && !is_there {
                missing.push(format!("{}: `{name}`", from_root(&path)));
            }
        }
    }
    none_found("a document names a file that is not there", &missing);
}
