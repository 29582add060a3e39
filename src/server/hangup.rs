//! SIGHUP: asks for the flows to be read anew, or says that the terminal is gone.

#[cfg(unix)]
use std::io::{IsTerminal, stderr, stdin, stdout};

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
}

#[cfg(unix)]
impl Hangups {
    pub(super) fn listen(orphaned: CancellationToken) -> anyhow::Result<Self> {
        let signal = signal(SignalKind::hangup()).context("signals cannot be listened for")?;
        Ok(Self { signal, terminals: terminals(), orphaned })
    }

    /// Waits for one.
    pub(super) async fn next(&mut self) {
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
        Ok(Self { orphaned })
    }

    /// There are none here.
    pub(super) async fn next(&mut self) {
        let _ = &self.orphaned;
        std::future::pending::<()>().await;
    }
}
