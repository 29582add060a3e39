//! The key to the phone page: only the person who started Ringback has it.
//!
//! The origin of a request proves nothing. Other users of this machine reach
//! the page as its owner does, and a proxy, a tunnel or `ssh -R` makes a
//! stranger look like either. So each start makes a key and logs a link with
//! it. Opening the link puts the key into a cookie and redirects to the same
//! address without it, so that no history and no bookmark keeps it.

use std::net::SocketAddr;

use axum::http::header::{self, HeaderMap};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use crate::bot::number_hash::random_key;

/// The parameter of the link that holds the key.
const PARAMETER: &str = "key";

/// The key to the phone page of one start.
#[derive(Clone, Debug)]
pub struct Key(SecretString);

impl Key {
    /// Returns a key that nobody knows yet.
    pub fn random() -> Self {
        Self(random_key().into())
    }

    /// Returns the link that opens the page, only for the log at the start.
    #[must_use]
    pub fn link(&self, address: SocketAddr) -> String {
        format!("http://{address}/?{PARAMETER}={}", self.0.expose_secret())
    }

    fn is(&self, text: &[u8]) -> bool {
        self.0.expose_secret().as_bytes().ct_eq(text).into()
    }
}

/// A key and the cookie in which browsers send it.
#[derive(Debug)]
pub struct Lock {
    key: Key,
    /// All ports of a host share its cookies, so the name includes the port.
    cookie: String,
}

impl Lock {
    /// Returns the lock of the page that is served at this address.
    pub fn new(key: Key, address: SocketAddr) -> Self {
        Self { key, cookie: format!("ringback_{}", address.port()) }
    }

    /// Returns whether the link that was opened has the right key; `None` if it has no key.
    pub(super) fn fits_link(&self, uri: &Uri) -> Option<bool> {
        let mut keys = parameters(uri).filter(|(name, _)| *name == PARAMETER);
        let (_, first) = keys.next()?;
        let value = first.split_once('=').map_or("", |(_, value)| value);
        Some(keys.next().is_none() && self.key.is(value.as_bytes()))
    }

    /// Returns whether one of the cookies is the right one. Another server of
    /// this host may have set a cookie of the same name, which must not keep
    /// the person out.
    pub fn fits_cookies(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(header::COOKIE)
            .iter()
            .flat_map(|cookies| cookies.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|cookie| cookie.trim_ascii().strip_prefix(self.cookie.as_bytes()))
            .filter_map(|rest| rest.strip_prefix(b"="))
            .any(|value| self.key.is(value))
    }

    /// Sets the cookie, and redirects to the same address without the key.
    pub(super) fn open(&self, uri: &Uri) -> Response {
        let cookie = format!(
            "{}={}; HttpOnly; SameSite=Strict; Path=/",
            self.cookie,
            self.key.0.expose_secret()
        );
        let others: Vec<&str> =
            parameters(uri).filter(|(name, _)| *name != PARAMETER).map(|(_, all)| all).collect();
        let location =
            if others.is_empty() { "/".to_owned() } else { format!("/?{}", others.join("&")) };
        (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, location)])
            .into_response()
    }
}

/// Returns the name of each parameter of an address, and the whole parameter as written.
fn parameters(uri: &Uri) -> impl Iterator<Item = (&str, &str)> {
    uri.query()
        .unwrap_or_default()
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| (parameter.split('=').next().unwrap_or_default(), parameter))
}
