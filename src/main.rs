//! The `ringback` command: reads `.env`, then the command line, and does what it says.

use std::process::ExitCode;

use clap::Parser;
use ringback::cli;
use ringback::cli::args::Cli;
use ringback::config::dotenv;

/// A message is some hundred small pieces of memory, most of them short-lived.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // First of all, since the command line falls back to the environment; but
    // told last, so that `--help` helps beside a broken file, too.
    let dotenv = dotenv::load();
    let command = Cli::parse().into_command();
    match dotenv.map_err(Into::into).and_then(|_| cli::run(command)) {
        Ok(code) => code,
        Err(error) => {
            cli::report::print(&error);
            ExitCode::FAILURE
        }
    }
}
