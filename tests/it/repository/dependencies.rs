//! The crates that the program is made of: what they may be licensed under,
//! that none is there twice without a reason, and that each of ours is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use regex::Regex;
use serde::Deserialize;
use spdx::{Expression, LicenseReq};

use super::none_found;
use super::sources::{files_under, root};

/// Licences that ask of whoever passes a program on no more than to name them.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that must not come in, not even through another, and why.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-sys", "a C library that takes a fifth of the build; TLS is ring's"),
    ("chrono", "time is jiff's"),
    ("native-tls", "TLS is rustls's, the same on each system"),
    ("openssl-sys", "TLS is rustls's, the same on each system"),
    ("rsa", "sqlx uses it for passwords in plain text connections, which we refuse"),
];

/// Crates of which the program has several versions, and which other crate
/// needs an older one. The list only shrinks: an entry that is no longer true
/// fails the test.
const TWICE: &[(&str, &str)] = &[
    ("base64", "sqlx"),
    ("block-buffer", "sqlx, by sha2 0.10"),
    ("cpufeatures", "sqlx, by sha2 0.10"),
    ("crypto-common", "sqlx, by sha2 0.10"),
    ("digest", "sqlx, by sha2 0.10"),
    ("embedded-io", "phonenumber, by postcard, which needs two itself"),
    ("getrandom", "ring, and metrics-util by rand 0.9"),
    ("hashbrown", "sqlx, and metrics-util"),
    ("quick-xml", "phonenumber"),
    ("rand", "metrics-util"),
    ("rand_core", "metrics-util, by rand 0.9"),
    ("regex-syntax", "phonenumber, by regex-cache"),
    ("sha2", "sqlx"),
    ("tower-http", "reqwest"),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    root: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

/// What cargo knows of the crates for the system that the tests run on; those
/// are all here, since they were built.
fn metadata() -> Metadata {
    let host = Command::new("rustc").args(["--print", "host-tuple"]).output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", host.trim()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

impl Metadata {
    /// The crates that are part of the program, itself left out: neither those
    /// of the tests nor those that only run while it is built.
    fn shipped(&self) -> Vec<&Package> {
        let is_macro = |package: &&Package| {
            package.targets.iter().any(|target| target.kind.contains(&"proc-macro".to_owned()))
        };
        let macros: BTreeSet<&str> =
            self.packages.iter().filter(is_macro).map(|package| package.id.as_str()).collect();
        let nodes: BTreeMap<_, _> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let mut reached = BTreeSet::new();
        let mut open = vec![self.resolve.root.as_str()];
        while let Some(id) = open.pop() {
            let normal = nodes[id]
                .deps
                .iter()
                .filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()));
            let crates = normal.map(|edge| edge.pkg.as_str()).filter(|id| !macros.contains(id));
            open.extend(crates.filter(|id| reached.insert(*id)));
        }
        self.packages.iter().filter(|package| reached.contains(package.id.as_str())).collect()
    }

    fn own(&self) -> &Package {
        self.packages.iter().find(|package| package.id == self.resolve.root).unwrap()
    }
}

fn is_allowed(requirement: &LicenseReq) -> bool {
    requirement.license.id().is_some_and(|id| LICENCES.contains(&id.name))
}

fn licence_fault(licence: Option<&str>) -> Option<String> {
    let Some(licence) = licence else { return Some("has no licence".to_owned()) };
    let expression = Expression::parse_mode(licence, spdx::ParseMode::LAX)
        .map_err(|error| format!("has a licence that cannot be read: {error}"));
    match expression {
        Ok(expression) if expression.evaluate(is_allowed) => None,
        Ok(_) => Some(format!("is licensed under `{licence}`, of which `LICENCES` has nothing")),
        Err(fault) => Some(fault),
    }
}

#[test]
fn crates_may_be_passed_on() {
    let metadata = metadata();
    let faults: Vec<_> = metadata
        .shipped()
        .into_iter()
        .filter_map(|package| {
            let fault = licence_fault(package.license.as_deref())?;
            Some(format!("{} {} {fault}", package.name, package.version))
        })
        .collect();
    none_found("a crate whose licence asks for more than to be named", &faults);
}

#[test]
fn licences_are_judged_as_a_whole() {
    for (licence, allowed) in [
        ("MIT", true),
        ("MIT OR GPL-3.0", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("AGPL-3.0-only", false),
        ("no licence at all", false),
    ] {
        assert_eq!(licence_fault(Some(licence)).is_none(), allowed, "{licence}");
    }
    assert!(licence_fault(None).is_some());
}

#[test]
fn no_crate_is_banned() {
    let metadata = metadata();
    let found: Vec<_> = metadata
        .shipped()
        .into_iter()
        .filter_map(|package| {
            let (_, why) = BANNED.iter().find(|(name, _)| *name == package.name)?;
            Some(format!(
                "{}: {why}; `cargo tree -i {}` shows through whom",
                package.name, package.name
            ))
        })
        .collect();
    none_found("a banned crate", &found);
}

#[test]
fn no_crate_is_there_twice() {
    let metadata = metadata();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in metadata.shipped() {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let is_known = |name: &str| TWICE.iter().any(|(known, _)| *known == name);
    let mut findings: Vec<_> = versions
        .iter()
        .filter(|(name, _)| !is_known(name))
        .map(|(name, versions)| format!("{name}: {}", versions.join(" and ")))
        .collect();
    let outdated = TWICE.iter().filter(|(name, _)| !versions.contains_key(name));
    findings
        .extend(outdated.map(|(name, _)| format!("{name} is there once: remove it from `TWICE`")));
    none_found(
        "a crate in two versions (add it to `TWICE` with the reason, or bring them together)",
        &findings,
    );
}

#[test]
fn each_dependency_is_used() {
    let code: String = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(|folder| files_under(&root().join(folder)))
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let metadata = metadata();
    let unused: Vec<_> = metadata
        .own()
        .dependencies
        .iter()
        .map(|dependency| dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_"))
        .filter(|name| !Regex::new(&format!(r"\b{name}(::|!|;)")).unwrap().is_match(&code))
        .collect();
    none_found("a dependency that nothing names: remove it", &unused);
}
