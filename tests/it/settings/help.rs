//! The reference: `--help`, `.env.example` and the settings themselves say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use clap::{Command, CommandFactory};
use insta::assert_snapshot;
use regex::Regex;
use ringback::cli::args::Cli;

use crate::support::ringback::run;

fn help(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), &[], arguments);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""));
    outcome.stdout
}

#[test]
fn the_command_line_is_well_defined() {
    Cli::command().debug_assert();
}

#[test]
fn help_teaches() {
    assert_snapshot!("help", help(&["--help"]));
    assert_snapshot!("help_short", help(&["-h"]));
    for command in [
        "init",
        "check",
        "chat",
        "diagram",
        "schema",
        "post",
        "doctor",
        "show",
        "outbox",
        "migrate",
        "prune",
        "health",
        "completions",
        "man",
    ] {
        assert_snapshot!(format!("help_{command}"), help(&[command, "--help"]));
    }
    assert_snapshot!("help_outbox_drop", help(&["outbox", "drop", "--help"]));
}

#[test]
fn version_is_told() {
    assert_eq!(help(&["--version"]), format!("ringback {}\n", env!("CARGO_PKG_VERSION")));
}

/// Every variable that the command line reads, with its default, commands included.
fn defined(command: &Command, into: &mut BTreeMap<String, Option<String>>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_env() {
            let default = argument.get_default_values().first();
            let default = default.map(|value| value.to_str().unwrap().to_owned());
            let known = into.entry(name.to_str().unwrap().to_owned()).or_default();
            *known = known.take().or(default);
        }
    }
    command.get_subcommands().for_each(|command| defined(command, into));
}

#[test]
fn example_help_and_settings_name_the_same_variables() {
    let mut settings = BTreeMap::new();
    defined(&Cli::command(), &mut settings);
    let defined: BTreeSet<_> = settings.keys().cloned().collect();
    assert_eq!(defined.len(), 20, "{defined:?}");

    let shown = Regex::new(r"\[env: (\w+)").unwrap();
    let help = help(&["--help"]);
    let in_help: BTreeSet<_> = shown.captures_iter(&help).map(|m| m[1].to_owned()).collect();
    assert_eq!(in_help, defined, "`--help` and the settings");

    let assignment = Regex::new(r"(?m)^#?(\w+)=(.*)$").unwrap();
    let example = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example")).unwrap();
    let in_example: BTreeMap<_, _> = assignment
        .captures_iter(&example)
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect();
    let names: BTreeSet<_> = in_example.keys().cloned().collect();
    assert_eq!(names, defined, "`.env.example` and the settings");

    for (name, default) in settings {
        if let Some(default) = default {
            assert_eq!(in_example[&name], default, "`.env.example` shows the default of {name}");
        }
    }
}

#[test]
fn a_flag_has_the_name_of_its_variable() {
    let command = Cli::command();
    let settings = command.get_arguments().filter(|argument| argument.get_env().is_some());
    for setting in settings {
        let variable = setting.get_env().unwrap().to_str().unwrap();
        assert_eq!(setting.get_long().unwrap().to_uppercase().replace('-', "_"), variable);
    }
}

#[test]
fn help_shows_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let secrets =
        [("DATABASE_URL", "mysql://bot:s3cret@db/ringback"), ("TWILIO_AUTH_TOKEN", "s3cret")];
    for arguments in [["--help"].as_slice(), &["-h"], &["serve", "--help"], &["migrate", "--help"]]
    {
        let outcome = run(folder.path(), &secrets, arguments);
        assert_eq!(outcome.code, Some(0));
        assert!(!outcome.to_string().contains("s3cret"), "{outcome}");
    }
}
