//! SIGHUP: asks for the flows to be read anew, or says that the terminal is gone.

#[cfg(unix)]
use std::io::{IsTerminal, stderr, stdin, stdout};

use std::convert::Infallible;

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
    /// Which of them were a terminal when all began.
    #[cfg(unix)]
    terminals: [bool; 3],
    /// Cancelled when it is gone.
    orphaned: CancellationToken,
    /// Whether one came that nobody could follow yet.
    is_kept: bool,
}

impl Hangups {
    /// Waits for one, or has the one that was kept.
    pub(super) async fn next(&mut self) {
        if !std::mem::take(&mut self.is_kept) {
            self.heard().await;
        }
    }

    /// Keeps those that come, for ever, for whoever asks for the next one.
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
        let signal = signal(SignalKind::hangup()).context("signals cannot be listened for")?;
        Ok(Self { signal, terminals: terminals(), orphaned, is_kept: false })
    }

    async fn heard(&mut self) {
        while self.signal.recv().await.is_some() {
            // Whoever closes the window of a service wants it to end, as ever.
            if self.terminals.iter().zip(terminals()).any(|(was, is)| *was && !is) {
                self.orphaned.cancel();
                continue;
            }
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Whether standard input, output and error are a terminal that is there.
#[cfg(unix)]
fn terminals() -> [bool; 3] {
    [stdin().is_terminal(), stdout().is_terminal(), stderr().is_terminal()]
}

#[cfg(not(unix))]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        Ok(Self { orphaned, is_kept: false })
    }

    /// There are none here.
    async fn heard(&mut self) {
        let _ = &self.orphaned;
        std::future::pending::<()>().await;
    }
}
