//! SIGHUP: asks for the flows to be read anew, or says that the terminal is gone.

#[cfg(unix)]
use std::io::{IsTerminal, stderr};

#[cfg(unix)]
use anyhow::Context;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The hang-ups that were meant for the flows. From its making on, none is missed.
#[derive(Debug)]
pub(super) struct Hangups {
    #[cfg(unix)]
    signal: Signal,
    /// Whether the log went to a terminal when all began.
    #[cfg(unix)]
    has_terminal: bool,
    /// Cancelled when it is gone.
    orphaned: CancellationToken,
}

#[cfg(unix)]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        let signal = signal(SignalKind::hangup()).context("signals cannot be listened for")?;
        Ok(Self { signal, has_terminal: stderr().is_terminal(), orphaned })
    }

    /// Waits for one.
    pub(super) async fn next(&mut self) {
        while self.signal.recv().await.is_some() {
            // Whoever closes the window of a service wants it to end, as ever.
            if self.has_terminal && !stderr().is_terminal() {
                self.orphaned.cancel();
                continue;
            }
            return;
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(not(unix))]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        Ok(Self { orphaned })
    }

    /// There are none here.
    pub(super) async fn next(&mut self) {
        let _ = &self.orphaned;
        std::future::pending::<()>().await;
    }
}
