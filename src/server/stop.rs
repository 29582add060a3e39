//! The ways to stop the service: SIGTERM, Ctrl-C, or the end of its terminal.

use anyhow::Context;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The signals that request an end. Once this exists, none is missed.
#[derive(Debug)]
pub(super) struct Stops {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
    /// Cancelled when the terminal is gone; taken once that was reported.
    orphaned: Option<CancellationToken>,
}

#[cfg(unix)]
impl Stops {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            orphaned: Some(orphaned),
        })
    }

    /// Waits for a signal, and returns its name.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            () = gone(&mut self.orphaned) => "SIGHUP",
        }
    }
}

#[cfg(not(unix))]
impl Stops {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        Ok(Self { orphaned: Some(orphaned) })
    }

    /// Waits for a signal, and returns its name.
    pub(super) async fn next(&mut self) -> &'static str {
        let _ = &self.orphaned;
        if tokio::signal::ctrl_c().await.context("unheard").is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

/// Waits for the end of the terminal, which happens only once.
#[cfg(unix)]
async fn gone(orphaned: &mut Option<CancellationToken>) {
    match orphaned {
        Some(token) => token.cancelled().await,
        None => std::future::pending().await,
    }
    *orphaned = None;
}
