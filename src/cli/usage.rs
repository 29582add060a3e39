//! Reports what is wrong with a command line, or prints the requested help.

use std::env;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Cli;
use super::{report, secrets};

/// Common wrong names of commands, and the right ones.
const MEANT: [(&[&str], &str); 11] = [
    (&["new", "create", "scaffold"], "init"),
    (&["send", "webhook", "simulate"], "post"),
    (&["diagnose", "examine"], "doctor"),
    (&["run", "start", "up", "server", "listen"], "serve"),
    (&["test", "tests", "lint", "validate", "verify"], "check"),
    (&["talk", "play", "repl", "console"], "chat"),
    (&["graph", "draw", "mermaid", "svg"], "diagram"),
    (&["clean", "purge", "delete"], "prune"),
    (&["outgoing", "texts", "queue"], "outbox"),
    (&["ping", "healthcheck", "status", "alive", "ready"], "health"),
    (&["migration", "migrations", "upgrade"], "migrate"),
];

/// Prints it; returns the exit code of the process.
pub(super) fn explain(misuse: &clap::Error) -> ExitCode {
    if !misuse.use_stderr() {
        // Help contains no values of people. A reader that disconnected is not a fault.
        drop(misuse.print());
    } else if misuse.kind() == ErrorKind::InvalidUtf8
        && let Some(name) = unreadable()
    {
        report::print_usage(&format!("`{name}` is not UTF-8"), Some("set it again, as UTF-8 text"));
    } else {
        let whole = text(misuse);
        match meant(misuse) {
            // clap finds another command by its letters: from `run` it makes `prune`.
            Some(meant) => {
                report::print_usage(whole.lines().next().unwrap_or_default(), Some(&meant));
            }
            None => report::print_usage(&whole, hint(misuse)),
        }
    }
    u8::try_from(misuse.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Returns clap's message, without its label and its colours.
fn text(misuse: &clap::Error) -> String {
    let text = misuse.render().to_string();
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

/// Returns the variable that does not hold text. Clap does not say which it is.
#[expect(clippy::disallowed_methods, reason = "what cannot be read is no setting yet")]
fn unreadable() -> Option<String> {
    let is_unreadable =
        |name: &String| env::var_os(name).is_some_and(|value| value.into_string().is_err());
    secrets::variables(&Cli::command()).into_iter().find(is_unreadable)
}

/// Returns the command that was meant by another name.
fn meant(misuse: &clap::Error) -> Option<String> {
    let ContextValue::String(written) = misuse.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    let (_, command) = MEANT.iter().find(|(names, _)| names.contains(&written.as_str()))?;
    Some(format!("write `ringback {command}`"))
}

/// Says what to do if an unexpected argument is a secret in the wrong place.
fn hint(misuse: &clap::Error) -> Option<&'static str> {
    let kinds =
        [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue];
    kinds.iter().find_map(|kind| match misuse.get(*kind) {
        Some(ContextValue::String(value)) => secrets::place_for(value),
        _ => None,
    })
}
