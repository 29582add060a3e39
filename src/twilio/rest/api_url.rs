//! The address of the API: Twilio's own, a region's, or that of a provider
//! which speaks the same protocol.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The address of Twilio in its first region.
pub const DEFAULT: &str = "https://api.twilio.com";

/// Scheme, host, port and path prefix of the API.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiUrl(Url);

/// Why a text is not an [`ApiUrl`]. The text is not quoted, since it may hold a
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiUrlError {
    /// Not a URL with a host, or another scheme.
    #[error("must begin with https:// and a host, such as {DEFAULT}")]
    Form,
    /// `http` to another machine, which would show the credentials on the way.
    #[error("must begin with https://; http:// is only for this machine, such as 127.0.0.1")]
    Plain,
    /// `user:password@`.
    #[error("must not hold a user name or password; they are settings of their own")]
    UserInfo,
    /// A `?` or `#`.
    #[error("must not hold a query or fragment; write only scheme, host, port and path prefix")]
    Query,
}

impl ApiUrl {
    /// Returns the URL to which an account's texts are posted.
    #[must_use]
    pub fn messages(&self, account: &str) -> Url {
        let mut url = self.0.clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}/2010-04-01/Accounts/{account}/Messages.json"));
        url
    }

    /// Returns whether it is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }

    /// Returns the host as it may be logged.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// Shows the host only: a path prefix may hold a key.
impl fmt::Debug for ApiUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiUrl({})", self.host())
    }
}

impl FromStr for ApiUrl {
    type Err = ApiUrlError;

    fn from_str(text: &str) -> Result<Self, ApiUrlError> {
        let url: Url = text.parse().map_err(|_| ApiUrlError::Form)?;
        // What is written counts, since an empty query or user is invisible in a parsed URL.
        let authority = text.split_once("://").map_or("", |(_, rest)| rest);
        let authority = authority.split(['/', '\\', '?', '#']).next().unwrap_or_default();
        match (url.scheme(), url.host()) {
            ("http" | "https", Some(_)) if authority.is_empty() => Err(ApiUrlError::Form),
            ("http" | "https", Some(_)) if authority.contains('@') => Err(ApiUrlError::UserInfo),
            ("http" | "https", Some(_)) if text.contains(['?', '#']) => Err(ApiUrlError::Query),
            ("http", Some(host)) if !is_loopback(&host) => Err(ApiUrlError::Plain),
            ("http" | "https", Some(_)) => Ok(Self(url)),
            _ => Err(ApiUrlError::Form),
        }
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_posted_below_the_prefix() {
        for (given, expected) in [
            (DEFAULT, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"),
            (
                "https://space.example.com/api/laml/",
                "https://space.example.com/api/laml/2010-04-01/Accounts/AC1/Messages.json",
            ),
            ("http://127.0.0.1:81", "http://127.0.0.1:81/2010-04-01/Accounts/AC1/Messages.json"),
            ("http://[::1]:81/x", "http://[::1]:81/x/2010-04-01/Accounts/AC1/Messages.json"),
            ("HTTP://LocalHost", "http://localhost/2010-04-01/Accounts/AC1/Messages.json"),
        ] {
            let url: ApiUrl = given.parse().unwrap();
            assert_eq!(url.messages("AC1").as_str(), expected);
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, error) in [
            ("", ApiUrlError::Form),
            ("api.twilio.com", ApiUrlError::Form),
            ("https://", ApiUrlError::Form),
            ("https:///", ApiUrlError::Form),
            ("https:api.twilio.com", ApiUrlError::Form),
            ("ftp://api.twilio.com", ApiUrlError::Form),
            ("mailto:a@b", ApiUrlError::Form),
            ("http://api.twilio.com", ApiUrlError::Plain),
            ("http://10.0.0.1", ApiUrlError::Plain),
            ("http://0.0.0.0", ApiUrlError::Plain),
            ("http://localhost.example.com", ApiUrlError::Plain),
            ("http://127.0.0.1.example.com", ApiUrlError::Plain),
            ("https://me:secret@api.twilio.com", ApiUrlError::UserInfo),
            ("https://@api.twilio.com", ApiUrlError::UserInfo),
            ("http://localhost@api.twilio.com", ApiUrlError::UserInfo),
            ("https://api.twilio.com?x=1", ApiUrlError::Query),
            ("https://api.twilio.com/?", ApiUrlError::Query),
            ("https://api.twilio.com/#", ApiUrlError::Query),
        ] {
            assert_eq!(text.parse::<ApiUrl>(), Err(error), "{text}");
        }
    }

    #[test]
    fn debug_shows_the_host_only() {
        let url: ApiUrl = "https://api.example.com:81/s3cret".parse().unwrap();
        assert_eq!(format!("{url:?}"), "ApiUrl(api.example.com)");
    }
}
