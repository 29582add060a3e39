//! SIGHUP: requests that the flows are read again, or reports that the terminal is gone.

#[cfg(unix)]
use std::io::{IsTerminal, stderr, stdin, stdout};

use std::convert::Infallible;

#[cfg(unix)]
use anyhow::Context;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The hang-ups that request a reload. Once this exists, none is missed.
#[derive(Debug)]
pub(super) struct Hangups {
    #[cfg(unix)]
    signal: Signal,
    /// Which of the standard streams were a terminal at the start.
    #[cfg(unix)]
    terminals: [bool; 3],
    /// Cancelled when the terminal is gone.
    orphaned: CancellationToken,
    /// Whether a hang-up arrived that could not be handled yet.
    is_kept: bool,
}

impl Hangups {
    /// Waits for a hang-up, or returns the one that was kept.
    pub(super) async fn next(&mut self) {
        if !std::mem::take(&mut self.is_kept) {
            self.heard().await;
        }
    }

    /// Keeps arriving hang-ups, forever, for the next call of `next`.
    pub(super) async fn keep(&mut self) -> Infallible {
        loop {
            self.heard().await;
            self.is_kept = true;
        }
    }
}

#[cfg(unix)]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        let signal = signal(SignalKind::hangup()).context("cannot listen for signals")?;
        Ok(Self { signal, terminals: terminals(), orphaned, is_kept: false })
    }

    async fn heard(&mut self) {
        while self.signal.recv().await.is_some() {
            // Closing the window of a service should end it, as always.
            if self.terminals.iter().zip(terminals()).any(|(was, is)| *was && !is) {
                self.orphaned.cancel();
                continue;
            }
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Returns whether standard input, output and error are an existing terminal.
#[cfg(unix)]
fn terminals() -> [bool; 3] {
    [stdin().is_terminal(), stdout().is_terminal(), stderr().is_terminal()]
}

#[cfg(not(unix))]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        Ok(Self { orphaned, is_kept: false })
    }

    /// There are no hang-ups on this system.
    async fn heard(&mut self) {
        let _ = &self.orphaned;
        std::future::pending::<()>().await;
    }
}
