//! The hosts in an address such as `mysql://user:password@a:3306,b:3306/name`.
//!
//! Everything but the host and its port holds for all of them. The list is
//! taken apart into one address for each host, as if it stood there alone.

use std::collections::HashMap;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

/// The port of a host that names none.
const PORT: u16 = 3306;

/// One host of an address.
#[derive(Clone, Debug)]
pub struct Host {
    /// Host and port, as they may be shown: `db1:3306`, or `[::1]:3306`.
    pub name: String,
    address: SecretString,
}

impl Host {
    /// Returns the address of this host alone, with the password: for
    /// connecting, never for display.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.address.expose_secret()
    }
}

/// Why a text is not a list of hosts. Hosts are named by their number, since what
/// is malformed may be a part of the password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HostListError {
    /// Nothing before, between or behind commas.
    #[error("names no host as number {0} of its list")]
    Empty(usize),
    /// A port that is not a number from 1 to 65535.
    #[error("has a port that is not a number from 1 to 65535, for host number {0} of its list")]
    Port(usize),
    /// A host that is neither a name nor an address.
    #[error("has something that is not a host as number {0} of its list")]
    Host(usize),
    /// The same host and port twice.
    #[error("names the same host twice, as number {0} and number {1} of its list")]
    Twice(usize, usize),
    /// A user beside each host.
    #[error("names a user for more than one host of its list")]
    Users,
    /// A Unix socket, which is that of one server.
    #[error("names a `socket` for several hosts")]
    Socket,
}

impl HostListError {
    /// Says what to write instead.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty(_) | Self::Port(_) | Self::Host(_) => {
                "write each host once with its port, with commas and no spaces between them, as in \
                 `mysql://user:password@db1:3306,db2:3306/database`; an IPv6 address stands in brackets"
            }
            Self::Twice(..) => {
                "write each host once, the one that is to be used first at the beginning"
            }
            Self::Users => {
                "write user and password once, before the first host: all hosts take the same ones"
            }
            Self::Socket => "leave out `socket`, or name one host only",
        }
    }
}

/// Returns the hosts of a list with commas; `None` for an address of one host.
pub(in crate::store) fn hosts(text: &str) -> Option<Result<Vec<Host>, HostListError>> {
    let (scheme, rest) = text.split_once("://")?;
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, list) = match authority.rsplit_once('@') {
        Some((user, list)) => (Some(user), list),
        None => (None, authority),
    };
    if user.is_some_and(repeats) {
        return Some(Err(HostListError::Users));
    }
    if !list.contains(',') {
        return None;
    }
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let alone = |host: &str| format!("{scheme}://{user}{host}{tail}");
    Some(each(list, alone))
}

/// Returns whether what stands before the last host is
/// `user:password@host,user:password`.
fn repeats(user: &str) -> bool {
    user.rsplit_once(',').is_some_and(|(first, last)| {
        first.strip_prefix(last).is_some_and(|rest| rest.starts_with('@'))
    })
}

fn each(list: &str, alone: impl Fn(&str) -> String) -> Result<Vec<Host>, HostListError> {
    let mut hosts = Vec::new();
    let mut seen = HashMap::new();
    for (number, text) in (1..).zip(list.split(',')) {
        let (host, port) = parts(text, number)?;
        // What this host shares with all others is checked with the whole address.
        let url =
            Url::parse(&format!("mysql://{host}")).map_err(|_| HostListError::Host(number))?;
        let host = url.host_str().ok_or(HostListError::Empty(number))?;
        let name = format!("{host}:{port}");
        if let Some(first) = seen.insert(name.to_ascii_lowercase(), number) {
            return Err(HostListError::Twice(first, number));
        }
        hosts.push(Host { address: SecretString::from(alone(&name)), name });
    }
    Ok(hosts)
}

/// Returns a host of the list and its port.
fn parts(text: &str, number: usize) -> Result<(&str, u16), HostListError> {
    let end = text.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match text[end..].split_once(':') {
        Some((name, port)) => (&text[..end + name.len()], Some(port)),
        None => (text, None),
    };
    if host.is_empty() {
        return Err(HostListError::Empty(number));
    }
    let Some(port) = port else { return Ok((host, PORT)) };
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    let port = port.parse().ok().filter(|port| is_number && *port != 0);
    Ok((host, port.ok_or(HostListError::Port(number))?))
}

