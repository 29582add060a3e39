//! The phone page as a browser asks for it: its link first, then with the cookie
//! that the link gave.

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};

use super::plain;

/// A client that brings this cookie, uses no proxy, and follows no redirect.
pub(crate) fn with_cookie(cookie: &str) -> Client {
    with_headers([(header::COOKIE, cookie)])
}

/// The same without a cookie, as a stranger.
pub(crate) fn stranger() -> Client {
    with_headers([])
}

fn with_headers<const N: usize>(headers: [(HeaderName, &str); N]) -> Client {
    let headers: HeaderMap =
        headers.into_iter().map(|(name, value)| (name, value.parse().unwrap())).collect();
    plain::client().redirect(Policy::none()).default_headers(headers).build().unwrap()
}

/// The cookie that this link gives, as `name=value`.
pub(crate) async fn cookie_of(link: &str) -> String {
    let answer = stranger().get(link).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// A client for which the link was opened.
pub(crate) async fn opened_by(link: &str) -> Client {
    with_cookie(&cookie_of(link).await)
}
