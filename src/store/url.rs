//! The address of the database: the value of `DATABASE_URL`, checked before
//! anything connects.
//!
//! The scheme selects the database. The value contains a password, so it is
//! displayed as scheme, host and path only, and its errors never quote it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::hosts::list::{self, Host, HostListError};

/// The address of a database in which this program can keep its data.
#[derive(Clone)]
pub struct DatabaseUrl {
    backend: Backend,
    secret: SecretString,
    shown: String,
    /// The hosts, in the order in which they are tried; none if it is a file.
    hosts: Vec<Host>,
}

/// The kinds of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, a file.
    Sqlite,
    /// MySQL or MariaDB, a server.
    Mysql,
}

/// Why a text is not a [`DatabaseUrl`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DatabaseUrlError {
    /// Neither `sqlite:` nor `mysql:`, but something like it.
    #[error("has the scheme `{0}:`, but only `sqlite:` and `mysql:` are supported")]
    Scheme(String),
    /// Nothing like a scheme.
    #[error("has no scheme; `sqlite:` and `mysql:` are supported")]
    NoScheme,
    /// `sqlite:` and nothing, or a database in memory.
    #[error("names no file; a conversation must outlive a restart")]
    NoFile,
    /// `mysql:` followed by something that is not a URL.
    #[error("is not a valid URL: {0}")]
    Invalid(url::ParseError),
    /// `mysql:` without a host.
    #[error("names no host")]
    NoHost,
    /// `mysql:` without exactly one database.
    #[error("names no database")]
    NoDatabase,
    /// A parameter that would have no effect.
    #[error("has a parameter that is not known")]
    Parameter,
    /// `ssl-mode` with something other than a mode.
    #[error("has an unknown `ssl-mode`")]
    SslMode,
    /// A list of hosts that cannot be used.
    #[error(transparent)]
    Hosts(HostListError),
    /// `sqlite:` followed by several names.
    #[error("names several databases, but a SQLite database is one file")]
    FileList,
    /// `ssl-ca`, with a mode that checks no certificate.
    #[error("names an authority by `ssl-ca`, but its `ssl-mode` verifies nothing")]
    Unverified,
}

impl DatabaseUrlError {
    /// Says what to write instead.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Scheme(_) | Self::NoScheme => {
                "write `sqlite:ringback.db` for a file, or `mysql://user:password@host:3306/database` for MySQL or MariaDB"
            }
            Self::NoFile => "write a path after `sqlite:`, as in `sqlite:ringback.db`",
            Self::Invalid(_) => {
                "in a user name or password, percent-encode what has a meaning in URLs: `@` is `%40`, `:` is `%3A`, `/` is `%2F`, `#` is `%23`, `?` is `%3F`, `%` is `%25`"
            }
            Self::Hosts(error) => error.hint(),
            Self::FileList => {
                "write one path; a comma that belongs to it is `%2C`. Several hosts are for MySQL and MariaDB: \
                 `mysql://user:password@db1:3306,db2:3306/database`"
            }
            Self::Parameter => {
                "those of TLS are `ssl-mode`, `ssl-ca`, `ssl-cert` and `ssl-key`; beside them there is `socket`"
            }
            Self::SslMode => {
                "write `DISABLED`, `PREFERRED`, `REQUIRED`, `VERIFY_CA` or `VERIFY_IDENTITY`"
            }
            Self::Unverified => "write `ssl-mode=VERIFY_IDENTITY` (or `VERIFY_CA`) beside it",
            Self::NoHost | Self::NoDatabase => {
                "write `mysql://user:password@host:3306/database`, where the database exists already"
            }
        }
    }
}

impl DatabaseUrl {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let (backend, (shown, hosts)) = match scheme(text) {
            Some("sqlite") => (Backend::Sqlite, (sqlite(text)?, Vec::new())),
            Some("mysql") => (Backend::Mysql, mysql(text)?),
            // Without `//` it may as well be `user:password@host`: not quoted.
            Some(other) if text[other.len()..].starts_with("://") => {
                return Err(DatabaseUrlError::Scheme(other.to_owned()));
            }
            _ => return Err(DatabaseUrlError::NoScheme),
        };
        Ok(Self { backend, secret: SecretString::from(text), shown, hosts })
    }

    /// Returns the kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Returns the hosts, in the order in which they are tried; none if the
    /// database is a file.
    #[must_use]
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// Returns the whole address, including the password: for connecting, never
    /// for display.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseUrl").field(&self.shown).finish()
    }
}

