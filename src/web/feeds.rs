//! Live updates of a page: server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, mpsc};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

/// The number of events that wait for a slow page; beyond it the feed waits, too.
const BUFFER: usize = 16;

/// How often an idle feed shows that it is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The feeds of a page, in a bounded number.
#[derive(Debug)]
pub struct Feeds {
    permits: Arc<Semaphore>,
    shutdown: CancellationToken,
}

/// The channel to which a feed sends its events.
#[derive(Debug)]
pub struct Events(mpsc::Sender<Event>);

/// The page is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

impl Feeds {
    /// Returns feeds of which at most `most` are open at once; `shutdown` ends them.
    pub fn new(most: usize, shutdown: CancellationToken) -> Self {
        Self { permits: Arc::new(Semaphore::new(most)), shutdown }
    }

    /// Opens a feed, which `run` serves until the page or the service ends;
    /// returns `None` if too many are open.
    #[expect(
        clippy::disallowed_methods,
        reason = "the service does not wait for pages at its end; they connect again"
    )]
    pub fn open<Running>(&self, run: impl FnOnce(Events) -> Running) -> Option<Response>
    where
        Running: Future<Output = ()> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let (events, received) = mpsc::channel(BUFFER);
        let running = run(Events(events.clone()));
        let shutdown = self.shutdown.clone();
        tokio::spawn(async move {
            let _permit = permit;
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = events.closed() => {}
                () = running => {}
            }
        });
        let stream = Sse::new(ReceiverStream::new(received).map(Ok::<_, Infallible>));
        Some(stream.keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
    }
}

impl Events {
    /// Sends an event; waits if the page is slow.
    pub async fn send(&self, event: Event) -> Result<(), Closed> {
        self.0.send(event).await.map_err(|_| Closed)
    }
}
