//! The host and port that a URL says.

use std::fmt;

use url::{Host, Url};

use super::outcome::Reason;

/// Where a call goes, as its URL says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    host: Host,
    port: u16,
    own_port: u16,
}

impl Target {
    /// Reads the host and port of a URL of a call.
    pub fn of(url: &Url) -> Result<Self, Reason> {
        let own_port = match url.scheme() {
            "http" => 80,
            "https" => 443,
            _ => return Err(Reason::BadUrl),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Reason::UserInfo);
        }
        let host = url.host().ok_or(Reason::BadUrl)?.to_owned();
        Ok(Self { host, port: url.port().unwrap_or(own_port), own_port })
    }

    /// Returns the host. A final dot of a name is kept: it says that the name is
    /// complete.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Says whether the port is that of the scheme.
    pub fn has_own_port(&self) -> bool {
        self.port == self.own_port
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}
