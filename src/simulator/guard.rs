//! Who may use the simulator: the browser of the person at this machine.
//!
//! Whoever reaches it can write as anyone, so a request must name this machine
//! (a page elsewhere that had its name re-bound to 127.0.0.1 names itself),
//! must not have come through a proxy or tunnel, and must not come from
//! another site. That the service listens on loopback only is the start's to
//! see to.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Names by which every machine calls itself, beside the address listened on.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Headers that proxies and tunnels add. No browser sends one.
const FORWARDING: [&str; 10] = [
    "cdn-loop",
    "client-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-amzn-trace-id",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-real-ip",
    "x-rewrite-url",
];

/// Beginnings of further such headers.
const FORWARDING_FAMILIES: [&str; 11] = [
    "cf-",
    "fastly-",
    "fly-",
    "ngrok-",
    "tailscale-",
    "x-appengine-",
    "x-azure-",
    "x-envoy-",
    "x-forwarded",
    "x-ms-",
    "x-original-",
];

/// On every answer of the simulator's. Scripts and styles come from us alone
/// and only as files, so that text which became markup could still not run.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// It names another machine.
    #[error("this page answers on this machine only: open it as http://{address}/")]
    ForeignHost {
        /// Where we listen.
        address: SocketAddr,
    },
    /// It came through something.
    #[error(
        "this page answers on this machine only, and the request came through a proxy or a \
         tunnel: a header told so"
    )]
    Forwarded,
    /// Another site's page sent it.
    #[error("another site's page sent this request: open this page by its own address")]
    CrossSite,
}

/// Lets a request of our own page pass, and puts the security headers on every answer.
pub(super) async fn guard(address: SocketAddr, request: Request, next: Next) -> Response {
    let mut response = match check(address, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            tracing::debug!(reason = %refusal, "refused a request to the phone page");
            (StatusCode::FORBIDDEN, format!("{refusal}\n")).into_response()
        }
    };
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(address: SocketAddr, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    if headers.keys().any(is_forwarding) {
        return Err(Refusal::Forwarded);
    }
    let host = own_host(request, address).ok_or(Refusal::ForeignHost { address })?;
    if is_own_site(request, host) { Ok(()) } else { Err(Refusal::CrossSite) }
}

fn is_forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    FORWARDING.contains(&name) || FORWARDING_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// The one `Host` of the request, if it is a name of this machine and our port.
fn own_host(request: &Request, address: SocketAddr) -> Option<&str> {
    let host = only(request.headers(), &header::HOST)?.ok()?;
    // A request line may carry a host as well; then they must agree.
    if request.uri().authority().is_some_and(|authority| authority.as_str() != host) {
        return None;
    }
    let authority: Authority = host.parse().ok()?;
    let is_own = is_own_name(authority.host(), address.ip())
        && authority.port_u16().unwrap_or(80) == address.port()
        && !host.contains('@');
    is_own.then_some(host)
}

fn is_own_name(name: &str, listening: IpAddr) -> bool {
    let ip = name.trim_start_matches('[').trim_end_matches(']').parse();
    ip == Ok(listening) || OWN_NAMES.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// Whether our own page, or the person themselves, made the browser send this.
fn is_own_site(request: &Request, host: &str) -> bool {
    let headers = request.headers();
    let own_origin = match only(headers, &header::ORIGIN) {
        None => true,
        Some(origin) => origin.is_ok_and(|origin| {
            origin.strip_prefix("http://").is_some_and(|rest| rest.eq_ignore_ascii_case(host))
        }),
    };
    own_origin
        && match fetch_metadata(headers, "sec-fetch-site") {
            // Not a browser, or an old one, which `Origin` has judged.
            None | Some("same-origin" | "none") => true,
            Some(_) => is_followed_link(request),
        }
}

/// Whether a person followed a link to the page: it opens as a page of its
/// own, nothing is sent, and the site with the link learns nothing.
fn is_followed_link(request: &Request) -> bool {
    request.method() == Method::GET
        && request.uri().path() == "/"
        && fetch_metadata(request.headers(), "sec-fetch-mode") == Some("navigate")
        && fetch_metadata(request.headers(), "sec-fetch-dest") == Some("document")
}

fn fetch_metadata<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    only(headers, &HeaderName::from_static(name)).map(|value| value.unwrap_or("unreadable"))
}

/// A header's value; an error where it has several, or one that is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Result<&'a str, ()>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(match values.next() {
        None => first.to_str().map_err(drop),
        Some(_) => Err(()),
    })
}
