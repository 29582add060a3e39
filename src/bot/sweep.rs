//! Looks for conversations in which silence is over, and gives them to the
//! worker.
//!
//! The sweep reads without locks, so any number of processes may do it. The
//! worker locks each session and looks again. Some people cannot be woken for a
//! while, because they are locked or in flows of a newer release. A round
//! passes over them, so that they hold up nobody.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::parts::Parts;
use crate::message::Sender;

/// How often the database is asked while nothing is due.
const EVERY: Duration = Duration::from_secs(1);

/// The longest pause between two rounds, however many people cannot be woken.
const AT_MOST: Duration = Duration::from_mins(1);

/// The most conversations that one transaction wakes: so many that the pace is
/// good, and so few that a message hardly waits for them.
const AT_ONCE: u32 = 64;

/// Senders in whose conversations silence is over.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) senders: Vec<Sender>,
    /// Tells the sweep how many of them were woken; `None` if the database
    /// failed.
    pub(super) woken: oneshot::Sender<Option<usize>>,
}

/// Sweeps until the worker takes nothing more.
pub(super) async fn run(parts: Parts, due: mpsc::Sender<Due>) {
    let sweeping = async {
        loop {
            let behind = round(&parts, &due).await;
            tokio::time::sleep(pause(behind)).await;
        }
    };
    // A database that does not answer must not hold up the end.
    tokio::select! {
        () = sweeping => {}
        () = due.closed() => {}
    }
}

/// Gives everybody who is due to the worker, the longest wait first. Returns how
/// many could not be woken.
async fn round(parts: &Parts, due: &mpsc::Sender<Due>) -> u32 {
    let mut behind = 0;
    loop {
        // An error is that of the database, which messages report.
        let senders = parts.store.due((parts.clock)(), behind, AT_ONCE).await.unwrap_or_default();
        let found = u32::try_from(senders.len()).unwrap_or(AT_ONCE);
        if found == 0 {
            return behind;
        }
        let (sender, receiver) = oneshot::channel();
        if due.send(Due { senders, woken: sender }).await.is_err() {
            return behind;
        }
        let Ok(Some(woken)) = receiver.await else { return behind };
        behind += found.saturating_sub(u32::try_from(woken).unwrap_or(found));
        if woken == 0 && found < AT_ONCE {
            return behind;
        }
    }
}

/// Returns the pause after a round that left so many people behind. The next
/// round reads all of them again, which must not keep the database busy.
fn pause(behind: u32) -> Duration {
    (EVERY * (1 + behind / AT_ONCE)).min(AT_MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_with_those_who_cannot_be_woken() {
        for (behind, seconds) in
            [(0, 1), (1, 1), (63, 1), (64, 2), (640, 11), (6_400, 60), (u32::MAX, 60)]
        {
            assert_eq!(pause(behind), Duration::from_secs(seconds), "{behind}");
        }
    }
}
