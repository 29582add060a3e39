//! The list of hosts that may be called although their addresses are not public.
//!
//! An entry is compared with what a URL says, and never with an address that a
//! name resolves to: `127.0.0.1:9000` does not admit `localhost:9000`.

use std::str::FromStr;

use thiserror::Error;
use url::Host;

use super::target::Target;

/// Hosts that may be called although their addresses are not public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallHosts(Vec<Entry>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    host: Host,
    /// The port of the URL's scheme, if there is none.
    port: Option<u16>,
}

/// Why a text is not a list of hosts. The position counts entries from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CallHostsError {
    /// Nothing between two commas, or nothing at all.
    #[error("has nothing at entry {0}")]
    Empty(usize),
    /// A host that no URL could name.
    #[error("has no valid host at entry {0}")]
    Host(usize),
    /// A port that is not from 1 to 65535.
    #[error("has no valid port at entry {0}")]
    Port(usize),
    /// An IPv6 address whose end cannot be told from a port.
    #[error("has an IPv6 address without brackets at entry {0}")]
    Brackets(usize),
}

impl CallHosts {
    /// Says whether an entry names the host and port of a call.
    pub fn name(&self, target: &Target) -> bool {
        let host = bare(target.host());
        self.0.iter().any(|entry| {
            bare(&entry.host) == host
                && entry.port.map_or(target.has_own_port(), |port| port == target.port())
        })
    }
}

/// Returns a host without the final dot of a complete name.
fn bare(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name.strip_suffix('.').unwrap_or(name)),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

impl FromStr for CallHosts {
    type Err = CallHostsError;

    /// Reads entries `host`, `host:port`, `[IPv6]` and `[IPv6]:port`, separated
    /// by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let entries = text.split(',').zip(1..).map(|(entry, at)| read(entry.trim(), at));
        entries.collect::<Result<_, _>>().map(Self)
    }
}

fn read(entry: &str, at: usize) -> Result<Entry, CallHostsError> {
    if entry.is_empty() {
        return Err(CallHostsError::Empty(at));
    }
    let (host, port) = parts(entry);
    if !host.starts_with('[') && host.contains(':') {
        return Err(CallHostsError::Brackets(at));
    }
    let port = port.map(|port| read_port(port).ok_or(CallHostsError::Port(at))).transpose()?;
    let host = Host::parse(host).ok().filter(can_be_named).ok_or(CallHostsError::Host(at))?;
    Ok(Entry { host, port })
}

/// Splits an entry at the colon before its port, which is not inside brackets.
fn parts(entry: &str) -> (&str, Option<&str>) {
    match entry.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (entry, None),
    }
}

fn read_port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten().filter(|port| *port != 0)
}

/// Refuses names like `*.internal`, which a URL may have, but nobody means.
fn can_be_named(host: &Host) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !matches!(host, Host::Domain(name) if !name.bytes().all(is_usual))
}