/// Returns whether a text is meant as the address of a database, valid or not.
/// Where something else is expected, it contains a password that must not be
/// shown.
pub fn is_address(text: &str) -> bool {
    const OTHERS: [&str; 4] = ["mariadb", "postgres", "postgresql", "jdbc"];
    scheme(text.trim()).is_some_and(|scheme| {
        let scheme = scheme.to_ascii_lowercase();
        scheme == "mysql" || scheme == "sqlite" || OTHERS.contains(&scheme.as_str())
    })
}

/// Returns the part before the first colon, if it can be a scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(allowed))
        .then_some(scheme)
}

fn sqlite(text: &str) -> Result<String, DatabaseUrlError> {
    let (whole_path, parameters) = text.split_once('?').unwrap_or((text, ""));
    let path = whole_path.trim_start_matches("sqlite:").trim_start_matches("//");
    let in_memory = path == ":memory:" || parameters.split('&').any(|p| p == "mode=memory");
    if path.is_empty() || in_memory {
        return Err(DatabaseUrlError::NoFile);
    }
    if path.contains(',') {
        return Err(DatabaseUrlError::FileList);
    }
    Ok(whole_path.to_owned())
}

/// Returns what may be shown, and the hosts.
fn mysql(text: &str) -> Result<(String, Vec<Host>), DatabaseUrlError> {
    let Some(hosts) = list::hosts(text) else {
        let url = Url::parse(text).map_err(DatabaseUrlError::Invalid)?;
        let host =
            url.host_str().filter(|host| !host.is_empty()).ok_or(DatabaseUrlError::NoHost)?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let shown = format!("mysql://{host}{port}/{}", database(&url)?);
        check_parameters(&url)?;
        return Ok((shown, vec![list::only(text, &url)]));
    };
    let hosts = hosts.map_err(DatabaseUrlError::Hosts)?;
    let mut database_name = String::new();
    for host in &hosts {
        let url = Url::parse(host.expose()).map_err(DatabaseUrlError::Invalid)?;
        database(&url)?.clone_into(&mut database_name);
        check_parameters(&url)?;
        if url.query_pairs().any(|(name, _)| name == "socket") {
            return Err(DatabaseUrlError::Hosts(HostListError::Socket));
        }
    }
    let names: Vec<_> = hosts.iter().map(|host| host.name.as_str()).collect();
    Ok((format!("mysql://{}/{database_name}", names.join(",")), hosts))
}

fn database(url: &Url) -> Result<&str, DatabaseUrlError> {
    let database = url.path().trim_start_matches('/');
    if database.is_empty() || database.contains('/') {
        return Err(DatabaseUrlError::NoDatabase);
    }
    Ok(database)
}

/// The parameters that sqlx reads. It ignores any other, so a misspelt one
/// would leave a connection without the requested protection.
const PARAMETERS: [&str; 14] = [
    "ssl-mode",
    "sslmode",
    "ssl-ca",
    "sslca",
    "ssl-cert",
    "sslcert",
    "ssl-key",
    "sslkey",
    "socket",
    "charset",
    "collation",
    "timezone",
    "time-zone",
    "statement-cache-capacity",
];

