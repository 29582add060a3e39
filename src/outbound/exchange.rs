//! One attempt: a connection of its own, one request, one answer.
//!
//! The HTTP client is made for the attempt, and its resolver knows nothing but
//! the addresses that were judged. It follows no redirect, keeps no cookie and
//! no connection, decompresses nothing, and ignores the proxies of the
//! environment.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Response;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderName, TRANSFER_ENCODING};
use rustls::ClientConfig;

use super::bare;
use super::causes::causes;
use super::outcome::{Outcome, Reason};
use super::request::Prepared;

/// The largest body of an answer.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The resolver of one attempt: the addresses that were judged, whatever the
/// question is.
struct Judged(Vec<SocketAddr>);

impl Resolve for Judged {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// Sends a request to one of these addresses, and returns the answer when its
/// headers are there.
pub(super) async fn send(
    request: &Prepared,
    addresses: Vec<SocketAddr>,
    tls: &ClientConfig,
    longest_connection: Duration,
) -> Result<Response, Reason> {
    let client = bare::client(tls.clone(), longest_connection)
        .dns_resolver(Judged(addresses))
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|_| Reason::NotBuilt)?;
    let mut builder = client
        .request(request.method.clone(), request.url.clone())
        .headers(request.headers.clone());
    if let Some(content) = &request.content {
        builder = builder.body(content.clone());
    }
    builder.send().await.map_err(|error| reason(&error))
}

/// Reads an answer to its end, if it is one that may be used.
pub(super) async fn read(mut response: Response) -> Result<Outcome, Reason> {
    if response.status().is_informational() {
        return Err(Reason::BadAnswer);
    }
    if is_encoded(response.headers()) {
        return Err(Reason::Encoded);
    }
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |length| length > LARGEST_ANSWER) {
        return Err(Reason::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        if chunk.len() > LARGEST_ANSWER - body.len() {
            return Err(Reason::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Outcome::Answered { status: response.status().as_u16(), body })
}

/// Says whether a body is compressed, by either header.
fn is_encoded(headers: &HeaderMap) -> bool {
    has_other(headers, &CONTENT_ENCODING, "identity")
        || has_other(headers, &TRANSFER_ENCODING, "chunked")
}

/// Says whether a list in headers has a word other than this one.
fn has_other(headers: &HeaderMap, name: &HeaderName, plain: &str) -> bool {
    headers.get_all(name).iter().any(|value| {
        let words = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        words.filter(|word| !word.is_empty()).any(|w| !w.eq_ignore_ascii_case(plain.as_bytes()))
    })
}

/// Sorts an error of the HTTP client. Nothing of its text is kept: it names the
/// whole URL.
fn reason(error: &reqwest::Error) -> Reason {
    if error.is_builder() {
        return Reason::NotBuilt;
    }
    if causes(error).any(<dyn Error>::is::<rustls::Error>) {
        return Reason::Tls;
    }
    if error.is_connect() {
        return Reason::NoConnection;
    }
    match causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse_too_large() => Reason::TooLarge,
        Some(error) if error.is_parse() => Reason::BadAnswer,
        _ => Reason::NoAnswer,
    }
}
