//! Looks for conversations in which silence is over, and gives them to the
//! worker.
//!
//! The sweep reads without locks, so any number of processes may do it. The
//! worker locks each session and looks again.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::parts::Parts;
use crate::message::Sender;

/// How often the database is asked while nothing is due.
const EVERY: Duration = Duration::from_secs(1);

/// The most conversations that one transaction wakes: so many that the pace is
/// good, and so few that a message hardly waits for them.
const AT_ONCE: u32 = 64;

/// Senders in whose conversations silence is over.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) senders: Vec<Sender>,
    /// Tells the sweep how many of them were woken.
    pub(super) woken: oneshot::Sender<usize>,
}

/// Sweeps until the worker takes nothing more.
pub(super) async fn run(parts: Parts, due: mpsc::Sender<Due>) {
    loop {
        // An error is that of the database, which messages report.
        let senders = parts.store.due((parts.clock)(), AT_ONCE).await.unwrap_or_default();
        let mut woken = 0;
        if !senders.is_empty() {
            let (sender, receiver) = oneshot::channel();
            if due.send(Due { senders, woken: sender }).await.is_err() {
                return;
            }
            woken = receiver.await.unwrap_or(0);
        }
        // Those that cannot be woken now, because they are locked or in newer
        // flows, must not keep the sweep busy.
        if woken == 0 {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = due.closed() => return,
            }
        }
    }
}
