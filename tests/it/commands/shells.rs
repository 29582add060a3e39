//! `ringback completions` and `ringback man`: they name every command and every
//! setting that there is, and their readers understand them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::CommandFactory;
use ringback::cli::args::Cli;

use crate::support::ringback::{piped, run};

/// Each command with those in it, by its full name, and its visible options.
fn commands() -> BTreeMap<String, Vec<String>> {
    fn collect(command: &clap::Command, into: &mut BTreeMap<String, Vec<String>>) {
        let options = command.get_opts().filter_map(|option| option.get_long());
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        into.insert(name, options.map(|name| format!("--{name}")).collect());
        command.get_subcommands().for_each(|command| collect(command, into));
    }
    let mut whole = Cli::command().disable_help_subcommand(true);
    whole.build();
    let mut commands = BTreeMap::new();
    collect(&whole, &mut commands);
    assert!(commands.len() > 10 && commands.contains_key("ringback-outbox-drop"), "{commands:?}");
    commands
}

/// The pages by the names of their files.
fn pages(folder: &Path) -> BTreeMap<String, String> {
    let outcome = run(folder, &[], &["man", "made/man1"]);
    assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (Some(0), "", ""));
    let entries = fs::read_dir(folder.join("made/man1")).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let page = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), page)
        })
        .collect()
}

#[test]
fn each_command_has_a_page_with_its_options_and_the_first_page_names_all() {
    let folder = tempfile::tempdir().unwrap();
    let pages = pages(folder.path());
    let commands = commands();
    let names: BTreeSet<String> = commands.keys().map(|name| format!("{name}.1")).collect();
    assert_eq!(pages.keys().cloned().collect::<BTreeSet<_>>(), names);
    // `-` is written `\-`, so that it is not made a hyphen.
    let plain = |page: &str| page.replace(r"\-", "-").replace(r"\fB", "").replace(r"\fR", "");
    for (name, options) in &commands {
        let page = plain(&pages[&format!("{name}.1")]);
        for option in options {
            assert!(page.contains(option), "{name}.1 does not name {option}");
        }
        assert!(!page.contains('`'), "{name}.1 shows a backtick");
    }
    let whole = plain(&pages["ringback.1"]);
    for name in commands.keys().filter(|name| name.matches('-').count() == 1) {
        assert!(whole.contains(&format!("{name}(1)")), "ringback.1 does not name {name}");
    }
    for part in ["FILES", "/etc/ringback/environment", "SIGHUP", "EXIT STATUS", "ringback health"] {
        assert!(whole.contains(part), "ringback.1 does not name {part}");
    }
    assert!(whole.contains(&format!("Ringback {}", env!("CARGO_PKG_VERSION"))));
    for (name, code) in [("post", "answered with another status"), ("doctor", "something is wrong")]
    {
        let page = plain(&pages[&format!("ringback-{name}.1")]);
        let (_, codes) = page.split_once("EXIT STATUS").unwrap();
        assert!(codes.contains(code), "ringback-{name}.1 does not explain its exit codes");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let outcome = run(folder.path(), &[], &["man", "file/man1"]);
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert!(outcome.stderr.contains("`file/man1` cannot be made"), "{outcome}");
    assert!(outcome.stderr.contains("hint: "), "{outcome}");
}

#[test]
fn the_completions_of_each_shell_name_each_command_and_option() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let outcome = run(folder.path(), &[], &["completions", shell]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{outcome}");
        for (name, options) in commands() {
            let command = name.rsplit('-').next().unwrap();
            assert!(outcome.stdout.contains(command), "{shell} does not complete `{command}`");
            for option in options {
                // fish writes `-l strict`.
                let name = option.trim_start_matches('-');
                assert!(outcome.stdout.contains(name), "{shell} does not complete `{option}`");
            }
        }
    }
}

/// bash is on every system that the tests run on.
#[test]
fn bash_completes_a_command_and_an_option() {
    let folder = tempfile::tempdir().unwrap();
    let script = run(folder.path(), &[], &["completions", "bash"]).stdout;
    for (words, expected) in
        [("ringback compl", "completions"), ("ringback check --stri", "--strict")]
    {
        let last = words.split(' ').count() - 1;
        let ask = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD={last}\n\
             _ringback ringback \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"\n\
             echo \"${{COMPREPLY[@]}}\"\n"
        );
        fs::write(folder.path().join("ask.bash"), ask).unwrap();
        let mut bash = Command::new("bash");
        bash.arg("ask.bash").current_dir(folder.path());
        let output = piped(&mut bash).stderr(Stdio::inherit()).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), expected, "{words}");
    }
}
