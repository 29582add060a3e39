//! The command line: commands, their arguments, and the help that teaches them.
//!
//! [`config`](crate::config) defines the settings, and the other files of
//! [`cli`](super) carry out the commands.

mod help;
mod post;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(super) use self::help::EXAMPLES;
use self::help::{ABOUT, DOCTOR_EXIT_CODES};
pub use self::post::PostArgs;
use super::explain;
use super::format::Format;
use crate::config::{
    AgainstArgument, BindArgs, FlowsArgument, LogArgs, OlderThanArgument, OptOutArgs, ServerArgs,
    StoreArgs, WaitingArgument,
};
use crate::conversation::finding::Code;
use crate::message::Sender;
use crate::store::url;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "ringback",
    version,
    about = "Holds conversations on a phone number",
    long_about = ABOUT,
    after_long_help = EXAMPLES,
    after_help = "Run `ringback --help` for details and examples, `ringback help COMMAND` for one command.",
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the folder of a new project
    ///
    /// It gets a flow with its chat file, the schema for editors, and `.env`. A
    /// folder that exists may have other files; none is overwritten, and all is
    /// made or nothing.
    Init(InitArgs),
    /// Answer messages (the default)
    ///
    /// Brings the database up to date, loads the flows, and serves until it is
    /// asked to stop by SIGTERM or Ctrl-C; then it finishes what it accepted. On
    /// SIGHUP it reads the flows again; with a mistake in them the old ones stay.
    Serve(Box<ServeArgs>),
    /// Find mistakes in flows, and run their chat files
    ///
    /// Every finding is shown with its place and what to write instead. A chat
    /// file (`NAME.chat` next to `NAME.yaml`) is a conversation with the expected
    /// replies. With `--against` it also reports who is in the middle of a
    /// conversation and would begin again. Exits with 1 if there is an error, with
    /// `--strict` also if there is a warning.
    Check(CheckArgs),
    /// Explain a finding of `check` by its code, with an example
    ///
    /// `check` prints the code of each finding in brackets, as in
    /// `warning[ucs2]`. Without a code, all of them are listed.
    Explain(ExplainArgs),
    /// Talk to a flow in the terminal
    ///
    /// A phone in memory: no server, no database. `/reload` reads the flow's
    /// file again, `/trace` shows what happens, `/help` lists the other commands.
    /// With `--save` the conversation becomes a chat file, which `ringback check`
    /// plays from then on.
    Chat(ChatArgs),
    /// Draw a flow as Mermaid text or as SVG
    ///
    /// A flowchart as Mermaid text, which GitHub, GitLab and others show as a
    /// picture, or with `--svg` as a picture that every browser shows. In a long
    /// flow a jump over a long distance ends at a flag with the step's name, and
    /// consecutive steps that only say something share a box.
    Diagram(DiagramArgs),
    /// Print the JSON Schema of flow files, for editors
    ///
    /// With it an editor completes the keys of a flow, explains them, and
    /// reports mistakes while you type. In an editor with the YAML language server,
    /// such as Visual Studio Code or Neovim, this first line binds it to a file:
    /// `# yaml-language-server: $schema=flow.schema.json`.
    Schema(SchemaArgs),
    /// Post a message to a service, signed as by Twilio
    ///
    /// The message is a form as Twilio posts it (`FILE`), or is made of the
    /// options. It is signed with `TWILIO_AUTH_TOKEN`, from the environment or
    /// `.env`. Prints the status, the messages of the answer, and the time that it
    /// took. The service takes it like any message: the conversation goes on.
    Post(Box<PostArgs>),
    /// Try the settings, the database and the flows, and say what is wrong
    ///
    /// Prints one line for each thing that is tried: `ok`, `warning` or `wrong`,
    /// with what to do. It changes nothing, sends no message, and prints no secret.
    /// It may run beside the service.
    Doctor(Box<DoctorArgs>),
    /// Show a sender's session
    ///
    /// Prints the session, whether the sender opted out, the hash with which the
    /// log names the sender, the last turns, and the last texts that answered no
    /// message.
    Show(ShowArgs),
    /// Show the outbox, or give up texts that wait in it
    ///
    /// The outbox has the texts that answer no message, such as nudges: those on
    /// their way, and those that were sent. Prints how many are in each state, and
    /// the age of the oldest. `ringback show` prints those of one person.
    Outbox(OutboxArgs),
    /// Bring the database up to date, and stop
    ///
    /// `serve` does so at the start; this command is for a deployment with a
    /// separate step for it. It only adds, so that the previous release keeps
    /// working.
    Migrate(MigrateArgs),
    /// Delete old messages, and stop
    ///
    /// It works in small bites with pauses between them, so it may run together
    /// with the service, and it may be stopped at any time. Sessions, opt-outs
    /// and ended conversations are kept. With `RETENTION`, `serve` does this by
    /// itself. If even the newest message is old, a clock may be ahead, and the
    /// command refuses.
    Prune(PruneArgs),
    /// Ask the running service whether it is alive
    ///
    /// Calls `/healthz` on this machine at the port of `BIND`, for a container or a
    /// supervisor that has no other program to call it with. With `--ready` it calls
    /// `/readyz`, which also looks at the database. Exits with 1 if the service does
    /// not answer within five seconds, or answers that it is not well.
    Health(HealthArgs),
    /// Print the completions of a shell
    ///
    /// For example `ringback completions bash > /etc/bash_completion.d/ringback`,
    /// `ringback completions fish > ~/.config/fish/completions/ringback.fish`, or for
    /// zsh a file `_ringback` in a folder of `$fpath`. The Debian package has them.
    Completions(CompletionsArgs),
    /// Write the man pages into a folder
    ///
    /// One page for the whole, `ringback.1`, and one for each command, such as
    /// `ringback-check.1`. The folder is made if it does not exist, and pages of these
    /// names are replaced: `ringback man ~/.local/share/man/man1`. The Debian package
    /// has them.
    Man(ManArgs),
}

