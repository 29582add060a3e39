//! The `ringback` command: reads `.env`, then the command line, and does what it says.

use std::process::ExitCode;

use clap::Parser;
use ringback::cli::args::{Cli, Command};
use ringback::cli::report;
use ringback::config::dotenv;
use ringback::logging;

fn main() -> ExitCode {
    // First of all, since the command line falls back to the environment; but
    // told last, so that `--help` helps beside a broken file, too.
    let dotenv = dotenv::load();
    let command = Cli::parse().into_command();
    match dotenv.map_err(Into::into).and_then(|_| run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::print(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => {
            logging::init(args.log.settings()?)?;
            let settings = args.server.settings()?;
            for warning in settings.warnings() {
                tracing::warn!("{warning}");
            }
        }
        Command::Check(args) => drop(args.flows.flows()?),
        Command::Chat(args) => drop(args.flows.flows()?),
        Command::Show(args) => drop(args.store.database_url()?),
        Command::Migrate(args) => drop(args.store.database_url()?),
    }
    Ok(())
}
