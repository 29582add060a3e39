//! The signals of the service, which are listened for before anything else is
//! done: none that comes during a start ends the process by chance.

use tokio_util::sync::CancellationToken;

use super::hangup::Hangups;
use super::stop::Stops;

/// What the service is told by signals. From its making on, none is missed.
#[derive(Debug)]
pub struct Signals {
    pub(super) stops: Stops,
    pub(super) hangups: Hangups,
}

impl Signals {
    /// Listens from now on; to be called within a runtime.
    pub fn listen() -> anyhow::Result<Self> {
        let orphaned = CancellationToken::new();
        let hangups = Hangups::listen(orphaned.clone())?;
        Ok(Self { stops: Stops::listen(orphaned)?, hangups })
    }

    /// Does what is to be done before it serves; `None` if it is told to stop
    /// meanwhile. A SIGHUP is kept: the files may have been read before it came.
    pub(super) async fn while_starting<T>(&mut self, start: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            signal = self.stops.next() => {
                tracing::info!(signal, "told to stop before it served");
                None
            }
            never = self.hangups.keep() => match never {},
            started = start => Some(started),
        }
    }
}
