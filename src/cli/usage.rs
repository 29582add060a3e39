//! Says what is wrong with a command line, or the help that it asks for.

use std::env;
use std::process::ExitCode;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::args::Cli;
use super::{report, secrets};

/// What people call the commands, and their names.
const MEANT: [(&[&str], &str); 6] = [
    (&["run", "start", "up", "server", "listen"], "serve"),
    (&["test", "tests", "lint", "validate", "verify"], "check"),
    (&["talk", "play", "repl", "console"], "chat"),
    (&["graph", "draw", "mermaid"], "diagram"),
    (&["clean", "purge", "delete"], "prune"),
    (&["migration", "migrations", "upgrade"], "migrate"),
];

/// Prints it; what the process ends with.
pub(super) fn explain(misuse: &clap::Error) -> ExitCode {
    if !misuse.use_stderr() {
        // Help holds no value of anybody's. A reader that went away is no fault.
        drop(misuse.print());
    } else if misuse.kind() == ErrorKind::InvalidUtf8
        && let Some(name) = unreadable()
    {
        report::print_usage(&format!("`{name}` is not UTF-8"), Some("set it again, as UTF-8 text"));
    } else {
        let whole = text(misuse);
        match meant(misuse) {
            // By its letters clap finds another one: of `run` it makes `prune`.
            Some(meant) => {
                report::print_usage(whole.lines().next().unwrap_or_default(), Some(&meant));
            }
            None => report::print_usage(&whole, hint(misuse)),
        }
    }
    u8::try_from(misuse.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// What clap says, without its label and its colours.
fn text(misuse: &clap::Error) -> String {
    let text = misuse.render().to_string();
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

/// The variable that holds no text. Clap does not say which it is.
#[expect(clippy::disallowed_methods, reason = "what cannot be read is no setting yet")]
fn unreadable() -> Option<String> {
    let is_unreadable =
        |name: &String| env::var_os(name).is_some_and(|value| value.into_string().is_err());
    secrets::variables(&Cli::command()).into_iter().find(is_unreadable)
}

/// The command that was meant where another name was written.
fn meant(misuse: &clap::Error) -> Option<String> {
    let ContextValue::String(written) = misuse.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    let (_, command) = MEANT.iter().find(|(names, _)| names.contains(&written.as_str()))?;
    Some(format!("write `ringback {command}`"))
}

/// What to do where what was not expected is a secret in the wrong place.
fn hint(misuse: &clap::Error) -> Option<&'static str> {
    let kinds =
        [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue];
    kinds.iter().find_map(|kind| match misuse.get(*kind) {
        Some(ContextValue::String(value)) => secrets::place_for(value),
        _ => None,
    })
}
