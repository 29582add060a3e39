//! Where conversations are kept.

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::setting::{SettingError, filled, secret};
use crate::store::url::DatabaseUrl;

/// `DATABASE_URL` as it was given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Database")]
pub struct StoreArgs {
    /// The database: `sqlite:FILE`, or `mysql://USER:PASSWORD@HOST:PORT/DATABASE`
    ///
    /// A SQLite file is created if it is absent. MySQL and MariaDB are for
    /// production; the database must exist. Tables are made and brought up to
    /// date at start. Prefer the variable to the flag where there is a
    /// password: other users of the machine can read a command line.
    #[arg(
        long,
        env = "DATABASE_URL",
        value_name = "URL",
        default_value = "sqlite:ringback.db",
        hide_env_values = true,
        value_parser = secret
    )]
    pub database_url: SecretString,
}

impl StoreArgs {
    /// The database that is meant.
    pub fn database_url(&self) -> Result<DatabaseUrl, SettingError> {
        const NAME: &str = "DATABASE_URL";
        let text = filled(NAME, self.database_url.expose_secret())?;
        DatabaseUrl::parse(text)
            .map_err(|error| SettingError::new(NAME, error.to_string(), error.hint()))
    }
}

/// A database that `check` looks into. Never that of the environment: who only
/// checks files should not meet a server by the way.
#[derive(Clone, Debug, Args)]
pub struct AgainstArgument {
    /// Tell who waits in this database and would begin again; it is only read
    ///
    /// Of each place that is no more, how many people wait there, and what to
    /// write so that they go on. Nobody's number is shown. Write the address as
    /// in `DATABASE_URL`.
    #[arg(long, value_name = "DATABASE_URL", value_parser = secret)]
    pub against: Option<SecretString>,
}

impl AgainstArgument {
    /// The database that is meant, if any.
    pub fn database_url(&self) -> Result<Option<DatabaseUrl>, SettingError> {
        const NAME: &str = "--against";
        let Some(text) = &self.against else { return Ok(None) };
        DatabaseUrl::parse(text.expose_secret().trim())
            .map(Some)
            .map_err(|error| SettingError::new(NAME, error.to_string(), error.hint()))
    }
}
