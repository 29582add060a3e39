//! The unit, the package, the image and the workflows name what there is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use regex::Regex;
use ringback::cli::args::Cli;

use super::none_found;
use super::sources::{files_under, from_root, root};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Everything that packages, builds images of, or releases the program.
fn files() -> Vec<(String, String)> {
    let folders = ["packaging", ".github"].iter().flat_map(|name| files_under(&root().join(name)));
    let files = folders.map(|path| from_root(&path));
    let files = files.chain(["Dockerfile", "compose.yaml"].map(str::to_owned));
    let files: Vec<_> = files.map(|path| (path.clone(), read(&path))).collect();
    assert!(files.len() > 10, "the files were not found");
    files
}

/// All that the first group of a pattern finds.
fn all<'a>(pattern: &str, text: &'a str) -> Vec<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found.get(1).unwrap().as_str()).collect()
}

/// What a list of `Cargo.toml` holds, as in `conf-files = […]`.
fn metadata(list: &str) -> Vec<String> {
    let manifest = read("Cargo.toml");
    let (_, rest) = manifest.split_once(&format!("\n{list} = [")).unwrap();
    let (entries, _) = rest.split_once("\n]").unwrap();
    all(r#"(?m)^  \[?"([^"]+)""#, entries).into_iter().map(str::to_owned).collect()
}

#[test]
fn each_file_of_packaging_begins_with_what_it_is_for() {
    let says = |text: &str| {
        let line = text.lines().find(|line| !line.starts_with("#!")).unwrap_or_default();
        line.starts_with("# ") && line.len() > 20
    };
    assert!(says("#!/bin/sh\n# Makes the user of the service.\n") && !says("#!/bin/sh\nset -e\n"));
    let silent: Vec<_> = files().into_iter().filter(|(_, text)| !says(text)).collect();
    let silent: Vec<_> = silent.into_iter().map(|(path, _)| path).collect();
    none_found("a file's first line says what it is for", &silent);
}

/// The settings that a file of settings names, in comments, too.
fn settings_in(text: &str) -> BTreeSet<&str> {
    all(r"(?m)^#?([A-Z_]+)=", text).into_iter().collect()
}

#[test]
fn the_packaged_settings_exist() {
    let command = Cli::command();
    let known: BTreeSet<&str> =
        command.get_arguments().filter_map(|argument| argument.get_env()?.to_str()).collect();
    let environment = read("packaging/environment");
    let named = settings_in(&environment);
    assert!(named.len() > 5 && named.contains("FLOWS"), "{named:?}");
    assert!(named.is_subset(&known), "{named:?}");
    for text in [read("Dockerfile"), read("compose.yaml")] {
        for name in all(r"(?m)^(?:ENV +| {6})([A-Z_]+)[=:]", &text) {
            assert!(known.contains(name) || name.starts_with("MYSQL_"), "{name}");
        }
    }
}

#[test]
fn the_unit_runs_a_command_that_exists_with_what_the_package_brings() {
    let unit = read("packaging/ringback.service");
    let value = |key: &str| all(&format!("(?m)^{key}=(.+)$"), &unit).join(" ");
    let started = value("ExecStart");
    let (binary, command) = started.split_once(' ').unwrap();
    let commands = Cli::command();
    assert!(commands.find_subcommand(command).is_some(), "{command}");
    let manifest = read("Cargo.toml");
    let (folder, name) = binary[1..].rsplit_once('/').unwrap();
    assert!(manifest.contains(&format!(r#"["target/release/{name}", "{folder}/""#)), "{binary}");
    let settings = value("EnvironmentFile");
    assert!(metadata("conf-files").contains(&settings), "{settings}");
    let environment = read("packaging/environment");
    let flows = all("(?m)^FLOWS=(.+)$", &environment).join(" ");
    assert!(metadata("conf-files").iter().any(|path| path.starts_with(&format!("{flows}/"))));

    let (user, state) = (value("User"), value("StateDirectory"));
    let install = read("packaging/debian/postinst");
    assert!(install.contains(&format!("-o {user} -g {user} /var/lib/{state}\n")), "{install}");
    assert!(install.contains(&format!("chown root:{user} {settings}\n")), "{install}");
    assert_eq!(value("WorkingDirectory"), format!("/var/lib/{state}"));
}

/// cargo-deb puts its code at each of these marks, even in a comment.
#[test]
fn the_scripts_of_the_package_end_with_one_mark_for_code() {
    let ends_with_it = |text: &str| {
        text.matches("#DEBHELPER#").count() == 1 && text.trim_end().ends_with("\n#DEBHELPER#")
    };
    assert!(!ends_with_it("# At #DEBHELPER#.\n\n#DEBHELPER#\n") && !ends_with_it("exit 0\n"));
    for path in files_under(&root().join("packaging/debian")) {
        assert!(ends_with_it(&fs::read_to_string(&path).unwrap()), "{}", path.display());
    }
}

#[test]
fn the_package_and_the_image_take_files_that_exist() {
    let exists = |path: &str| {
        // What a build has made is not in the repository.
        path.starts_with("target/")
            || path.split_once("/*").map_or_else(
                || root().join(path).exists(),
                |(folder, ending)| {
                    let entries = fs::read_dir(root().join(folder)).unwrap();
                    let mut names = entries.map(|entry| entry.unwrap().file_name());
                    names.any(|name| name.to_str().unwrap().ends_with(ending))
                },
            )
    };
    assert!(exists("docs/*.md") && !exists("docs/*.rst") && !exists("docs/none.md"));
    let dockerfile = read("Dockerfile");
    let copied = all(r"(?m)^COPY ([^-].*) \S+$", &dockerfile);
    let copied = copied.iter().flat_map(|sources| sources.split(' '));
    let compose = read("compose.yaml");
    let mounted = all(r"(?m)^ +- \./([^:]+):", &compose);
    assert!(!mounted.is_empty());
    let assets = metadata("assets");
    let missing: Vec<String> = assets
        .iter()
        .map(String::as_str)
        .chain(copied)
        .chain(mounted)
        .filter(|path| !exists(path))
        .map(str::to_owned)
        .collect();
    none_found("a package or image takes a file that is not there", &missing);
}

/// The image is built from what the Dockerfile names, and nothing else.
#[test]
fn the_image_is_built_from_all_that_the_sources_include() {
    let dockerfile = read("Dockerfile");
    let copied = all(r"(?m)^COPY ([^-].*) \S+$", &dockerfile);
    let copied: Vec<&str> = copied.iter().flat_map(|sources| sources.split(' ')).collect();
    let sources = files_under(&root().join("src"));
    let included = sources.iter().filter(|path| path.extension().is_some_and(|it| it == "rs"));
    // Tests are not built there.
    let included = included.filter(|path| !path.ends_with("tests.rs"));
    let mut missing = Vec::new();
    let mut count = 0;
    for path in included {
        let path = from_root(path);
        for name in all(r#"include_(?:str|bytes)!\("([^"]+)"\)"#, &read(&path)) {
            let folder = path.rsplit_once('/').unwrap().0;
            let mut parts: Vec<&str> = folder.split('/').collect();
            for part in name.split('/') {
                if part == ".." {
                    parts.pop();
                } else {
                    parts.push(part);
                }
            }
            count += 1;
            if !copied.contains(&parts[0]) {
                missing.push(format!("{path}: {}", parts.join("/")));
            }
        }
    }
    assert!(count > 40, "{count}");
    none_found("the Dockerfile copies no such file", &missing);
}

#[test]
fn scripts_that_are_named_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let can_be_run = |path: &str| {
        let file = fs::metadata(root().join(path));
        file.is_ok_and(|file| file.permissions().mode() & 0o111 == 0o111)
    };
    assert!(can_be_run("scripts/test") && !can_be_run("scripts/none"));
    let documents = ["CONTRIBUTING.md", "docs/operations.md", "Cargo.toml"];
    let documents = documents.map(|path| (path.to_owned(), read(path)));
    let mut faults = Vec::new();
    for (path, text) in files().into_iter().chain(documents) {
        for name in all(r"\b((?:packaging|scripts)/[a-z]+(?:-[a-z]+)*)(?:[ `\n]|$)", &text) {
            // A folder can be entered, and the settings are no script.
            if !can_be_run(name) && name != "packaging/environment" {
                faults.push(format!("{path}: `{name}`"));
            }
        }
    }
    none_found("a script that is named is there and can be run", &faults);
}

#[test]
fn actions_are_pinned_and_toolchains_are_the_one_of_the_manifest() {
    let pinned = Regex::new(r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$").unwrap();
    assert!(!pinned.is_match("actions/checkout@v7"));
    let manifest = read("Cargo.toml");
    let rust = all(r#"(?m)^rust-version = "(.+)"$"#, &manifest)[0];
    let mut faults = Vec::new();
    for (path, text) in files() {
        let used = all(r"(?m)uses: (.+)$", &text);
        let loose = used.iter().filter(|used| !used.starts_with("./") && !pinned.is_match(used));
        faults.extend(loose.map(|used| format!("{path}: `{used}` may change any day")));
        let versions = all(r#"(?:rust:|RUST: ")(\d+\.\d+)"#, &text);
        faults.extend(
            versions
                .iter()
                .filter(|version| **version != rust)
                .map(|version| format!("{path}: Rust {version} is not the manifest's {rust}")),
        );
    }
    none_found("a workflow or an image that is not what it was", &faults);
}

/// A copy of the scripts of a release, with this changelog.
fn release(changelog: &str, script: &str, arguments: &[&str], tag: Option<&str>) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let copy = |path: &str, text: &str| fs::write(folder.path().join(path), text).unwrap();
    fs::create_dir(folder.path().join("packaging")).unwrap();
    copy("CHANGELOG.md", changelog);
    copy("Cargo.toml", "[package]\nversion = \"1.2.3\"\nrepository = \"https://forge.test/a/b\"\n");
    for name in ["check-release", "release-notes"] {
        let path = Path::new("packaging").join(name);
        fs::copy(root().join(&path), folder.path().join(path)).unwrap();
    }
    let mut command = Command::new(folder.path().join("packaging").join(script));
    command.args(arguments).env_remove("GITHUB_REF_TYPE");
    if let Some(tag) = tag {
        command.envs([
            ("GITHUB_REF_TYPE", "tag"),
            ("GITHUB_REF_NAME", tag),
            ("GITHUB_SERVER_URL", "https://forge.test"),
            ("GITHUB_REPOSITORY", "a/b"),
        ]);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2030-01-01\n\n### Added\n\n\
                         - A thing.\n\n## [1.2.2] - 2029-01-01\n\n- Older.\n";

#[test]
fn release_notes_are_the_section_of_the_version() {
    for (version, expected) in [("1.2.3", "### Added\n\n- A thing.\n"), ("1.2.2", "- Older.\n")] {
        let (well, text) = release(CHANGELOG, "release-notes", &[version], None);
        assert_eq!((well, text.as_str()), (true, expected));
    }
    for version in ["Unreleased", "1.2", "1.2.4"] {
        let (well, text) = release(CHANGELOG, "release-notes", &[version], None);
        assert!(!well && text.contains("has nothing below"), "{text}");
    }
    let ours = read("CHANGELOG.md");
    let (well, text) = release(&ours, "release-notes", &["Unreleased"], None);
    let released = format!("\n## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(well && text.contains("### Added") || ours.contains(&released), "{text}");
}

#[test]
fn a_release_is_made_only_if_tag_version_and_changelog_agree() {
    let check = |changelog: &str, tag| release(changelog, "check-release", &[], tag);
    assert_eq!(check(CHANGELOG, Some("v1.2.3")), (true, "version=1.2.3\n".to_owned()));
    assert_eq!(check("", None), (true, "version=1.2.3\n".to_owned()));
    let (well, text) = check(CHANGELOG, Some("v1.2.2"));
    assert!(!well && text.contains("the tag is v1.2.2"), "{text}");
    let unreleased = CHANGELOG.replace("[1.2.3]", "[1.2.1]");
    let (well, text) = check(&unreleased, Some("v1.2.3"));
    assert!(!well && text.contains("rename [Unreleased]"), "{text}");
}
