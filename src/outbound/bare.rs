//! An HTTP client that does nothing by itself: it follows no redirect, repeats
//! nothing, and ignores the proxies of the environment.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};
use rustls::ClientConfig;

/// Returns the beginning of such a client.
pub fn client(tls: ClientConfig, longest_connection: Duration) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .http1_only()
        .connect_timeout(longest_connection)
}
