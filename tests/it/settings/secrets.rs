//! Secrets in the wrong place: no message repeats them, and each says where they belong.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::support::ringback::{Outcome, command, finish, run};

const ADDRESS: &str = "mysql://bot:s3cret@db/ringback";
const TOKEN: &str = "5ec2e7aaaabbbbccccddddeeeeffff00";

/// What somebody may put where something else is expected.
const SECRETS: [&str; 5] = [
    ADDRESS,
    "bot:s3cret@db/ringback",
    "https://bot:s3cret@bot.example.com",
    "postgres://db/ringback?password=s3cret",
    TOKEN,
];

/// The settings, with no database that could be used: no service starts by chance.
const SETTINGS: [&str; 20] = [
    "BIND",
    "METRICS_BIND",
    "FLOWS",
    "OPT_OUT_WORDS",
    "RETENTION",
    "SIMULATOR",
    "WATCH",
    "LOG_FORMAT",
    "RUST_LOG",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_API_KEY",
    "TWILIO_API_SECRET",
    "TWILIO_API_URL",
    "SENDING",
    "SEND_RATE",
    "UNKNOWN",
    "CALL_HOSTS",
    "PUBLIC_URL",
    "DATABASE_URL",
];
const NO_DATABASE: (&str, &str) = ("DATABASE_URL", "sqlite:absent/ringback.db");

fn assert_discreet(outcome: &Outcome, given: &str) {
    assert!(matches!(outcome.code, Some(1 | 2)), "{given}: {outcome}");
    for secret in ["s3cret", TOKEN] {
        assert!(!outcome.to_string().contains(secret), "{given}: {outcome}");
    }
}

/// Runs it with these arguments, and assures that no secret is repeated.
fn discreet(settings: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let outcome = run(folder.path(), settings, arguments);
    assert_discreet(&outcome, &format!("{settings:?} {arguments:?}"));
    outcome
}

#[test]
fn no_setting_repeats_one() {
    for secret in SECRETS {
        for name in SETTINGS {
            let flag = format!("--{}", name.to_lowercase().replace('_', "-"));
            let assigned = format!("{flag}={secret}");
            if name == "DATABASE_URL" {
                // So that nobody looks for a host of that name.
                let elsewhere = secret.replace("@db", "@127.0.0.1:1");
                discreet(&[(name, &elsewhere)], &[]);
                discreet(&[], &[&flag, &elsewhere]);
                continue;
            }
            discreet(&[NO_DATABASE, (name, secret)], &[]);
            discreet(&[NO_DATABASE, (name, secret)], &["doctor"]);
            discreet(&[NO_DATABASE], &[&flag, secret]);
            discreet(&[NO_DATABASE], &["serve", &assigned]);
        }
    }
}

#[test]
fn no_command_repeats_one() {
    for secret in SECRETS {
        for arguments in [
            [].as_slice(),
            &["serve"],
            &["check"],
            &["check", "absent"],
            &["chat"],
            &["chat", "--save"],
            &["chat", "absent"],
            &["diagram"],
            &["diagram", "--flow"],
            &["schema"],
            &["post"],
            &["post", "--url"],
            &["post", "--from", "+14155552671", "--body", "hello", "--url"],
            &["doctor"],
            &["show"],
            &["show", "+14155552671"],
            &["migrate"],
            &["prune"],
            &["prune", "--older-than"],
            &["help"],
            &["unknown"],
            &["--unknown"],
            &["--twilio-auth-token="],
        ] {
            let arguments = [arguments, &[secret]].concat();
            discreet(&[NO_DATABASE], &arguments);
        }
        for assigned in ["--coverage=", "--strict=", "--agianst=", "--flows=", "DATABASE_URL="] {
            discreet(&[], &["check", "absent", &format!("{assigned}{secret}")]);
        }
    }
    for arguments in [
        ["TWILIO_AUTH_TOKEN=s3cret"].as_slice(),
        &["--twilio-auth-token=", "s3cret"],
        &["--twilio-auth-token", "two", "s3cret"],
        &["--twilio-auth-tokn=s3cret"],
        &["check", "TWILIO_AUTH_TOKEN=s3cret"],
    ] {
        discreet(&[NO_DATABASE], arguments);
    }
    discreet(&[NO_DATABASE, ("TWILIO_AUTH_TOKEN", "s3cret")], &["s3cret"]);
}

#[test]
fn each_says_where_a_database_is_named() {
    for arguments in [
        [].as_slice(),
        &["serve"],
        &["check"],
        &["check", "flows"],
        &["chat"],
        &["diagram"],
        &["show"],
        &["migrate"],
        &["prune"],
        &["--flows"],
        &["--bind"],
        &["--public-url"],
        &["--twilio-auth-token"],
    ] {
        for address in [ADDRESS, "sqlite:ringback.db"] {
            let outcome = discreet(&[NO_DATABASE], &[arguments, &[address]].concat());
            let hint = outcome.stderr.split_once("\nhint: ").map(|(_, hint)| hint.to_owned());
            let hint = hint.unwrap_or_else(|| panic!("{arguments:?}: {outcome}"));
            for name in ["`DATABASE_URL`", "`--database-url`", "--against"] {
                assert!(hint.contains(name), "{arguments:?}: {outcome}");
            }
        }
    }
}

#[test]
fn a_variable_that_is_no_text_is_named_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    for name in SETTINGS {
        let mut command = command(folder.path(), &[NO_DATABASE], &[]);
        let child = command.env(name, OsStr::from_bytes(b"s3cret\xff")).spawn().unwrap();
        let outcome = finish(child);
        // A path may be any bytes.
        if name == "FLOWS" {
            assert_eq!(outcome.code, Some(1), "{outcome}");
            continue;
        }
        assert_discreet(&outcome, name);
        let expected = format!("error: `{name}` is not UTF-8\n");
        assert!(outcome.stderr.starts_with(&expected), "{outcome}");
    }
}

#[test]
fn help_shows_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SETTINGS.map(|name| (name, "s3cret"));
    for arguments in [["--help"].as_slice(), &["-h"], &["help", "serve"], &["prune", "--help"]] {
        let outcome = run(folder.path(), &settings, arguments);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        assert!(!outcome.to_string().contains("s3cret"), "{outcome}");
    }
}
