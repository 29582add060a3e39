//! What is measured, for how long, and where the result goes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measures the service over loopback with signed webhooks, and beside it what
/// a user would build instead. Run by `scripts/bench`, which starts the servers.
#[derive(Clone, Debug, Parser)]
pub(crate) struct Args {
    /// Shows that everything works, in seconds; the figures mean little
    #[arg(long)]
    pub(crate) quick: bool,

    /// Numbers of connections, each a closed loop
    #[arg(long, value_delimiter = ',', value_name = "N,…")]
    pub(crate) connections: Vec<usize>,

    /// Databases; those whose server is named in the environment by default
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    pub(crate) database: Vec<Database>,

    /// What a user would build instead; none by default
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    pub(crate) peers: Vec<Subject>,

    /// Measures only these
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    pub(crate) only: Vec<Subject>,

    /// Measures the service alone, by turns on tables that hold so many people and messages
    #[arg(long, value_delimiter = ',', value_name = "ROWS,…", conflicts_with_all = ["peers", "only"])]
    pub(crate) filled: Vec<u64>,

    /// Measures the service alone, in a scene in which it does something by itself
    #[arg(long, value_name = "SCENE", conflicts_with_all = ["peers", "only", "filled"])]
    pub(crate) acting: Option<Acting>,

    /// How many people wait or are due, or how many calls there are [default: 1000000, 100000, 256]
    #[arg(long, value_name = "N", requires = "acting")]
    pub(crate) people: Option<u64>,

    /// Another build of the service, which `--acting speed` measures as well
    #[arg(long, value_name = "FILE", requires = "acting")]
    pub(crate) against: Option<PathBuf>,

    /// How often each is measured, in turns [default: 3; quick: 1]
    #[arg(long, value_name = "N")]
    pub(crate) rounds: Option<u32>,

    /// How long each is measured [default: 10; quick: 1]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) measure: Option<Duration>,

    /// How long each runs before that [default: 3; quick: 0.3]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) warm_up: Option<Duration>,

    /// `RUST_LOG` of the service, as JSON lines that nobody reads
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    pub(crate) log: String,

    /// Keeps what is measured's standard error in this folder, instead of nowhere
    #[arg(long, value_name = "FOLDER")]
    pub(crate) logs: Option<PathBuf>,

    /// Writes every measurement here as well
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// A MariaDB server, `mysql://user:password@host:port/`, whose account may create databases
    #[arg(long, env = "BENCH_MARIADB_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) mariadb_url: Option<String>,

    /// The same, with a binary log
    #[arg(long, env = "BENCH_MARIADB_BINLOG_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) mariadb_binlog_url: Option<String>,

    /// A MySQL server
    #[arg(long, env = "BENCH_MYSQL_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) mysql_url: Option<String>,

    /// Where the peers are installed
    #[arg(long, env = "BENCH_PEERS_FOLDER", value_name = "FOLDER")]
    pub(crate) peers_folder: Option<PathBuf>,

    /// What cargo says to every bench
    #[arg(long, hide = true)]
    bench: bool,
}

/// Where messages are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    Sqlite,
    Mariadb,
    MariadbBinlog,
    Mysql,
}

/// What the service does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Acting {
    /// Nothing yet: what an inbound message costs, without and with nudges.
    Speed,
    /// People wait to be reminded, later.
    Waiting,
    /// People are reminded, all at once.
    Due,
    /// Calls are under way.
    Calls,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// The service.
    Ringback,
    /// Flask, gunicorn, mysql-connector, the official SDK.
    Flask,
    /// Express, mysql2, the official SDK.
    Express,
    /// axum and sqlx, one transaction per message.
    Axum,
    /// The service's HTTP and signature path: requests that end before the database.
    Http,
    /// The service's store with no HTTP, as many messages in a batch as there were connections.
    Store,
}

impl Subject {
    /// Whether it is what a user would build instead.
    pub(crate) fn is_peer(self) -> bool {
        matches!(self, Self::Flask | Self::Express | Self::Axum)
    }
}

/// The name that the command line and the report use.
pub(crate) fn name(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|name| name.get_name().to_owned()).unwrap_or_default()
}

impl Args {
    /// The numbers of connections.
    pub(crate) fn connections(&self) -> Vec<usize> {
        match (self.connections.is_empty(), self.quick) {
            // Nobody writes.
            _ if self.acting == Some(Acting::Waiting) => vec![0],
            (false, _) => self.connections.clone(),
            (true, _) if matches!(self.acting, Some(Acting::Due | Acting::Calls)) => vec![64],
            (true, true) => vec![1, 16],
            (true, false) => vec![1, 16, 64, 256],
        }
    }

    /// The databases: those that were asked for, else all that there are.
    pub(crate) fn databases(&self) -> Vec<Database> {
        if !self.database.is_empty() {
            return self.database.clone();
        }
        let all = Database::value_variants().iter().copied();
        all.filter(|&database| database == Database::Sqlite || self.server(database).is_some())
            .collect()
    }

    /// The server of a database; none for `SQLite`.
    pub(crate) fn server(&self, database: Database) -> Option<&str> {
        match database {
            Database::Sqlite => None,
            Database::Mariadb => self.mariadb_url.as_deref(),
            Database::MariadbBinlog => self.mariadb_binlog_url.as_deref(),
            Database::Mysql => self.mysql_url.as_deref(),
        }
    }

    /// What is measured, in the order of a round.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let wanted = |subject: &Subject| {
            if self.only.is_empty() {
                !subject.is_peer() || self.peers.contains(subject)
            } else {
                self.only.contains(subject)
            }
        };
        Subject::value_variants().iter().copied().filter(wanted).collect()
    }

    /// How often each is measured.
    pub(crate) fn rounds(&self) -> u32 {
        self.rounds.unwrap_or(if self.quick { 1 } else { 3 })
    }

    /// How long each is measured.
    pub(crate) fn measure(&self) -> Duration {
        let default = if self.quick { 1 } else { 10 };
        self.measure.unwrap_or(Duration::from_secs(default))
    }

    /// How long each runs before that.
    pub(crate) fn warm_up(&self) -> Duration {
        let default = if self.quick { 300 } else { 3_000 };
        self.warm_up.unwrap_or(Duration::from_millis(default))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "is no number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
