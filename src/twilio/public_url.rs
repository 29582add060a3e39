//! The address at which the provider calls the service, as configured in its console.
//!
//! Twilio signs the URL *as configured there*, not as a proxy passes it on. The
//! URL is therefore a setting and never taken from request headers. Case and
//! port are kept as written. [`signature`](super::signature) compares it with a
//! request.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// The path of the message webhook.
pub const WEBHOOK_PATH: &str = "/webhooks/twilio";

/// The path of the status callbacks.
pub const STATUS_PATH: &str = "/webhooks/twilio/status";

/// What stands before the name of a callback in its path.
pub const CALLBACKS_PATH: &str = "/callbacks/";

/// Makes Twilio repeat a failed delivery: two retries, on connection time-out,
/// read time-out and 5xx (Twilio docs, "Webhooks connection overrides"). The
/// signature does not cover a fragment.
pub(super) const RETRIES: &str = "#rc=2&rp=ct,rt,5xx";

/// The scheme, the host, the port if any, and the path prefix that a proxy strips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: String,
    host: String,
    port: Option<u16>,
    prefix: String,
}

/// Why a text is not a [`PublicUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// No `http://` or `https://`.
    #[error("must begin with https:// or http://, such as https://bot.example.com")]
    Scheme,
    /// `user:password@`.
    #[error("must not hold a user name or password; Twilio leaves them out of what it signs")]
    UserInfo,
    /// A `?` or `#`.
    #[error("must not hold a query or fragment; write only scheme, host, port and path prefix")]
    Query,
    /// No host.
    #[error("has no host; write it as https://bot.example.com")]
    NoHost,
    /// A host that is neither a host name nor an IP address.
    #[error(
        "has a host that is neither a name of ASCII letters, digits, hyphens and dots (write \
         others as xn--…) nor an IP address"
    )]
    Host,
    /// A host name with `_`.
    #[error("has a host with an underscore, which Twilio refuses to call")]
    Underscore,
    /// A port that is not a number from 1 to 65535.
    #[error("has a port that is not a number from 1 to 65535")]
    Port,
    /// A path with a space, a control character or a character outside ASCII.
    #[error("has a path with a character that must be percent-encoded")]
    Path,
    /// The webhook's own path at the end.
    #[error("must not hold the path {WEBHOOK_PATH} itself; Ringback adds it")]
    WebhookPath,
}

impl PublicUrl {
    /// Returns the address at which this machine reaches a server bound to
    /// `address`.
    #[must_use]
    pub fn of_bind(address: SocketAddr) -> Self {
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let host = match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let port = Some(address.port());
        Self { scheme: "http".to_owned(), host, port, prefix: String::new() }
    }

    /// Returns the URL of a request that arrived with this raw path and query.
    pub(super) fn url_for(&self, path_and_query: &str) -> String {
        format!("{self}{path_and_query}")
    }

    /// Returns the URL of the message webhook.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        self.url_for(WEBHOOK_PATH)
    }

    /// Returns the URL to paste into the provider's console: the webhook's URL,
    /// with the fragment that makes Twilio repeat a failed delivery.
    #[must_use]
    pub fn console_url(&self) -> String {
        self.url_for(WEBHOOK_PATH) + RETRIES
    }

    /// Returns what stands before the name of a callback in its URL.
    #[must_use]
    pub fn callback_base(&self) -> String {
        self.url_for(CALLBACKS_PATH)
    }

    /// Returns the URL to which the statuses of a text are reported. Its query
    /// brings the text's number back, also where the answer to the request was
    /// lost. The fragment makes Twilio repeat a failed report.
    #[must_use]
    pub fn status_url(&self, id: i64) -> String {
        self.url_for(&format!("{STATUS_PATH}?m={id}")) + RETRIES
    }

    /// Returns whether only this machine can reach it.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        match host.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        }
    }

    /// Returns whether the scheme is `https`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
    }

    /// Returns the port as written, if there is one.
    pub(super) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the path prefix: empty, or with a leading and without a trailing `/`.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Returns the port that the scheme has if no port is written.
    pub(super) fn default_port(&self) -> u16 {
        if self.is_https() { 443 } else { 80 }
    }

    /// Returns the same URL with another port, or none.
    pub(super) fn with_port(&self, port: Option<u16>) -> Self {
        Self { port, ..self.clone() }
    }

    /// Returns the host as written.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Returns the same URL with another host, if that is a host.
    pub(super) fn with_host(&self, host: &str) -> Option<Self> {
        check_host(host).ok()?;
        Some(Self { host: host.to_owned(), ..self.clone() })
    }

    /// Returns the same URL with another path prefix, if that is a prefix.
    pub(super) fn with_prefix(&self, prefix: &str) -> Option<Self> {
        let bare = Self { prefix: String::new(), ..self.clone() };
        format!("{bare}{prefix}").parse().ok()
    }

    /// Returns the part by which this URL is most likely too long, if any: the
    /// first part of the path that is added to it.
    #[must_use]
    pub fn surplus(&self) -> Option<&str> {
        let (rest, last) = self.prefix.rsplit_once('/')?;
        let is_ours = last.eq_ignore_ascii_case("webhooks") || last.eq_ignore_ascii_case("webhook");
        self.prefix.get(rest.len()..).filter(|_| is_ours)
    }

    /// Returns the same URL with `http` instead of `https`, or the reverse.
    pub(super) fn with_other_scheme(&self) -> Self {
        let scheme = if self.is_https() { "http" } else { "https" };
        Self { scheme: scheme.to_owned(), ..self.clone() }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scheme, host, port, prefix } = self;
        write!(f, "{scheme}://{host}")?;
        if let Some(port) = port {
            write!(f, ":{port}")?;
        }
        f.write_str(prefix)
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(PublicUrlError::Scheme)?;
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(PublicUrlError::Scheme);
        }
        if rest.contains(['?', '#']) {
            return Err(PublicUrlError::Query);
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(PublicUrlError::UserInfo);
        }
        let (host, port) = split_port(authority);
        check_host(host)?;
        let port = port.map(parse_port).transpose()?;
        let prefix = path.trim_end_matches('/');
        if !prefix.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(PublicUrlError::Path);
        }
        if prefix.to_ascii_lowercase().ends_with(WEBHOOK_PATH) {
            return Err(PublicUrlError::WebhookPath);
        }
        Ok(Self {
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port,
            prefix: prefix.to_owned(),
        })
    }
}

