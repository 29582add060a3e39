//! One request that a person makes by hand, and its answer, for the commands
//! that look at a service from outside.
//!
//! The connection is made for the request. It follows no redirect, repeats
//! nothing, decompresses nothing, and ignores the proxies of the environment.
//! It goes wherever the URL says: that is the person's to decide. Nothing of
//! the client's own errors is kept, since they name the whole URL.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response};
use rustls::{CertificateError, Error as TlsError};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::outbound::bare;
use crate::outbound::causes::causes;
use crate::outbound::trust::Trust;

/// The largest body of an answer.
pub const LARGEST_ANSWER: usize = 1024 * 1024;

/// A request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Where it goes.
    pub url: &'a Url,
    /// Its headers.
    pub headers: &'a [(&'static str, &'a str)],
    /// The body of a POST; a request without one is a GET.
    pub body: Option<Vec<u8>>,
    /// How long everything may take.
    pub limit: Duration,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Its name.
    pub reason: &'static str,
    headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// How long it took from the beginning to the last byte.
    pub took: Duration,
}

impl Answer {
    /// Returns the value of a header, if there is one that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The request cannot be made.
    #[error("the request cannot be made")]
    NotBuilt,
    /// The name of the host has no address.
    #[error("the name of the host cannot be resolved")]
    NoAddress,
    /// Nobody listens there.
    #[error("the connection is refused")]
    Refused,
    /// There is no connection.
    #[error("there is no connection")]
    NoConnection,
    /// The certificate has expired, or is not valid yet.
    #[error("the certificate of the server has expired, or is not valid yet")]
    Expired,
    /// The certificate is for another name.
    #[error("the certificate of the server is for another name")]
    OtherName,
    /// The certificate is of an authority that is not known.
    #[error("the certificate of the server is of an authority that is not known")]
    UnknownAuthority,
    /// The server does not speak TLS, or not in a form that is understood.
    #[error("the server does not speak TLS as it should")]
    Tls,
    /// The time limit passed first.
    #[error("there is no whole answer in time")]
    Late,
    /// The connection ended before the answer was complete.
    #[error("the connection ended before the answer was complete")]
    Broken,
    /// The answer is not HTTP.
    #[error("the answer is not HTTP")]
    NoHttp,
    /// The body is larger than [`LARGEST_ANSWER`], or there are too many headers.
    #[error("the answer is larger than {} MiB", LARGEST_ANSWER / 1024 / 1024)]
    TooLarge,
}

impl Failure {
    /// Returns whether the server could not prove who it is.
    #[must_use]
    pub fn is_tls(self) -> bool {
        matches!(self, Self::Expired | Self::OtherName | Self::UnknownAuthority | Self::Tls)
    }
}

/// Makes the request, and returns when its time is over at the latest.
pub async fn ask(request: Request<'_>) -> Result<Answer, Failure> {
    let begin = Instant::now();
    let deadline = begin + request.limit;
    let client = client(request.limit)?;
    let method = if request.body.is_some() { Method::POST } else { Method::GET };
    let mut builder = client.request(method, request.url.clone()).headers(headers(&request)?);
    if let Some(body) = request.body {
        builder = builder.body(body);
    }
    let response = match timeout_at(deadline, builder.send()).await {
        Ok(response) => response.map_err(|error| failure(&error))?,
        Err(_) => return Err(Failure::Late),
    };
    let status = response.status();
    let headers = response.headers().clone();
    let body = timeout_at(deadline, read(response)).await.map_err(|_| Failure::Late)??;
    Ok(Answer {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default(),
        headers,
        body,
        took: begin.elapsed(),
    })
}

fn client(limit: Duration) -> Result<Client, Failure> {
    let tls = Trust::public().config().map_err(|_| Failure::NotBuilt)?;
    let client = bare::client(tls, limit).pool_max_idle_per_host(0);
    client.build().map_err(|_| Failure::NotBuilt)
}

fn headers(request: &Request<'_>) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    for (name, value) in request.headers {
        let value = HeaderValue::from_str(value).map_err(|_| Failure::NotBuilt)?;
        headers.insert(HeaderName::from_static(name), value);
    }
    Ok(headers)
}

async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if chunk.len() > LARGEST_ANSWER - body.len() {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Sorts an error of the client by what a person can do about it.
fn failure(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        return Failure::NotBuilt;
    }
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<TlsError>()) {
        return tls(error);
    }
    if error.is_timeout() {
        return Failure::Late;
    }
    if error.is_dns() {
        return Failure::NoAddress;
    }
    if error.is_connect() {
        let is_refused = |cause: &(dyn Error + 'static)| {
            let error = cause.downcast_ref::<io::Error>();
            error.is_some_and(|error| error.kind() == ErrorKind::ConnectionRefused)
        };
        return if causes(error).any(is_refused) {
            Failure::Refused
        } else {
            Failure::NoConnection
        };
    }
    match causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse_too_large() => Failure::TooLarge,
        Some(error) if error.is_parse() => Failure::NoHttp,
        _ => Failure::Broken,
    }
}

fn tls(error: &TlsError) -> Failure {
    let TlsError::InvalidCertificate(error) = error else { return Failure::Tls };
    match error {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Failure::Expired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Failure::OtherName
        }
        _ => Failure::UnknownAuthority,
    }
}
