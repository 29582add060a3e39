//! Which module may know which: the rules of the modules' order, and of the libraries that
//! each may name.

use regex::Regex;

use super::none_found;
use super::sources::{Source, sources};

/// The modules, lowest first. A module knows itself and the ones on lines above
/// its own; those on one line do not know each other.
const ORDER: &[&[&str]] = &[
    &["message"],
    &["conversation"],
    &["outbox"],
    &["telemetry"],
    &["twilio", "store", "outbound"],
    // Speaks the protocol of `twilio` with the trust of `outbound`.
    &["sending", "probe"],
    &["bot"],
    &["dispatch", "calls"],
    &["http"],
    &["web"],
    &["simulator"],
    &["hint"],
    &["flow_files"],
    &["config"],
    &["logging"],
    &["server"],
    &["cli"],
    &["main"],
];

/// What only some modules may name.
const RESERVED: &[(&str, &[&str])] = &[
    (r"\bsqlx\b", &["store"]),
    (r"\baxum\b", &["http", "web", "simulator", "server"]),
    (r"\breqwest\b", &["outbound", "sending", "probe"]),
    (r"\b(std::env|env::(var|vars)(_os)?|dotenvy)\b", &["config", "cli", "main"]),
];

/// What `conversation` may not name: it is pure.
const IMPURE: &str = r"\b(tokio|axum|sqlx|async|std::fs|std::io|std::net|std::env|std::thread|SystemTime|Instant|Timestamp::now|Zoned::now|rand::\w+|Uuid|tracing)\b";

/// A statement on a table that grows; `store/sql.rs` has them all, for the test
/// that reads their plans. Migrations look at a table once.
const STATEMENT: &str = r"\b(FROM|INTO|UPDATE|JOIN) (user_sessions|messages|conversations|flow_versions|signatures|sender_ids|outgoing|send_pace)\b";
const STATEMENTS_IN: [&str; 7] = [
    "src/store/sql.rs",
    "src/store/sql/signatures.rs",
    "src/store/sql/sender_ids.rs",
    "src/store/sql/outgoing.rs",
    "src/store/migrate.rs",
    "src/store/adopt/mysql.rs",
    "src/store/adopt/sqlite.rs",
];

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|line| line.contains(&module))
}

/// The modules of ours that code names, each with its line number: `crate::a::b`
/// names `a`, and `use crate::{a, b::{c, d}};` names `a` and `b`.
fn named_modules(source: &Source) -> Vec<(usize, String)> {
    let code: Vec<_> = source.code().map(|(_, line)| line).collect();
    let code = code.join("\n");
    let path = Regex::new(r"\b(crate|ringback)::").unwrap();
    let mut modules = Vec::new();
    for found in path.find_iter(&code) {
        let number = 1 + code[..found.start()].matches('\n').count();
        let names = first_names(&code[found.end()..]);
        modules.extend(names.into_iter().map(|name| (number, name)));
    }
    modules
}

