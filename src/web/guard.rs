//! Admits requests to the phone page only from the person who has its key.
//!
//! A person who uses the page can write as anyone. A request must therefore
//! bring the [key](super::key). It must also not be sent by another site's
//! page, since the browser might add the person's cookie to it. The host that a
//! request names, and the way it took, prove nothing: an editor or a container
//! may forward the port under a name of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};

use super::key::Lock;

/// Headers of every answer. Scripts and styles are loaded from this service
/// only, and only as files, so that text that became markup could still not
/// run.
const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    /// The request has no key, or the key of another start.
    #[error(
        "Open the link that Ringback printed when it started: it holds the key to this page, \
         which is new at each start."
    )]
    NoKey,
    /// Another site's page sent the request.
    #[error(
        "Another site's page sent this request, or a proxy changed its `Host`: open this page by \
         its own address."
    )]
    CrossSite,
}

/// The way in which a request is admitted.
enum Entry {
    /// The link with the key.
    Link,
    /// The cookie that the link set.
    Cookie,
}

/// Returns the same routes, for requests with the key.
pub fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>, lock: Lock) -> Router<S> {
    let lock = Arc::new(lock);
    // `route_layer`, because `layer` would also wrap the fallback of the
    // router that this one is merged into.
    router.route_layer(middleware::from_fn(move |request, next| {
        let lock = Arc::clone(&lock);
        async move { guard(&lock, request, next).await }
    }))
}

/// Lets requests of our own page pass, and adds the security headers to every answer.
async fn guard(lock: &Lock, request: Request, next: Next) -> Response {
    let mut response = match check(lock, &request) {
        Ok(Entry::Cookie) => next.run(request).await,
        Ok(Entry::Link) => lock.open(request.uri()),
        Err(refusal) => {
            tracing::debug!(reason = %refusal, "refused a request to the phone page");
            refuse(refusal, &request)
        }
    };
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(lock: &Lock, request: &Request) -> Result<Entry, Refusal> {
    if is_for_page(request)
        && let Some(fits) = lock.fits_link(request.uri())
    {
        return if fits { Ok(Entry::Link) } else { Err(Refusal::NoKey) };
    }
    if !lock.fits_cookies(request.headers()) {
        return Err(Refusal::NoKey);
    }
    if is_own_site(request) { Ok(Entry::Cookie) } else { Err(Refusal::CrossSite) }
}

fn refuse(refusal: Refusal, request: &Request) -> Response {
    if !is_for_page(request) {
        return (StatusCode::FORBIDDEN, format!("{refusal}\n")).into_response();
    }
    let page = Html(format!(include_str!("refused.html"), refusal));
    let mut response = (StatusCode::FORBIDDEN, page).into_response();
    // A browser sends no `SameSite=Strict` cookie with a link that a person
    // followed from another site, for example from a chat. If our own answer
    // asks it to load the page again, it does; it then does not say that a
    // person did it, so this happens only once.
    let headers = request.headers();
    if is_followed_link(request)
        && fetch_metadata(headers, "sec-fetch-site") == Some("cross-site")
        && fetch_metadata(headers, "sec-fetch-user") == Some("?1")
    {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("0"));
    }
    response
}

fn is_for_page(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && request.uri().path() == "/"
}

/// Returns whether our own page, or the person directly, made the browser send this.
fn is_own_site(request: &Request) -> bool {
    let headers = request.headers();
    match fetch_metadata(headers, "sec-fetch-site") {
        // A browser says so, under whatever host a forwarder serves the page.
        Some("same-origin") => true,
        // The person, or a browser that does not say.
        Some("none") | None => is_own_origin(headers),
        Some(_) => is_followed_link(request),
    }
}

/// Returns whether `Origin` names the requested host, or is absent. The scheme
/// may be that of a forwarder.
fn is_own_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = only(headers, &header::ORIGIN) else { return true };
    let Some(host) = only(headers, &header::HOST).and_then(Result::ok) else { return false };
    let named = origin.ok().and_then(|origin| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
    });
    named.is_some_and(|named| named.eq_ignore_ascii_case(host))
}

/// Returns whether a person followed a link to the page. It then opens as a
/// page of its own, nothing is submitted, and the site with the link learns
/// nothing.
fn is_followed_link(request: &Request) -> bool {
    is_for_page(request)
        && fetch_metadata(request.headers(), "sec-fetch-mode") == Some("navigate")
        && fetch_metadata(request.headers(), "sec-fetch-dest") == Some("document")
}

fn fetch_metadata<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    only(headers, &HeaderName::from_static(name)).map(|value| value.unwrap_or("unreadable"))
}

/// Returns a header's value; an error if it has several values, or one that is not text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Result<&'a str, ()>> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    Some(match values.next() {
        None => first.to_str().map_err(drop),
        Some(_) => Err(()),
    })
}
