//! The accept loop: connections with limits in number and time.
//!
//! A silent connection is closed after a while. If there are too many connections, the one that has
//! been idle longest makes room, so that a crowd of silent or slow strangers does not keep the real
//! sender out. [`http`](crate::http) limits the requests.

use std::collections::HashMap;
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::telemetry;

/// The most connections at a time. Twilio's load needs a few dozen.
const MAX_CONNECTIONS: u64 = 4_096;

/// File descriptors that are reserved for everything else.
const OTHER_FILES: u64 = 128;

/// How long a connection may take to send the head of a request, including the
/// time before its first byte.
const HEAD_WITHIN: Duration = Duration::from_secs(15);

/// The largest head of a request, and the limit on reading ahead.
const MAX_HEAD: usize = 32 * 1024;

/// A request that takes longer than any of our answers is kept open on purpose;
/// then its connection may make room, too.
const LONG_REQUEST: Duration = Duration::from_secs(3);

/// How long accepting pauses if the system has no room for another connection.
const REST: Duration = Duration::from_millis(50);

/// Accepts and serves until `stopping`, and then until the requests in progress
/// are answered.
pub(super) async fn serve(listener: TcpListener, router: Router, stopping: &CancellationToken) {
    let registry = Registry::new(room());
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => break,
        };
        match accepted {
            Ok((stream, _)) => {
                if let Some(place) = registry.enter() {
                    tasks.spawn(converse(stream, router.clone(), place, stopping.clone()));
                }
            }
            Err(error) => rest_after(&error).await,
        }
    }
    drop(listener);
    tasks.close();
    tasks.wait().await;
}

/// Returns the number of connections for which there is room: our maximum, or what the system
/// allows.
fn room() -> usize {
    let files = rlimit::increase_nofile_limit(MAX_CONNECTIONS + OTHER_FILES).unwrap_or(1_024);
    let room = MAX_CONNECTIONS.min(files.saturating_sub(OTHER_FILES)).max(16);
    usize::try_from(room).unwrap_or(usize::MAX)
}

/// Pauses after an error. A stranger who disconnected early is no reason for
/// it; a lack of file descriptors is, and passes.
async fn rest_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "no further connection can be accepted at the moment");
        tokio::time::sleep(REST).await;
    }
}

/// Serves one connection to its end.
async fn converse(stream: TcpStream, router: Router, place: Place, stopping: CancellationToken) {
    // Replies are small and complete; delaying them only costs.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let place = Arc::new(place);
    let service = {
        let place = Arc::clone(&place);
        hyper::service::service_fn(move |request: Request<Incoming>| {
            let busy = place.begin_request(request.body().is_end_stream());
            let request =
                request.map(|body| Body::new(Arriving { body, place: Arc::clone(&place) }));
            let answer = router.clone().oneshot(request);
            async move {
                let answer = answer.await;
                drop(busy);
                answer
            }
        })
    };
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = place.evicted.cancelled() => return,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Nearly always the client disconnected, or sent something other than HTTP.
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A request's body, which reports when it is complete. Until then its sender
/// keeps us waiting, and may have to make room like a silent one.
struct Arriving {
    body: Incoming,
    place: Arc<Place>,
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_ready() && self.body.is_end_stream() {
            self.place.mark(true);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The open connections.
#[derive(Debug)]
struct Registry {
    room: usize,
    places: Mutex<Places>,
}

#[derive(Debug, Default)]
struct Places {
    next: u64,
    taken: HashMap<u64, Taken>,
}

#[derive(Debug)]
struct Taken {
    /// The time since which it is busy, or idle.
    since: Instant,
    is_busy: bool,
    evicted: CancellationToken,
}

/// One connection's place, returned when it is dropped.
#[derive(Debug)]
struct Place {
    registry: Arc<Registry>,
    number: u64,
    evicted: CancellationToken,
}

/// A request in progress.
struct Busy(Arc<Place>);

impl Registry {
    fn new(room: usize) -> Arc<Self> {
        Arc::new(Self { room, places: Mutex::default() })
    }

    /// Returns a place for one more connection; `None` if all are busy.
    fn enter(self: &Arc<Self>) -> Option<Place> {
        let evicted = CancellationToken::new();
        let now = Instant::now();
        let number = self.with(|places| {
            if places.taken.len() >= self.room && !places.make_room(now) {
                return None;
            }
            places.next += 1;
            let taken = Taken { since: now, is_busy: false, evicted: evicted.clone() };
            places.taken.insert(places.next, taken);
            Some(places.next)
        })?;
        telemetry::connection_opened();
        Some(Place { registry: Arc::clone(self), number, evicted })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Places) -> T) -> T {
        act(&mut self.places.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Places {
    /// Closes the connection that has been idle longest, otherwise one whose
    /// request takes too long.
    fn make_room(&mut self, now: Instant) -> bool {
        let oldest = self
            .taken
            .iter()
            .filter(|(_, taken)| !taken.is_busy || now - taken.since > LONG_REQUEST)
            .min_by_key(|(_, taken)| (taken.is_busy, taken.since))
            .map(|(number, _)| *number);
        let Some(taken) = oldest.and_then(|number| self.taken.remove(&number)) else {
            return false;
        };
        taken.evicted.cancel();
        true
    }

    fn mark(&mut self, number: u64, is_busy: bool) {
        if let Some(taken) = self.taken.get_mut(&number) {
            taken.is_busy = is_busy;
            taken.since = Instant::now();
        }
    }
}

impl Place {
    /// Begins a request; `is_whole` says that it has arrived completely.
    fn begin_request(self: &Arc<Self>, is_whole: bool) -> Busy {
        if is_whole {
            self.mark(true);
        }
        Busy(Arc::clone(self))
    }

    fn mark(&self, is_busy: bool) {
        self.registry.with(|places| places.mark(self.number, is_busy));
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.mark(false);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.registry.with(|places| places.taken.remove(&self.number));
        telemetry::connection_closed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_idle_makes_room_and_the_busy_do_not() {
        let registry = Registry::new(3);
        let places: Vec<Arc<Place>> = (0..3).map(|_| Arc::new(registry.enter().unwrap())).collect();
        let _busy = places[0].begin_request(true);
        let newcomer = registry.enter().unwrap();
        let evicted: Vec<bool> = places.iter().map(|place| place.evicted.is_cancelled()).collect();
        assert_eq!(evicted, [false, true, false]);
        assert!(!newcomer.evicted.is_cancelled());
    }

    #[test]
    fn a_connection_whose_request_is_still_arriving_makes_room_like_a_silent_one() {
        let registry = Registry::new(1);
        let place = Arc::new(registry.enter().unwrap());
        let _arriving = place.begin_request(false);
        assert!(registry.enter().is_some());
        assert!(place.evicted.is_cancelled());
    }

    #[test]
    fn if_all_are_busy_no_connection_is_accepted_until_one_is_done() {
        let registry = Registry::new(2);
        let places: Vec<Arc<Place>> = (0..2).map(|_| Arc::new(registry.enter().unwrap())).collect();
        let mut busy: Vec<Busy> = places.iter().map(|place| place.begin_request(true)).collect();
        assert!(registry.enter().is_none());
        busy.pop();
        assert!(registry.enter().is_some());
        assert!(places[1].evicted.is_cancelled());
    }

    #[test]
    fn a_connection_that_ends_returns_its_place() {
        let registry = Registry::new(1);
        drop(registry.enter().unwrap());
        let place = registry.enter().unwrap();
        assert!(!place.evicted.is_cancelled());
    }
}
