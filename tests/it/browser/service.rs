//! A running service to open the page of.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::simulator::fake::FakeBot;

/// A service on a free port of this machine. It can be stopped and started
/// again there, and then still knows what was said.
pub(crate) struct Service {
    /// The bot behind it.
    pub(crate) bot: Arc<FakeBot>,
    address: SocketAddr,
    running: Option<(CancellationToken, JoinHandle<()>)>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let bot = FakeBot::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut service = Self { bot, address, running: None };
        service.serve(listener);
        service
    }

    /// The address of the page, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops as it would on SIGTERM, and waits until it has.
    pub(crate) async fn stop(&mut self) {
        if let Some((shutdown, server)) = self.running.take() {
            shutdown.cancel();
            server.await.unwrap();
        }
    }

    pub(crate) async fn start_again(&mut self) {
        assert!(self.running.is_none(), "it still runs");
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.serve(listener);
    }

    fn serve(&mut self, listener: TcpListener) {
        let shutdown = CancellationToken::new();
        let router = self.bot.simulator(self.address, shutdown.clone());
        let stopped = shutdown.clone().cancelled_owned();
        let server = tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(stopped).await.unwrap();
        });
        self.running = Some((shutdown, server));
    }
}
