//! The setting for the database.

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
    /// A SQLite file is created if it does not exist. MySQL and MariaDB are for
    /// production; their database must exist. Several hosts are separated by
    /// commas (`HOST:PORT,HOST:PORT`): the first that can be written to is used. Tables are created and updated at
    /// the start. If there is a password, prefer the variable to the flag:
    /// other users of the machine can read a command line.
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
    /// Returns the address of the database.
    pub fn database_url(&self) -> Result<DatabaseUrl, SettingError> {
        const NAME: &str = "DATABASE_URL";
        let text = filled(NAME, self.database_url.expose_secret())?;
        DatabaseUrl::parse(text)
            .map_err(|error| SettingError::new(NAME, error.to_string(), error.hint()))
    }
}

/// A database that `check` inspects. It is never taken from the environment: a
/// check of files alone should not contact a server.
#[derive(Clone, Debug, Args)]
pub struct AgainstArgument {
    /// Report who waits in this database and would begin again; it is only read
    ///
    /// For each place that no longer exists, it says how many people wait
    /// there, and what to write so that they can continue. No number is shown.
    /// Write the address as in `DATABASE_URL`.
    #[arg(long, value_name = "DATABASE_URL", value_parser = secret)]
    pub against: Option<SecretString>,
}

impl AgainstArgument {
    /// Returns the address of the database, if any.
    pub fn database_url(&self) -> Result<Option<DatabaseUrl>, SettingError> {
        const NAME: &str = "--against";
        let Some(text) = &self.against else { return Ok(None) };
        DatabaseUrl::parse(text.expose_secret().trim())
            .map(Some)
            .map_err(|error| SettingError::new(NAME, error.to_string(), error.hint()))
    }
}
