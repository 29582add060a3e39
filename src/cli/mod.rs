//! The commands: what may be written on the command line, what each command
//! does, and how failures are reported.

mod against;
pub mod args;
mod chat;
mod chats;
mod check;
mod completions;
mod coverage;
mod diagram;
mod doctor;
mod explain;
pub mod format;
mod health;
mod init;
mod man;
mod outbox;
mod output;
mod post;
mod prune;
pub mod report;
mod runtime;
mod secrets;
mod segments;
mod shell;
mod show;
mod usage;

use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;

use self::args::{Cli, Command, OutboxArgs, OutboxCommand, ServeArgs};
use self::output::Output;
use self::runtime::runtime;
use crate::config::dotenv::DotenvError;
use crate::conversation::{FLOW_SCHEMA, LANGUAGE_SCHEMA};
use crate::server::Signals;
use crate::{logging, server};

/// Carries out the command line, or prints why it cannot.
///
/// Errors in `.env` are reported after that, so that `--help` also helps with a
/// broken file.
pub fn run(dotenv: Result<bool, DotenvError>) -> ExitCode {
    let command = Cli::try_parse().map(Cli::into_command);
    // These commands wait for the reader of their output; a standard error that
    // nobody reads delays no other command.
    let waits = matches!(
        command,
        Ok(Command::Check(_)
            | Command::Explain(_)
            | Command::Chat(_)
            | Command::Diagram(_)
            | Command::Schema(_)
            | Command::Init(_)
            | Command::Post(_)
            | Command::Doctor(_)
            | Command::Completions(_)
            | Command::Man(_))
    );
    let done = if waits { Ok(None) } else { logging::start().map(Some) };
    // The guard lives until the last error is printed.
    let (_finish, done) = match (done, command) {
        (Err(error), _) => (None, Err(error)),
        (Ok(finish), Err(misuse)) => (finish, Ok(usage::explain(&misuse))),
        (Ok(finish), Ok(command)) => (finish, obey(command, dotenv)),
    };
    done.unwrap_or_else(|error| {
        report::print(&error);
        ExitCode::FAILURE
    })
}

/// Carries out a command, once `.env` was read.
fn obey(command: Command, dotenv: Result<bool, DotenvError>) -> anyhow::Result<ExitCode> {
    let dotenv = match command {
        // To this one, an error in the file is a finding like any other.
        Command::Doctor(_) => dotenv,
        _ => Ok(dotenv?),
    };
    match command {
        Command::Serve(args) => {
            let runtime = runtime()?;
            let served = runtime.block_on(serve(&args));
            // A task that still reads a file may be abandoned.
            runtime.shutdown_background();
            served.map(|()| ExitCode::SUCCESS)
        }
        Command::Init(args) => init::run(&args.folder).map(|()| ExitCode::SUCCESS),
        Command::Post(args) => post::run(&args),
        Command::Doctor(args) => doctor::run(dotenv, &args).map(exit_code),
        Command::Check(args) => {
            let path = args.flows.flows()?;
            Ok(exit_code(check::run(path.as_deref(), &args)?))
        }
        Command::Explain(args) => {
            Output::new().part(&explain::text(args.code));
            Ok(ExitCode::SUCCESS)
        }
        Command::Chat(args) => {
            let path = args.flows.flows()?;
            chat::run(path.as_deref(), &args, Timestamp::now)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Diagram(args) => {
            let path = args.flows.flows()?;
            diagram::run(path.as_deref(), &args)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Schema(args) => {
            Output::new().part(if args.language { LANGUAGE_SCHEMA } else { FLOW_SCHEMA });
            Ok(ExitCode::SUCCESS)
        }
        Command::Show(args) => {
            logging::init(args.log.settings()?)?;
            let url = args.store.database_url()?;
            let shown = runtime()?.block_on(async {
                let (store, number_hash) = server::database::open_existing(&url).await?;
                show::run(&store, &number_hash, &args.number).await
            })?;
            Ok(exit_code(shown))
        }
        Command::Outbox(args) => obey_outbox(args).map(|()| ExitCode::SUCCESS),
        Command::Migrate(args) => {
            logging::init(args.log.settings()?)?;
            let url = args.store.database_url()?;
            runtime()?.block_on(server::database::open(&url))?;
            tracing::info!(database = %url, "the database is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Prune(args) => {
            logging::init(args.log.settings()?)?;
            let retention = args.age.retention()?;
            let url = args.store.database_url()?;
            runtime()?.block_on(async {
                let (store, _) = server::database::open_existing(&url).await?;
                prune::run(&store, retention, args.trust_clock).await
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Health(args) => {
            health::run(args.bind.address()?, args.ready)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Completions(args) => {
            Output::new().part(&completions::text(args.shell));
            Ok(ExitCode::SUCCESS)
        }
        Command::Man(args) => {
            man::write(&args.folder)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Shows the outbox, or carries out a command on it. Neither names anybody in
/// the log.
fn obey_outbox(args: OutboxArgs) -> anyhow::Result<()> {
    let Some(OutboxCommand::Drop(args)) = args.command else {
        logging::init(args.log.settings()?)?;
        let url = args.store.database_url()?;
        return runtime()?.block_on(async {
            let store = server::database::open_to_look(&url).await?;
            outbox::run(&store).await
        });
    };
    logging::init(args.log.settings()?)?;
    let waiting = args.age.age()?;
    let url = args.store.database_url()?;
    runtime()?.block_on(async {
        let store = server::database::open_to_look(&url).await?;
        outbox::give_up(&store, waiting).await
    })
}

/// Serves. Listening for signals begins before anything else.
async fn serve(args: &ServeArgs) -> anyhow::Result<()> {
    let signals = Signals::listen()?;
    logging::init(args.log.settings()?)?;
    let settings = args.server.settings()?;
    Box::pin(server::run(settings, signals)).await
}

fn exit_code(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
