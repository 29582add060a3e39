//! What acts on a terminal, turns the direction of a line or hides in it is
//! shown written out, whoever wrote it: people, flows, chat files, databases.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::write;
use crate::support::database::{TestDatabase, each_database, run_sql};
use crate::support::ringback::{Outcome, finish, run, run_with_input};
use crate::support::service::Service;
use crate::support::skip;
use crate::support::twilio::{post, settings};

/// Hides what follows, fills the clipboard, and more. None of it is of Windows-1252.
const HOSTILE: &str =
    "A\x1b[8mB\x1b]52;c;cm0=\x07C\u{9b}8mD\u{202e}E\u{2066}F\u{200b}G\u{e0041}H\x7fI\u{2028}J";

/// What of it must never come out.
const ACTING: [&str; 11] = [
    "\x1b[8m",
    "\x1b]",
    "\x07",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{e0041}",
    "\x7f",
    "\u{2028}",
    "\r\x1b",
];

/// How it is shown.
const WRITTEN_OUT: &str =
    r"A\x1b[8mB\x1b]52;c;cm0=\x07C\u{9b}8mD\u{202e}E\u{2066}F\u{200b}G\u{e0041}H\x7fI\u{2028}J";

/// How what is left of it in a message is shown.
const TAKEN: &str = r"A[8mB]52;c;cm0=C8mD\u{202e}E\u{2066}F\u{200b}G\u{e0041}HI\u{2028}J";

fn assert_harmless(outcome: &Outcome) {
    let text = format!("{}{}", outcome.stdout, outcome.stderr);
    for acting in ACTING {
        assert!(!text.contains(acting), "{acting:?} in {text:?}");
    }
}

/// Harmless, and all there.
fn assert_shown(outcome: &Outcome) {
    assert_harmless(outcome);
    let text = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(text.contains(WRITTEN_OUT), "{text:?}");
}

/// The same in a terminal, where there are colours.
fn on_terminal(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Option<Outcome> {
    if Command::new("script").arg("--version").output().is_err() {
        skip("`script` (of util-linux) is not there to make a terminal");
        return None;
    }
    let program = [env!("CARGO_BIN_EXE_ringback")];
    let words = program.iter().chain(arguments).map(|word| format!("'{word}'"));
    let line = words.collect::<Vec<_>>().join(" ");
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).current_dir(folder).env_clear();
    command.envs(settings.iter().copied()).env("PATH", std::env::var_os("PATH").unwrap());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let outcome = finish(command.spawn().unwrap());
    assert!(outcome.stdout.contains("\x1b["), "no colours: {outcome}");
    Some(outcome)
}

/// In a terminal and without one.
fn assert_shown_everywhere(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) {
    assert_shown(&run(folder, settings, arguments));
    if let Some(outcome) = on_terminal(folder, settings, arguments) {
        assert_shown(&outcome);
    }
}

/// A person who says it, whose row holds it besides.
async fn person(database: &TestDatabase, folder: &Path) {
    let service = Service::start(folder, &settings(database.url()));
    for (id, says) in [("SM1", "hello"), ("SM2", HOSTILE)] {
        post(&service, id, "+14155552671", says).await;
    }
    drop(service);
    let hostile = format!(
        "UPDATE user_sessions SET conversation_state = '{HOSTILE}', flow = 'a\x1b[8m\x07\x7f', \
         language = '\x1b[8m'"
    );
    run_sql(database.url(), &hostile).await;
}

#[tokio::test]
async fn show_and_check_against_a_database_of_hostile_rows() {
    each_database(async |database| {
        let folder = tempfile::tempdir().unwrap();
        person(database, folder.path()).await;
        let settings = [("DATABASE_URL", database.url())];
        assert_shown_everywhere(folder.path(), &settings, &["show", "+14155552671"]);
        assert_shown_everywhere(folder.path(), &[], &["check", "--against", database.url()]);
    })
    .await;
}

