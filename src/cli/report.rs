//! Reports to a person why a command failed: `error:`, `cause:` lines, and a `hint:`.
//!
//! All errors leave the program here, including those of the command line. No secret in a wrong
//! place gets through, and no character that acts on a terminal. Errors arrive as
//! [`anyhow::Error`]; the hint is that of the first error in the chain that has one.

use std::error::Error;
use std::io::{self, IsTerminal};

use super::output::colour_is_wanted;
use super::secrets;
use crate::config::SettingError;
use crate::config::dotenv::DotenvError;
use crate::conversation::shown_lines;
use crate::hint::Hinted;
use crate::logging;

/// Prints an error on standard error, in colour if it is a terminal that supports it.
pub fn print(error: &anyhow::Error) {
    logging::print(&render(error, is_coloured()));
}

/// Prints what is wrong with the command line, and what to do.
pub(super) fn print_usage(text: &str, hint: Option<&str>) {
    let colour = is_coloured();
    let mut printed = line(colour, RED, "error", text.trim_end());
    if let Some(hint) = hint {
        printed += &line(colour, CYAN, "\nhint", hint);
    }
    logging::print(&printed);
}

fn is_coloured() -> bool {
    io::stderr().is_terminal() && colour_is_wanted()
}

/// Returns a labelled message, without secrets and safe for a terminal.
fn line(colour: bool, code: u8, label: &str, message: &str) -> String {
    let message = secrets::hidden(message);
    let message = shown_lines(&message);
    if colour {
        format!("\x1b[1;{code}m{label}\x1b[0m: {message}\n")
    } else {
        format!("{label}: {message}\n")
    }
}

/// Returns the lines that report an error.
#[must_use]
pub fn render(error: &anyhow::Error, colour: bool) -> String {
    let mut text = String::new();
    let mut line = |code, label, message: &str| text += &line(colour, code, label, message);
    let mut above = error.to_string();
    line(RED, "error", &above);
    for cause in error.chain().skip(1) {
        let message = cause.to_string();
        // Many libraries repeat the cause within their own text.
        if !above.contains(&message) {
            line(RED, "cause", &message);
        }
        above = message;
    }
    if let Some(hint) = hint(error) {
        line(CYAN, "\nhint", hint);
    }
    text
}

const RED: u8 = 31;
const CYAN: u8 = 36;

/// Returns the advice about an error, if there is some.
pub(super) fn hint(error: &anyhow::Error) -> Option<&str> {
    error.chain().find_map(hint_of)
}

fn hint_of<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a str> {
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        return Some(hinted.hint());
    }
    if let Some(setting) = error.downcast_ref::<SettingError>() {
        return Some(setting.hint());
    }
    error.downcast_ref::<DotenvError>().map(DotenvError::hint)
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};
    use insta::assert_snapshot;

    use super::*;
    use crate::hint::WithHint;

    fn failure() -> anyhow::Error {
        Err::<(), _>(io::Error::from(io::ErrorKind::AddrInUse))
            .with_context(|| "cannot listen on 127.0.0.1:5000")
            .with_hint("something else listens there; try `BIND=127.0.0.1:5001`")
            .context("the server did not start")
            .unwrap_err()
    }

    #[test]
    fn tells_error_causes_and_hint() {
        assert_snapshot!(render(&failure(), false), @r"
        error: the server did not start
        cause: cannot listen on 127.0.0.1:5000
        cause: address in use

        hint: something else listens there; try `BIND=127.0.0.1:5001`
        ");
    }

    #[test]
    fn colours_labels_only() {
        assert_eq!(render(&anyhow!("no"), true), "\x1b[1;31merror\x1b[0m: no\n");
        assert!(!render(&failure(), false).contains('\x1b'));
    }

    #[test]
    fn tells_a_repeated_cause_once() {
        let error = anyhow!("disk full").context("cannot write: disk full");
        assert_eq!(render(&error, false), "error: cannot write: disk full\n");
    }
}