/// The first name of a path, or of each path in a group.
fn first_names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut depth, mut in_first) = (0, true);
    for character in path.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(String::new());
                in_first = true;
            }
            _ if depth > 1 || character.is_whitespace() => {}
            _ if character.is_alphanumeric() || character == '_' => {
                if in_first {
                    names.last_mut().unwrap().push(character);
                }
            }
            _ => in_first = false,
        }
        if depth == 0 && (character == '}' || !in_first) {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn out_of_order(source: &Source) -> Vec<String> {
    let Some(own) = rank(&source.module) else {
        return vec![format!("{}: `{}` has no place in ORDER", source.path, source.module)];
    };
    let mut findings = Vec::new();
    for (number, named) in named_modules(source) {
        match rank(&named) {
            _ if named == source.module => {}
            Some(rank) if rank < own => {}
            Some(_) => findings.push(format!(
                "{}:{number}: `{}` may not know `{named}`",
                source.path, source.module
            )),
            None => findings.push(format!(
                "{}:{number}: `{named}` has no place in ORDER; name items by their module",
                source.path
            )),
        }
    }
    findings
}

fn names(source: &Source, pattern: &Regex) -> Vec<String> {
    source
        .code()
        .filter_map(|(number, line)| {
            let found = pattern.find(line)?;
            Some(format!("{}:{number}: names `{}`", source.path, found.as_str()))
        })
        .collect()
}

#[test]
fn modules_know_only_those_below_them() {
    let sources = sources();
    let findings: Vec<_> =
        sources.iter().filter(|s| s.module != "lib").flat_map(out_of_order).collect();
    none_found("a module knows one that is not below it (see `ORDER`)", &findings);
}

#[test]
fn libraries_are_named_where_they_belong() {
    let sources = sources();
    for (pattern, modules) in RESERVED {
        let pattern = Regex::new(pattern).unwrap();
        let others = sources.iter().filter(|source| !modules.contains(&source.module.as_str()));
        let findings: Vec<_> = others.flat_map(|source| names(source, &pattern)).collect();
        none_found(&format!("only {modules:?} may do so"), &findings);
    }
}

#[test]
fn conversation_is_pure() {
    let pattern = Regex::new(IMPURE).unwrap();
    let sources = sources();
    let findings: Vec<_> = sources
        .iter()
        .filter(|source| source.module == "conversation")
        .flat_map(|source| names(source, &pattern))
        .collect();
    none_found("`conversation` knows no clock, no chance, no I/O and no waiting", &findings);
}

#[test]
fn statements_are_where_their_plans_are_read() {
    let pattern = Regex::new(STATEMENT).unwrap();
    let sources = sources();
    let (home, others): (Vec<_>, Vec<_>) =
        sources.iter().partition(|source| STATEMENTS_IN.contains(&source.path.as_str()));
    assert!(home.iter().any(|source| names(source, &pattern).len() > 5), "the rule sees nothing");
    let findings: Vec<_> = others.into_iter().flat_map(|source| names(source, &pattern)).collect();
    none_found("such a statement belongs into `store::sql::Statement`", &findings);
}

/// The checks above see what they are for.
#[test]
fn violations_are_seen() {
    let source = |module: &str, text: &str| Source {
        path: "x.rs".to_owned(),
        module: module.to_owned(),
        text: text.to_owned(),
    };
    for (module, text, findings) in [
        ("bot", "use crate::message::Sender;", 0),
        ("bot", "use crate::bot::feed;", 0),
        ("bot", "// use crate::http::Router;", 0),
        ("bot", "#[cfg(test)]\nmod tests { use crate::http::Router; }", 0),
        ("bot", "use crate::http::Router;", 1),
        ("bot", "    let x = crate::http::x(crate::server::y());", 2),
        ("bot", "use crate::{message, http::{a, b}, store};", 1),
        ("bot", "use crate::{\n    cli::{self, http},\n    http,\n};\nuse std::fmt;", 2),
        ("bot", "f(crate::message::Sender::from, http, cli)", 0),
        ("store", "use crate::twilio::twiml;", 1),
        ("store", "use crate::Thing;", 1),
        ("main", "use ringback::cli::args;", 0),
        ("server", "use ringback::cli::args;", 1),
        ("elsewhere", "", 1),
    ] {
        let found = out_of_order(&source(module, text));
        assert_eq!(found.len(), findings, "{module}: {text}: {found:?}");
    }
    let names_impure = Regex::new(IMPURE).unwrap();
    for impure in ["use std::fs;", "jiff::Timestamp::now()", "pub async fn step()"] {
        let found = names(&source("conversation", impure), &names_impure);
        assert_eq!(found.len(), 1, "{impure}");
    }
    let reads_environment = Regex::new(RESERVED[3].0).unwrap();
    for (line, findings) in
        [("std::env::var(\"A\")", 1), ("env::var_os(\"A\")", 1), ("env!(\"A\")", 0)]
    {
        assert_eq!(names(&source("bot", line), &reads_environment).len(), findings, "{line}");
    }
}
