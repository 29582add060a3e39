//! The signals of the service. Listening begins before anything else, so that a
//! signal during the start does not end the process by chance.

use tokio_util::sync::CancellationToken;

use super::hangup::Hangups;
use super::stop::Stops;

/// The signals to the service. Once this exists, none is missed.
#[derive(Debug)]
pub struct Signals {
    pub(super) stops: Stops,
    pub(super) hangups: Hangups,
}

impl Signals {
    /// Listens from now on; call this within a runtime.
    pub fn listen() -> anyhow::Result<Self> {
        let orphaned = CancellationToken::new();
        let hangups = Hangups::listen(orphaned.clone())?;
        Ok(Self { stops: Stops::listen(orphaned)?, hangups })
    }

    /// Runs the start; returns `None` if the service is asked to stop meanwhile.
    /// A SIGHUP is kept, since the files may have been read before it arrived.
    pub(super) async fn while_starting<T>(&mut self, start: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            signal = self.stops.next() => {
                tracing::info!(signal, "stopped before it served");
                None
            }
            never = self.hangups.keep() => match never {},
            started = start => Some(started),
        }
    }
}
