//! One request: the connection, the form, the answer.
//!
//! Connections are kept for a short time, since the handshake of TLS would
//! otherwise cost more than the request. The client follows no redirect,
//! repeats nothing, decompresses nothing and ignores the proxies of the
//! environment. Nothing of its errors is kept: they name the whole URL.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::{Body, Response, Url};
use secrecy::ExposeSecret as _;
use tokio::time::{Instant, timeout_at};

use super::body::WitnessedBody;
use crate::outbound::bare;
use crate::outbound::causes::causes;
use crate::outbound::trust::{Trust, TrustError};
use crate::twilio::rest::answer;
use crate::twilio::rest::api_url::ApiUrl;
use crate::twilio::rest::credentials::Credentials;
use crate::twilio::rest::outcome::{Doubt, NotSent, Outcome};
use crate::twilio::rest::text::TextForm;

/// The largest body of an answer; the API's have two kilobytes.
const LARGEST_ANSWER: usize = 64 * 1024;

/// How long a connection is kept that nobody uses. A request on a connection
/// that the provider closes at that moment is lost to nobody's knowledge, so it
/// is much shorter than servers wait.
const IDLE: Duration = Duration::from_secs(5);

/// How long a request waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a connection: the name, TCP and TLS.
    pub connection: Duration,
    /// For everything.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connection: Duration::from_secs(5), whole: Duration::from_secs(20) }
    }
}

/// Sends texts of one account. How many are under way at the same time is the
/// caller's to limit.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: Url,
    limits: Limits,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The authorities that it is to believe cannot be used.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The HTTP client cannot be made.
    #[error("the client for the provider's API cannot be prepared")]
    NotBuilt,
}

impl Client {
    /// Makes a client for this account at this address.
    pub fn new(
        api: &ApiUrl,
        credentials: &Credentials,
        trust: Trust,
        limits: Limits,
    ) -> Result<Self, ClientError> {
        let http = bare::client(trust.config()?, limits.connection)
            .default_headers(headers(credentials)?)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(|_| ClientError::NotBuilt)?;
        Ok(Self { http, url: api.messages(credentials.account()), limits })
    }

    /// Sends a text, and returns when its time is over at the latest. If the
    /// future is dropped, nobody knows whether the text was sent.
    pub async fn send(&self, text: &TextForm) -> Outcome {
        let deadline = Instant::now() + self.limits.whole;
        let (body, witness) = WitnessedBody::new(text.as_bytes());
        let request = self.http.post(self.url.clone()).body(Body::wrap(body));
        let response = match timeout_at(deadline, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if witness.revoke() => return Outcome::NotSent(not_sent(&error)),
            Ok(Err(error)) => return Outcome::Unknown(doubt(&error)),
            Err(_) if witness.revoke() => return Outcome::NotSent(NotSent::NoConnection),
            Err(_) => return Outcome::Unknown(Doubt::NoAnswer),
        };
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).cloned();
        let retry_after = retry_after.as_ref().and_then(|value| value.to_str().ok());
        // The status is there already, and counts even if the body does not come.
        let body = timeout_at(deadline, read(response)).await.ok().flatten();
        answer::read(status, retry_after, body.as_deref())
    }
}

fn headers(credentials: &Credentials) -> Result<HeaderMap, ClientError> {
    let authorization = HeaderValue::from_str(credentials.authorization().expose_secret());
    let mut authorization = authorization.map_err(|_| ClientError::NotBuilt)?;
    authorization.set_sensitive(true);
    Ok(HeaderMap::from_iter([
        (AUTHORIZATION, authorization),
        (ACCEPT, HeaderValue::from_static("application/json")),
        (ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
    ]))
}

/// Reads the body of an answer; `None` if it does not end, or not soon enough.
async fn read(mut response: Response) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if chunk.len() > LARGEST_ANSWER - body.len() {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body)
}

/// Says why a request that was never handed over was not.
fn not_sent(error: &reqwest::Error) -> NotSent {
    if causes(error).any(<dyn Error>::is::<rustls::Error>) {
        NotSent::Tls
    } else if error.is_dns() {
        NotSent::NoAddress
    } else {
        NotSent::NoConnection
    }
}

/// Says why nothing is known of a request that was handed over.
fn doubt(error: &reqwest::Error) -> Doubt {
    match causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse() => Doubt::Unreadable,
        _ => Doubt::Lost,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;
    use crate::twilio::rest::text::{From, Text};

    /// A resolver that knows no name. The system's own would ask the network.
    struct Nowhere;

    impl Resolve for Nowhere {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::ready(Err("nobody has this name".into())))
        }
    }

    #[tokio::test]
    async fn a_host_without_an_address_was_not_reached() {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(Trust::public().config().unwrap())
            .no_proxy()
            .dns_resolver(Nowhere)
            .build()
            .unwrap();
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://api.example.com").parse().unwrap();
            let client = Client { http: http.clone(), url, limits: Limits::default() };
            let text = Text {
                to: "+15005550001",
                from: From::Address("+15005550006"),
                body: "Hi",
                media: &[],
                status_callback: None,
                validity: None,
            };
            let outcome = client.send(&text.form().unwrap()).await;
            assert_eq!(outcome, Outcome::NotSent(NotSent::NoAddress), "{scheme}");
        }
    }
}
