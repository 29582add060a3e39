//! Settings that stop the start: each with one clear message, a hint, and an exit code.

use std::fmt::Write as _;
use std::fs;

use insta::assert_snapshot;

use crate::support::ringback::{Outcome, run};

/// What `ringback` says to these settings.
fn refused(settings: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let Outcome { code, stdout, stderr } = run(folder.path(), settings, &[]);
    assert_eq!((code, stdout.as_str()), (Some(1), ""), "{stderr}");
    assert!(!stderr.contains("s3cret"), "{stderr}");
    assert!(!stderr.contains('\x1b'), "colours where there is no terminal: {stderr}");
    stderr
}

#[test]
fn each_tells_what_is_wrong_and_what_to_write() {
    let all = [
        [("DATABASE_URL", "postgres://bot:s3cret@db/a")].as_slice(),
        &[("DATABASE_URL", "mysql://bot:s3cret/@db/a")],
        &[("DATABASE_URL", "mysql://bot:s3cret@db")],
        &[("DATABASE_URL", "s3cret@db")],
        &[("DATABASE_URL", "sqlite::memory:")],
        &[("BIND", "localhost:5000")],
        &[("PUBLIC_URL", "bot.example.com")],
        &[("TWILIO_AUTH_TOKEN", "s3cret,")],
        &[("TWILIO_AUTH_TOKEN", "s3cret s3cret")],
        &[("SIMULATOR", "on"), ("TWILIO_AUTH_TOKEN", "s3cret")],
        &[("SIMULATOR", "on"), ("PUBLIC_URL", "https://bot.example.com")],
        &[("SIMULATOR", "on"), ("BIND", "0.0.0.0:0")],
        &[("SIMULATOR", "yes")],
        &[("WATCH", "yes")],
        &[("LOG_FORMAT", "xml")],
        &[("RUST_LOG", "ringback=loud")],
        &[("OPT_OUT_WORDS", "baja,,parar")],
        &[("OPT_OUT_WORDS", "baja,start")],
        &[("RETENTION", "90")],
        &[("RETENTION", "6d")],
        &[("RETENTION", "40000d")],
    ];
    let mut told = String::new();
    for settings in all {
        let given: Vec<_> =
            settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let _ = writeln!(told, "$ {} ringback\n{}", given.join(" "), refused(settings));
    }
    assert_snapshot!("refused", told);
}

#[test]
fn any_that_is_empty() {
    for name in [
        "DATABASE_URL",
        "BIND",
        "FLOWS",
        "OPT_OUT_WORDS",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_ACCOUNT_SID",
        "PUBLIC_URL",
        "SIMULATOR",
        "WATCH",
        "LOG_FORMAT",
        "RUST_LOG",
        "RETENTION",
    ] {
        let expected = format!(
            "error: `{name}` is set but empty\n\nhint: give `{name}` a value, or remove it from the environment and from `.env`\n"
        );
        assert_eq!(refused(&[(name, "")]), expected);
        assert_eq!(refused(&[(name, if name == "FLOWS" { "" } else { " \t" })]), expected);
    }
}

#[test]
fn a_command_needs_only_its_own_settings() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [("BIND", "nowhere"), ("TWILIO_AUTH_TOKEN", "")];
    let outcome = run(folder.path(), &settings, &["migrate"]);
    assert_eq!(outcome.code, Some(0), "{outcome}");
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        ["--unknown"].as_slice(),
        &["unknown"],
        &["show"],
        &["show", ""],
        &["--bind", "127.0.0.1:0", "migrate"],
    ] {
        let outcome = run(folder.path(), &[], arguments);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        assert!(outcome.stderr.starts_with("error: "), "{outcome}");
    }
}

#[test]
fn a_command_by_another_name_is_told_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for (written, meant) in [
        ("run", "serve"),
        ("start", "serve"),
        ("test", "check"),
        ("lint", "check"),
        ("validate", "check"),
        ("draw", "diagram"),
    ] {
        let outcome = run(folder.path(), &[], &[written]);
        assert_eq!(outcome.code, Some(2), "{outcome}");
        let hint = format!("hint: write `ringback {meant}`\n");
        assert!(outcome.stderr.contains(&hint), "{outcome}");
        // And clap says nothing beside it that would lead elsewhere.
        assert!(!outcome.stderr.contains("tip:"), "{outcome}");
    }
}

#[test]
fn a_malformed_env_file_names_the_line_and_not_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for (text, line) in [
        ("BIND=127.0.0.1:0\n# s3cret s3cret\ns3cret s3cret\n", 3),
        ("s3cret", 1),
        ("A=b\r\n\r\nTWILIO_AUTH_TOKEN s3cret\r\n", 3),
        ("A=b\nTWILIO_AUTH_TOKEN='s3cret\nC=d\n", 2),
    ] {
        fs::write(folder.path().join(".env"), text).unwrap();
        let outcome = run(folder.path(), &[], &[]);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(!outcome.stderr.contains("s3cret"), "{outcome}");
        let expected = format!("error: `.env`, line {line}, is not `NAME=value`\n");
        assert!(outcome.stderr.starts_with(&expected), "{outcome}");

        let helped = run(folder.path(), &[], &["--help"]);
        assert_eq!(helped.code, Some(0), "{helped}");
    }
}

#[test]
fn the_environment_wins_over_the_env_file_and_a_flag_over_both() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), "BIND=from-file\n").unwrap();
    for (settings, arguments, winner) in [
        ([].as_slice(), [].as_slice(), "from-file"),
        (&[("BIND", "from-environment")], &[], "from-environment"),
        (&[("BIND", "from-environment")], &["--bind", "from-flag"], "from-flag"),
    ] {
        let outcome = run(folder.path(), settings, arguments);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.contains(&format!("`{winner}`")), "{outcome}");
    }
}