/// Returns the only host of an address.
pub(in crate::store) fn only(text: &str, url: &Url) -> Host {
    let host = url.host_str().unwrap_or_default();
    let name = format!("{host}:{}", url.port().unwrap_or(PORT));
    Host { name, address: SecretString::from(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_becomes_one_address_for_each_host() {
        for (text, names, first) in [
            (
                "mysql://bot:s3cr%40t@a:3306,b:3307/ringback?ssl-mode=REQUIRED",
                &["a:3306", "b:3307"] as &[&str],
                "mysql://bot:s3cr%40t@a:3306/ringback?ssl-mode=REQUIRED",
            ),
            ("mysql://a,b,c/x", &["a:3306", "b:3306", "c:3306"], "mysql://a:3306/x"),
            (
                "mysql://u@[::1],[fe80::2]:3307,10.0.0.1/x",
                &["[::1]:3306", "[fe80::2]:3307", "10.0.0.1:3306"],
                "mysql://u@[::1]:3306/x",
            ),
            // A comma in the password does not make a list, and changes nothing before one.
            ("mysql://u:a,b@c:1,d/x", &["c:1", "d:3306"], "mysql://u:a,b@c:1/x"),
            ("mysql://u:a@b@c:1,d/x", &["c:1", "d:3306"], "mysql://u:a@b@c:1/x"),
        ] {
            let hosts = hosts(text).unwrap().unwrap();
            let found: Vec<_> = hosts.iter().map(|host| host.name.as_str()).collect();
            assert_eq!(found, names, "{text}");
            assert_eq!(hosts[0].expose(), first);
            assert!(!format!("{hosts:?}").contains("s3cr"), "{hosts:?}");
        }
    }

    #[test]
    fn one_host_is_no_list() {
        for text in [
            "mysql://a/x",
            "mysql://u:p,q@a:3306/x",
            "mysql://u:p@a/x,y",
            "mysql://u:p@a/x?ssl-ca=a,b",
            "mysql://u:p#q@a,b/x",
            "mysql:a,b",
            "",
        ] {
            assert!(hosts(text).is_none(), "{text}");
        }
    }

    #[test]
    fn bad_lists_are_refused_by_the_number_of_the_host() {
        for (text, expected) in [
            ("mysql://s3cret@,b/x", HostListError::Empty(1)),
            ("mysql://s3cret@a,/x", HostListError::Empty(2)),
            ("mysql://s3cret@a,,c/x", HostListError::Empty(2)),
            ("mysql://s3cret@a,:3306/x", HostListError::Empty(2)),
            ("mysql://s3cret@a:,b/x", HostListError::Port(1)),
            ("mysql://s3cret@a,b:0/x", HostListError::Port(2)),
            ("mysql://s3cret@a,b:65536/x", HostListError::Port(2)),
            ("mysql://s3cret@a,b:+1/x", HostListError::Port(2)),
            ("mysql://s3cret@a,b:port/x", HostListError::Port(2)),
            ("mysql://s3cret@a,::1/x", HostListError::Empty(2)),
            ("mysql://s3cret@a,[::1/x", HostListError::Port(2)),
            ("mysql://s3cret@a,[1]/x", HostListError::Host(2)),
            ("mysql://s3cret@a, b/x", HostListError::Host(2)),
            ("mysql://s3cret@a,b,A/x", HostListError::Twice(1, 3)),
            ("mysql://s3cret@a:3306,b,a/x", HostListError::Twice(1, 3)),
            ("mysql://s3cret@[::1],[0:0::1]/x", HostListError::Twice(1, 2)),
            ("mysql://u:s3cret@a,u:s3cret@b/x", HostListError::Users),
            ("mysql://u:s3cret@a:1,u:s3cret@b:1/x", HostListError::Users),
        ] {
            let error = hosts(text).unwrap().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!format!("{error} {}", error.hint()).contains("s3cr"), "{error}");
        }
    }
}
