//! The setting for the flows.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::setting::{SettingError, empty, given, misplaced};
use crate::store::url;

/// `FLOWS` as it was given to the server.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Conversations")]
pub struct FlowsArgs {
    /// A flow file, or a folder of them; the default is the built-in flow `favorite-song`
    #[arg(long, env = "FLOWS", hide_env_values = true, value_name = "PATH")]
    pub flows: Option<OsString>,
    /// Whether flow files are read again when somebody saves them
    ///
    /// By default, they are where the phone page is served. Elsewhere, the
    /// service reads them again on SIGHUP.
    #[arg(long, env = "WATCH", hide_env_values = true, value_name = "on|off")]
    pub watch: Option<String>,
}

impl FlowsArgs {
    /// Returns the path of the flows; `None` means the built-in flow.
    pub fn flows(&self) -> Result<Option<PathBuf>, SettingError> {
        path(self.flows.as_ref())
    }

    /// Returns whether the files are watched, by default where the phone page is.
    pub fn watch(&self, has_page: bool) -> Result<bool, SettingError> {
        const NAME: &str = "WATCH";
        match self.watch.as_deref().map(|text| given(NAME, text)).transpose()? {
            None => Ok(has_page),
            Some("on") => Ok(true),
            Some("off") => Ok(false),
            Some(other) => Err(SettingError::new(
                NAME,
                format!("is `{other}`, which is neither `on` nor `off`"),
                "write `WATCH=on` or `WATCH=off`, or remove it",
            )),
        }
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
