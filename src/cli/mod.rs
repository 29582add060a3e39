//! The commands: what may be written on the command line, what each does, and
//! how failures are told.

mod against;
pub mod args;
mod chat;
mod chats;
mod check;
mod coverage;
mod diagram;
mod files;
mod flows;
mod output;
mod prune;
pub mod report;
mod segments;
mod show;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;

use self::args::Command;
use self::output::Output;
use crate::conversation::{FLOW_SCHEMA, LANGUAGE_SCHEMA};
use crate::server::flows::Read;
use crate::{logging, server};

/// Does what a command says.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => {
            logging::init(args.log.settings()?)?;
            let settings = args.server.settings()?;
            let edition = flows::load(settings.flows.as_deref())?;
            server::flows::log(&edition.warnings);
            let read = settings
                .flows
                .clone()
                .map(|path| -> Read { Arc::new(move || flows::load(Some(&path))) });
            runtime()?.block_on(server::run(settings, edition, read))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Check(args) => {
            let path = args.flows.flows()?;
            Ok(exit_code(check::run(path.as_deref(), &args)?))
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
        Command::Migrate(args) => {
            logging::init(args.log.settings()?)?;
            let url = args.store.database_url()?;
            runtime()?.block_on(server::database::open(&url))?;
            tracing::info!(database = %url, "the database is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Prune(args) => {
            logging::init(args.log.settings()?)?;
            let before = args.age.retention()?.before(Timestamp::now());
            let url = args.store.database_url()?;
            runtime()?.block_on(async {
                let (store, _) = server::database::open_existing(&url).await?;
                prune::run(&store, before).await
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn exit_code(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How many tasks run before the runtime looks who else can go on. By default
/// the bot would wait behind the replies of its last batch, the database idle.
const TASKS_AT_A_TIME: u32 = 8;

/// One thread: there is little to do between one wait and the next, and
/// handing that from thread to thread costs more than doing it.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .event_interval(TASKS_AT_A_TIME)
        .enable_all()
        .build()
        .context("the runtime cannot be started")
}
