//! `ringback completions`: what a shell completes after `ringback`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;

/// Returns the script for a shell.
pub(super) fn text(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "ringback", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
