//! The settings of the log; [`logging`](crate::logging) sets it up.

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::setting::{SettingError, given};

/// `LOG_FORMAT` and `RUST_LOG` as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Log")]
pub struct LogArgs {
    /// The format of log lines on standard error; by default `text` on a terminal, else `json`
    #[arg(long, env = "LOG_FORMAT", hide_env_values = true, value_name = "text|json")]
    pub log_format: Option<String>,
    /// The lines that are logged: `error`, `warn`, `info`, `debug` or `trace`, for all or by module
    ///
    /// For example `warn,ringback::http=debug`. Message text, phone numbers and
    /// tokens are logged at no level.
    #[arg(
        long,
        env = "RUST_LOG",
        hide_env_values = true,
        value_name = "FILTER",
        default_value = "info"
    )]
    pub rust_log: String,
}

/// The format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// The lines that are logged, and their format.
#[derive(Debug)]
pub struct LogSettings {
    /// The format of a line; `None` means that it depends on whether standard
    /// error is a terminal.
    pub format: Option<LogFormat>,
    /// Which lines are written.
    pub filter: EnvFilter,
}

impl LogArgs {
    /// Returns the settings of the log.
    pub fn settings(&self) -> Result<LogSettings, SettingError> {
        let format = self.log_format.as_deref().map(format).transpose()?;
        Ok(LogSettings { format, filter: filter(&self.rust_log)? })
    }
}

fn format(text: &str) -> Result<LogFormat, SettingError> {
    const NAME: &str = "LOG_FORMAT";
    match given(NAME, text)? {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(SettingError::new(
            NAME,
            format!("is `{other}`, which is not a format"),
            "write `LOG_FORMAT=text` or `LOG_FORMAT=json`",
        )),
    }
}

fn filter(text: &str) -> Result<EnvFilter, SettingError> {
    const NAME: &str = "RUST_LOG";
    let text = given(NAME, text)?;
    EnvFilter::builder().parse(text).map_err(|error| {
        SettingError::new(
            NAME,
            format!("is not a log filter: `{text}`: {error}"),
            "write a level, as in `RUST_LOG=debug`, or levels by module, as in `RUST_LOG=warn,ringback=debug`",
        )
    })
}
