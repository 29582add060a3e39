//! The HTTP calls of flows: where they may go, and their secrets.
//!
//! Flows name their secrets, so these have no arguments: each is the variable
//! `SECRET_` and its name.

use std::env;

use clap::Args;
use secrecy::SecretString;

use super::setting::{SettingError, empty, given};
use crate::calls::secrets::Secrets;
use crate::outbound::hosts::CallHosts;

/// What the names of the variables begin with that hold secrets.
const PREFIX: &str = "SECRET_";

/// The settings of calls as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Calls")]
pub struct CallArgs {
    /// Hosts that flows may call although their addresses are not public
    ///
    /// A list: `shop.internal:8080,127.0.0.1:9000`. Without a port, an entry is for
    /// that of the scheme. Secrets of calls are the variables `SECRET_<NAME>`, by
    /// the names in `secrets` of the flow.
    #[arg(long, env = "CALL_HOSTS", hide_env_values = true, value_name = "HOSTS")]
    pub call_hosts: Option<String>,
}

/// How calls are made.
#[derive(Clone, Debug)]
pub struct CallSettings {
    /// The hosts that may be called although their addresses are not public.
    pub hosts: CallHosts,
    /// The secrets that flows may name.
    pub secrets: Secrets,
}

impl CallArgs {
    /// Returns the settings, with the secrets of the environment.
    pub fn settings(&self) -> Result<CallSettings, SettingError> {
        const NAME: &str = "CALL_HOSTS";
        let hosts = match &self.call_hosts {
            None => CallHosts::default(),
            Some(text) => given(NAME, text)?.parse().map_err(|error| {
                let hint = format!("write it as `{NAME}=shop.internal:8080,127.0.0.1:9000`");
                SettingError::new(NAME, format!("{error}"), hint)
            })?,
        };
        Ok(CallSettings { hosts, secrets: secrets()? })
    }
}

/// Returns the secrets in the environment.
#[expect(clippy::disallowed_methods, reason = "only the flows know which secrets there are")]
fn secrets() -> Result<Secrets, SettingError> {
    let variables = env::vars_os().filter_map(|(variable, value)| {
        let variable = variable.into_string().ok()?;
        let name = variable.strip_prefix(PREFIX)?.to_owned();
        Some((variable, name, value))
    });
    variables
        .map(|(variable, name, value)| {
            let value = value.into_string().map_err(|_| {
                SettingError::new(variable.as_str(), "is not UTF-8", "write it again as text")
            })?;
            // A line end is no part of a secret that came from a file.
            let value = value.trim();
            if value.is_empty() {
                return Err(empty(&variable));
            }
            Ok((name, SecretString::from(value)))
        })
        .collect()
}