#[test]
fn a_chat_shows_it_and_saves_it_as_it_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let input = format!("hello\n{HOSTILE}\n/state\n/reload\n/media {HOSTILE}\n");
    let arguments = ["chat", "--trace", "--save", "said.chat"];
    let outcome = run_with_input(folder.path(), &[], &arguments, input);
    assert_shown(&outcome);
    // As what was said; a message has no control characters, and so neither has the reply.
    assert!(outcome.stdout.matches(WRITTEN_OUT).count() >= 1, "{outcome}");
    assert!(outcome.stdout.matches(TAKEN).count() >= 3, "{outcome}");
    let saved = fs::read_to_string(folder.path().join("said.chat")).unwrap();
    assert!(saved.contains(HOSTILE), "{saved:?}");
    // It is what is played, too.
    write(folder.path(), "favorite-song.yaml", include_str!("../../../flows/favorite-song.yaml"));
    fs::rename(folder.path().join("said.chat"), folder.path().join("favorite-song.said.chat"))
        .unwrap();
    let checked = run(folder.path(), &[], &["check", "favorite-song.yaml"]);
    assert_eq!(checked.code, Some(0), "{checked}");
}

#[test]
fn a_mismatch_shows_both_sides_of_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "favorite-song.yaml", include_str!("../../../flows/favorite-song.yaml"));
    let chat = format!("> hello\n< {HOSTILE}\n> {HOSTILE}\n? name = {HOSTILE}\n= {HOSTILE}\n");
    write(folder.path(), "favorite-song.chat", &chat);
    let arguments = ["check", "favorite-song.yaml"];
    let plain = run(folder.path(), &[], &arguments);
    assert!(plain.stdout.contains("FAIL"), "{plain}");
    assert_harmless(&plain);
    if let Some(coloured) = on_terminal(folder.path(), &[], &arguments) {
        assert_harmless(&coloured);
    }
}

#[test]
fn flow_files_and_their_names_are_quoted_written_out() {
    let name = "or\u{202e}der\x1b[8m.yaml";
    for text in [
        format!(
            "flow: order\nstart: [order]\nsteps:\n  # {HOSTILE}\n  pizza: {{ask: '{HOSTILE}', maxx: 3}}\n"
        ),
        format!(
            "flow: '{HOSTILE}'\nstart: ['{HOSTILE}']\nsteps:\n  '{HOSTILE}': {{say: '{HOSTILE}'}}\n"
        ),
        r#"flow: order
start: ["A\e[8m\u202e"]
steps:
  pizza: {ask: "Which\e]52;c;cm0=\a\u202e\u200b pizza?", save: "a\e[8m"}
  done: {say: "\e[8m\u2066{{ pizza }}\x7f"}
"#
        .to_owned(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), name, &text);
        write(folder.path(), &name.replace("yaml", "chat"), "> order\n< no\n");
        for arguments in [
            ["check", "."].as_slice(),
            &["check", ".", "--segments", "--coverage"],
            &["diagram", name],
            &["diagram", "--markdown", "."],
            &["chat", name],
            &["check", HOSTILE],
            &[HOSTILE],
            &["--flows", HOSTILE],
            &["diagram", "--flow", HOSTILE],
        ] {
            let outcome = run(folder.path(), &[], arguments);
            assert!(!outcome.to_string().contains("panicked"), "{outcome}");
            assert_harmless(&outcome);
            if arguments.len() == 2
                && let Some(coloured) = on_terminal(folder.path(), &[], arguments)
            {
                assert_harmless(&coloured);
            }
        }
        let settings = [
            ("FLOWS", name),
            ("LOG_FORMAT", "text"),
            ("BIND", "127.0.0.1:0"),
            ("DATABASE_URL", "sqlite:absent/a.db"),
        ];
        assert_harmless(&run(folder.path(), &settings, &["serve"]));
    }
}
