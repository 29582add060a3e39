//! Where the server listens.

use std::net::SocketAddr;

use clap::Args;

use super::setting::{SettingError, given};

/// `BIND` as it was given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server")]
pub struct HttpArgs {
    /// The address and port to listen on
    ///
    /// `127.0.0.1` is reached from this machine only; `0.0.0.0` from everywhere.
    /// With port 0 the system picks a free one.
    #[arg(
        long,
        env = "BIND",
        hide_env_values = true,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:5000"
    )]
    pub bind: String,
    /// A second address, where `/metrics` tells figures to Prometheus; without it none are kept
    ///
    /// It is apart from `BIND`, which the world may reach. The figures hold
    /// counts and times, nothing of people.
    #[arg(long, env = "METRICS_BIND", hide_env_values = true, value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<String>,
}

impl HttpArgs {
    /// The address to listen on.
    pub fn bind(&self) -> Result<SocketAddr, SettingError> {
        address("BIND", &self.bind)
    }

    /// The address for figures, if there is one.
    pub fn metrics_bind(&self) -> Result<Option<SocketAddr>, SettingError> {
        self.metrics_bind.as_deref().map(|text| address("METRICS_BIND", text)).transpose()
    }
}

fn address(name: &'static str, text: &str) -> Result<SocketAddr, SettingError> {
    let text = given(name, text)?;
    text.parse().map_err(|_| {
        SettingError::new(
            name,
            format!("is not an IP address with a port: `{text}`"),
            format!(
                "write for example `{name}=127.0.0.1:5000`, `{name}=0.0.0.0:5000` or `{name}=[::1]:5000`; host names are not looked up"
            ),
        )
    })
}
