//! A layer that shows the requests of its routes to a watcher: the phone page.
//!
//! The layer exists only if the page is served; elsewhere no request is copied. It
//! changes neither a request nor an answer. It copies the part of a body that a
//! route reads, up to a limit, while the route reads it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use jiff::Timestamp;
use tokio_stream::StreamExt as _;

use super::notes::{Notes, Verdict};
use crate::telemetry::Outcome;
use crate::twilio::signature::SIGNATURE_HEADER;

/// How much of a body is copied, in bytes.
pub const MAX_COPY: usize = 16 * 1024;

/// The paths below which others call routes of ours.
const PATHS: [&str; 2] = ["/webhooks", "/callbacks"];

/// The mark of a request that the phone page made itself: an extension of the
/// request, which nobody outside this process can set.
#[derive(Clone, Copy, Debug)]
pub struct OfPage;

/// A request that was answered, with its answer.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When it arrived.
    pub at: Timestamp,
    /// Its method.
    pub method: Method,
    /// Its path and query, as they came.
    pub target: String,
    /// Its headers, with whatever secrets they hold.
    pub headers: HeaderMap,
    /// Whether the page made it itself.
    pub is_of_page: bool,
    /// The part of its body that the route read.
    pub body: Copied,
    /// The verdict on its signature, if that was examined.
    pub verdict: Option<Verdict>,
    /// What became of the message, if the request was taken as a message.
    pub outcome: Option<Outcome>,
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub answer_headers: HeaderMap,
    /// The body of the answer.
    pub answer: Copied,
    /// How long the answer took.
    pub took: Duration,
}

/// The beginning of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Its first bytes, at most [`MAX_COPY`].
    pub bytes: Vec<u8>,
    /// How many bytes there were in all.
    pub length: usize,
}

impl Copied {
    fn add(&mut self, bytes: &[u8]) {
        let room = MAX_COPY.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.length += bytes.len();
    }

    /// Returns whether the end is missing.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.bytes.len() < self.length
    }
}

/// Somebody who watches requests.
pub trait Watcher: Send + Sync {
    /// Takes note of a request, and returns its number.
    fn saw(&self, seen: Seen) -> u64;
}

/// The number of a request that was seen: an extension of its answer, which stays
/// in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenAs(pub u64);

/// Returns the same routes, watched.
pub fn watched(router: Router, watcher: Arc<dyn Watcher>) -> Router {
    router.layer(middleware::from_fn(move |request, next| {
        let watcher = Arc::clone(&watcher);
        async move { watch(&*watcher, request, next).await }
    }))
}

/// Answers a request, and shows it.
async fn watch(watcher: &dyn Watcher, mut request: Request, next: Next) -> Response {
    if !is_shown(&request) {
        return next.run(request).await;
    }
    let (at, began) = (Timestamp::now(), Instant::now());
    let notes = Notes::default();
    request.extensions_mut().insert(notes.clone());
    let is_of_page = request.extensions().get::<OfPage>().is_some();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let copy = Arc::new(Mutex::new(Copied::default()));
    let request = request.map(|body| copied_into(body, Arc::clone(&copy)));
    let (mut parts, body) = next.run(request).await.into_parts();
    let took = began.elapsed();
    // The answers of these routes are whole and in memory already.
    let answer = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut answer_copy = Copied::default();
    answer_copy.add(&answer);
    let body = copy.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let number = watcher.saw(Seen {
        at,
        method,
        target,
        headers,
        is_of_page,
        body,
        verdict: notes.verdict(),
        outcome: parts.extensions.get().copied(),
        status: parts.status,
        answer_headers: parts.headers.clone(),
        answer: answer_copy,
        took,
    });
    parts.extensions.insert(SeenAs(number));
    Response::from_parts(parts, Body::from(answer))
}

/// Returns whether a request is for one of our routes, or may be meant for one. The
/// log goes by the same signs.
fn is_shown(request: &Request) -> bool {
    PATHS.iter().any(|path| request.uri().path().starts_with(path))
        || request.method() == Method::POST
        || request.headers().contains_key(SIGNATURE_HEADER)
}

/// Returns the same body. Its beginning is copied while it is read.
fn copied_into(body: Body, copy: Arc<Mutex<Copied>>) -> Body {
    Body::from_stream(body.into_data_stream().map(move |frame: Result<Bytes, axum::Error>| {
        if let Ok(bytes) = &frame {
            copy.lock().unwrap_or_else(PoisonError::into_inner).add(bytes);
        }
        frame
    }))
}
