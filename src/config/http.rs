//! The addresses on which the server listens.

use std::net::SocketAddr;

use clap::Args;

use super::setting::{SettingError, given};

/// `BIND` as it was given, to the service or to a command that calls it.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server")]
pub struct BindArgs {
    /// The address and port to listen on
    ///
    /// `127.0.0.1` can be reached only from this machine, `0.0.0.0` from everywhere.
    /// With port 0 the system picks a free one.
    #[arg(
        long,
        env = "BIND",
        hide_env_values = true,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:5000"
    )]
    pub bind: String,
}

/// The addresses as they were given.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Server")]
pub struct HttpArgs {
    #[expect(missing_docs, reason = "it says it itself")]
    #[command(flatten)]
    pub bind: BindArgs,
    /// A second address, which serves metrics to Prometheus at `/metrics`; by default there are
    /// none
    ///
    /// It is separate from `BIND`, which may be public. The metrics contain
    /// counts and times, and nothing about people.
    #[arg(long, env = "METRICS_BIND", hide_env_values = true, value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<String>,
}

impl BindArgs {
    /// Returns the address on which the service listens.
    pub fn address(&self) -> Result<SocketAddr, SettingError> {
        address("BIND", &self.bind)
    }
}

impl HttpArgs {
    /// Returns the address on which the service listens.
    pub fn bind(&self) -> Result<SocketAddr, SettingError> {
        self.bind.address()
    }

    /// Returns the address for metrics, if there is one.
    pub fn metrics_bind(&self) -> Result<Option<SocketAddr>, SettingError> {
        const NAME: &str = "METRICS_BIND";
        let Some(text) = &self.metrics_bind else { return Ok(None) };
        let own = address(NAME, text)?;
        if self.bind().is_ok_and(|bind| are_one(bind, own)) {
            return Err(SettingError::new(
                NAME,
                "has the port on which the service itself listens (`BIND`)",
                format!("write another one, as in `{NAME}=127.0.0.1:9464`"),
            ));
        }
        Ok(Some(own))
    }
}

/// Returns whether nobody can listen on both addresses.
fn are_one(one: SocketAddr, other: SocketAddr) -> bool {
    let is_same =
        one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && is_same
}

/// Reads an address with its port.
pub(super) fn address(name: &'static str, text: &str) -> Result<SocketAddr, SettingError> {
    let text = given(name, text)?;
    let port = if name == "METRICS_BIND" { 9464 } else { 5000 };
    text.parse().map_err(|_| {
        SettingError::new(
            name,
            format!("is not an IP address with a port: `{text}`"),
            format!(
                "write for example `{name}=127.0.0.1:{port}`, `{name}=0.0.0.0:{port}` or `{name}=[::1]:{port}`; host names are not looked up"
            ),
        )
    })
}