/// Splits at the colon before the port, which is not a colon inside an IPv6 address.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn parse_port(text: &str) -> Result<u16, PublicUrlError> {
    let as_written = |port: &u16| *port > 0 && port.to_string() == text;
    text.parse().ok().filter(as_written).ok_or(PublicUrlError::Port)
}

fn check_host(host: &str) -> Result<(), PublicUrlError> {
    if host.is_empty() {
        return Err(PublicUrlError::NoHost);
    }
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().map(|_| ()).map_err(|_| PublicUrlError::Host);
    }
    if host.contains('_') {
        return Err(PublicUrlError::Underscore);
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if host.len() <= 253 && host.split('.').all(is_label) {
        Ok(())
    } else {
        Err(PublicUrlError::Host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_stay_as_written() {
        for text in [
            "https://bot.example.com",
            "http://127.0.0.1:5000",
            "https://MyCompany.com:443/prefix",
            "HTTP://MyCompany.com:1234",
            "https://[2001:db8::1]:8443/a/b",
            "https://[::1]",
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().to_string(), text);
        }
        let slash: PublicUrl = "https://bot.example.com/bots/".parse().unwrap();
        assert_eq!(slash.webhook_url(), "https://bot.example.com/bots/webhooks/twilio");
        assert_eq!(slash.url_for("/x?a=%20b"), "https://bot.example.com/bots/x?a=%20b");
        assert_eq!(
            slash.console_url(),
            "https://bot.example.com/bots/webhooks/twilio#rc=2&rp=ct,rt,5xx",
        );
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, error) in [
            ("", PublicUrlError::Scheme),
            ("bot.example.com", PublicUrlError::Scheme),
            ("ftp://bot.example.com", PublicUrlError::Scheme),
            ("https://", PublicUrlError::NoHost),
            ("https:///path", PublicUrlError::NoHost),
            ("https://:443", PublicUrlError::NoHost),
            ("https://me:secret@bot.example.com", PublicUrlError::UserInfo),
            ("https://bot.example.com?x=1", PublicUrlError::Query),
            ("https://bot.example.com/#rc=2", PublicUrlError::Query),
            ("https://my_bot.example.com", PublicUrlError::Underscore),
            ("https://bot..example.com", PublicUrlError::Host),
            ("https://böt.example.com", PublicUrlError::Host),
            ("https://bot example.com", PublicUrlError::Host),
            ("https://::1", PublicUrlError::Host),
            ("https://[::1", PublicUrlError::Host),
            ("https://[bot]", PublicUrlError::Host),
            ("https://bot.example.com:", PublicUrlError::Port),
            ("https://bot.example.com:0", PublicUrlError::Port),
            ("https://bot.example.com:+80", PublicUrlError::Port),
            ("https://bot.example.com:080", PublicUrlError::Port),
            ("https://bot.example.com:65536", PublicUrlError::Port),
            ("https://bot.example.com/a b", PublicUrlError::Path),
            ("https://bot.example.com/webhooks/twilio", PublicUrlError::WebhookPath),
            ("https://bot.example.com/a/webhooks/twilio/", PublicUrlError::WebhookPath),
            ("https://bot.example.com/Webhooks/Twilio", PublicUrlError::WebhookPath),
        ] {
            assert_eq!(text.parse::<PublicUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn loopback_is_known_in_every_form() {
        for (text, loopback) in [
            ("http://127.0.0.1:5000", true),
            ("http://127.1.2.3", true),
            ("http://LocalHost:5000", true),
            ("http://bot.localhost", true),
            ("http://[::1]:5000", true),
            ("https://localhost.example.com", false),
            ("https://bot.example.com", false),
            ("http://192.168.0.1", false),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().is_loopback(), loopback, "{text}");
        }
    }

    #[test]
    fn a_bound_address_is_named_as_this_machine_reaches_it() {
        for (bind, url) in [
            ("127.0.0.1:5000", "http://127.0.0.1:5000"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:5000", "http://[::1]:5000"),
            ("192.0.2.7:5000", "http://192.0.2.7:5000"),
        ] {
            assert_eq!(PublicUrl::of_bind(bind.parse().unwrap()).to_string(), url);
        }
    }
}
