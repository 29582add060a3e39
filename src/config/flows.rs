//! The setting for the flows.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::setting::{SettingError, empty, misplaced};
use crate::store::url;

/// `FLOWS` as it was given to the server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Conversations")]
pub struct FlowsArgs {
    /// A flow file, or a folder of them; the default is the built-in flow `favorite-song`
    #[arg(long, env = "FLOWS", hide_env_values = true, value_name = "PATH")]
    pub flows: Option<OsString>,
}

impl FlowsArgs {
    /// Returns the path of the flows; `None` means the built-in flow.
    pub fn flows(&self) -> Result<Option<PathBuf>, SettingError> {
        path(self.flows.as_ref())
    }
}

/// `FLOWS` as the subject of a command: `check FLOWS`, `chat FLOWS`.
#[derive(Clone, Debug, Args)]
pub struct FlowsArgument {
    /// A flow file, or a folder of them; the default is the built-in flow `favorite-song`
    #[arg(env = "FLOWS", hide_env_values = true, value_name = "FLOWS")]
    pub flows: Option<OsString>,
}

impl FlowsArgument {
    /// Returns the path of the flows; `None` means the built-in flow.
    pub fn flows(&self) -> Result<Option<PathBuf>, SettingError> {
        path(self.flows.as_ref())
    }
}

fn path(flows: Option<&OsString>) -> Result<Option<PathBuf>, SettingError> {
    match flows {
        Some(path) if path.is_empty() => Err(empty("FLOWS")),
        Some(path) if url::is_address(&path.to_string_lossy()) => Err(misplaced("FLOWS")),
        path => Ok(path.map(PathBuf::from)),
    }
}
