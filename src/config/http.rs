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
    #[arg(long, env = "BIND", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:5000")]
    pub bind: String,
}

impl HttpArgs {
    /// The address to listen on.
    pub fn bind(&self) -> Result<SocketAddr, SettingError> {
        const NAME: &str = "BIND";
        let text = given(NAME, &self.bind)?;
        text.parse().map_err(|_| {
            SettingError::new(
                NAME,
                format!("is not an IP address with a port: `{text}`"),
                "write for example `BIND=127.0.0.1:5000`, `BIND=0.0.0.0:5000` or `BIND=[::1]:5000`; host names are not looked up",
            )
        })
    }
}