fn check_parameters(url: &Url) -> Result<(), DatabaseUrlError> {
    let mut verifies = false;
    let mut names_authority = false;
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "ssl-mode" | "sslmode" => {
                verifies = match value.to_ascii_uppercase().as_str() {
                    "DISABLED" | "PREFERRED" | "REQUIRED" => false,
                    "VERIFY_CA" | "VERIFY_IDENTITY" => true,
                    _ => return Err(DatabaseUrlError::SslMode),
                };
            }
            "ssl-ca" | "sslca" => names_authority = true,
            name if PARAMETERS.contains(&name) => {}
            _ => return Err(DatabaseUrlError::Parameter),
        }
    }
    if names_authority && !verifies { Err(DatabaseUrlError::Unverified) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_scheme_host_and_path_only() {
        for (text, backend, shown) in [
            ("sqlite:ringback.db", Backend::Sqlite, "sqlite:ringback.db"),
            ("sqlite:///var/lib/ringback.db", Backend::Sqlite, "sqlite:///var/lib/ringback.db"),
            ("sqlite:ringback.db?vfs=unix", Backend::Sqlite, "sqlite:ringback.db"),
            ("mysql://bot:s3cret@db/ringback", Backend::Mysql, "mysql://db/ringback"),
            (
                "mysql://bot:s3cr%40t@db:3307/a?ssl-mode=verify_ca&ssl-ca=s3cret",
                Backend::Mysql,
                "mysql://db:3307/a",
            ),
            ("mysql://s3cret@[::1]:3307/a#s3cret", Backend::Mysql, "mysql://[::1]:3307/a"),
            ("mysql://bot:s3cret@db,[::1]:3307/a", Backend::Mysql, "mysql://db:3306,[::1]:3307/a"),
            ("sqlite:a%2Cb.db", Backend::Sqlite, "sqlite:a%2Cb.db"),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!((url.backend(), url.to_string().as_str()), (backend, shown), "{text}");
            assert_eq!(url.expose(), text);
            assert!(!format!("{url:?} {url}").contains("s3cr"), "{url:?}");
        }
    }

    #[test]
    fn refuses_the_rest_without_quoting_a_password() {
        for (text, expected) in [
            ("postgres://bot:s3cret@db/a", DatabaseUrlError::Scheme("postgres".to_owned())),
            ("mariadb://bot:s3cret@db/a", DatabaseUrlError::Scheme("mariadb".to_owned())),
            ("ringback.db", DatabaseUrlError::NoScheme),
            ("s3cret:s3cret@db/a", DatabaseUrlError::NoScheme),
            ("bot@db/a", DatabaseUrlError::NoScheme),
            ("://db/a", DatabaseUrlError::NoScheme),
            ("mysql://bot:s3cret@db/a?ssl_mode=REQUIRED", DatabaseUrlError::Parameter),
            ("mysql://bot:s3cret@db/a?SSL-MODE=REQUIRED", DatabaseUrlError::Parameter),
            ("mysql://bot:s3cret@db/a?ssl-mode=on", DatabaseUrlError::SslMode),
            ("mysql://bot:s3cret@db/a?ssl-mode=", DatabaseUrlError::SslMode),
            ("mysql://bot:s3cret@db/a?ssl-ca=a", DatabaseUrlError::Unverified),
            ("mysql://bot:s3cret@db/a?ssl-mode=REQUIRED&ssl-ca=a", DatabaseUrlError::Unverified),
            (
                "mysql://bot:s3cret@db/a?sslmode=VERIFY_CA&sslca=a&sslmode=x",
                DatabaseUrlError::SslMode,
            ),
            ("sqlite:", DatabaseUrlError::NoFile),
            ("sqlite://", DatabaseUrlError::NoFile),
            ("sqlite::memory:", DatabaseUrlError::NoFile),
            ("sqlite:a?mode=memory", DatabaseUrlError::NoFile),
            ("mysql://bot:s3#cret@db/a", DatabaseUrlError::Invalid(url::ParseError::InvalidPort)),
            ("mysql:a", DatabaseUrlError::NoHost),
            ("mysql:///a", DatabaseUrlError::NoHost),
            ("mysql://bot:s3cret@db", DatabaseUrlError::NoDatabase),
            ("mysql://bot:s3cret@db/a/b", DatabaseUrlError::NoDatabase),
            ("mysql://bot:s3cret@a,b", DatabaseUrlError::NoDatabase),
            ("mysql://bot:s3cret@a,b/x?hosts=2", DatabaseUrlError::Parameter),
            ("mysql://bot:s3cret@a,/x", DatabaseUrlError::Hosts(HostListError::Empty(2))),
            ("mysql://bot:s3cret@a,b/x?socket=/s", DatabaseUrlError::Hosts(HostListError::Socket)),
            ("sqlite:a.db,b.db", DatabaseUrlError::FileList),
            ("sqlite://s3cret@a,b/x", DatabaseUrlError::FileList),
        ] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!format!("{error} {}", error.hint()).contains("s3cr"), "{error}");
        }
    }
}