/// The arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The settings of the service.
    #[command(flatten)]
    pub server: ServerArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder; it is made if it does not exist
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// The arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = DOCTOR_EXIT_CODES)]
pub struct DoctorArgs {
    /// The settings of the service.
    #[command(flatten)]
    pub server: ServerArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The flows to check.
    #[command(flatten)]
    pub flows: FlowsArgument,
    /// The database with the people who would begin again.
    #[command(flatten)]
    pub against: AgainstArgument,
    /// Words that a flow should not use.
    #[command(flatten)]
    pub opt_out: OptOutArgs,
    /// Fail on warnings, too
    #[arg(long)]
    pub strict: bool,
    /// How to print the result: for people, or for programs
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    /// Print what each text costs in SMS segments, at least and at worst
    #[arg(long)]
    pub segments: bool,
    /// Name every step and branch that no chat file takes; with a number, fail below that many percent
    #[arg(
        long,
        value_name = "PERCENT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "0",
        value_parser = clap::value_parser!(u8).range(0..=100)
    )]
    pub coverage: Option<u8>,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code of a finding, as in `unknown-target`
    #[arg(value_parser = explain::code)]
    pub code: Option<Code>,
}

/// The arguments of `chat`.
#[derive(Debug, Args)]
pub struct ChatArgs {
    /// The flows to talk to.
    #[command(flatten)]
    pub flows: FlowsArgument,
    /// Show after each message the rule that matched, the way, the state, the variables and the segments
    #[arg(long)]
    pub trace: bool,
    /// Write the conversation to a chat file
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
}

/// The arguments of `diagram`.
#[derive(Debug, Args)]
pub struct DiagramArgs {
    /// The flows to draw.
    #[command(flatten)]
    pub flows: FlowsArgument,
    /// Which of several flows to draw
    #[arg(long, value_name = "NAME")]
    pub flow: Option<String>,
    /// Print a page of Markdown with every flow
    #[arg(long)]
    pub markdown: bool,
    /// Print an SVG file
    #[arg(long, conflicts_with = "markdown")]
    pub svg: bool,
}

/// The arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Print the schema of language files (`NAME.LANG.yaml`) instead
    #[arg(long)]
    pub language: bool,
}

/// The arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The phone number, as in `+14155552671`, or another address, as in `messenger:1234`
    #[arg(value_parser = sender)]
    pub number: Sender,
    /// The database to look in.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

fn sender(text: &str) -> Result<Sender, String> {
    if url::is_address(text) || text.contains("://") {
        return Err("this is the address of a server or database".to_owned());
    }
    Sender::from_address(text).map_err(|error| error.to_string())
}

/// The arguments of `outbox`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct OutboxArgs {
    #[expect(missing_docs, reason = "each says it itself")]
    #[command(subcommand)]
    pub command: Option<OutboxCommand>,
    /// The database to look in.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The commands of `outbox`.
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// Give up old texts that wait
    ///
    /// They are never sent, and stay in the database as `dropped` until they are
    /// pruned. Only texts in the state `pending` are given up. The next text of
    /// the same person is then sent, if it is younger. It works in small bites, so
    /// it may run together with the service, and it may be stopped at any time.
    Drop(DropArgs),
}

/// The arguments of `outbox drop`.
#[derive(Debug, Args)]
pub struct DropArgs {
    /// The age of the texts to give up.
    #[command(flatten)]
    pub age: WaitingArgument,
    /// The database.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The arguments of `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    /// The database to update.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The arguments of `prune`.
#[derive(Debug, Args)]
pub struct PruneArgs {
    /// The age of the messages to delete.
    #[command(flatten)]
    pub age: OlderThanArgument,
    /// Delete even if every message is old according to the clock
    #[arg(long)]
    pub trust_clock: bool,
    /// The database.
    #[command(flatten)]
    pub store: StoreArgs,
    /// The settings of the log.
    #[command(flatten)]
    pub log: LogArgs,
}

/// The arguments of `health`.
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Ask whether the service can answer a message now, which needs the database
    #[arg(long)]
    pub ready: bool,
    /// The address of the service.
    #[command(flatten)]
    pub bind: BindArgs,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder for the pages
    pub folder: PathBuf,
}

impl Cli {
    /// Returns the command that was given, or `serve`.
    #[must_use]
    pub fn into_command(self) -> Command {
        self.command.unwrap_or_else(|| Command::Serve(Box::new(self.serve)))
    }
}
