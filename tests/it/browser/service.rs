//! A running service to open the page of: the real one, or one with moods.
//!
//! Both run on a free port of this machine, and can be stopped and started
//! again there, and then still know what was said.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::simulator::fake::FakeBot;
use crate::support::service::Service as Process;

/// The built binary, with no settings but its port.
pub(crate) struct Service {
    /// Where its database lies.
    folder: TempDir,
    address: SocketAddr,
    /// Of the last start.
    link: String,
    running: Option<Process>,
}

impl Service {
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), &[])
    }

    /// The same with this flow.
    pub(crate) fn with_flow(flow: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flow.yaml");
        fs::write(&path, flow).unwrap();
        Self::start_in(folder, &[("FLOWS", path.to_str().unwrap())])
    }

    /// The same with several flows, which are separated by `---`.
    pub(crate) fn with_flows(flows: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flows");
        fs::create_dir(&path).unwrap();
        for (at, flow) in flows.split("---\n").enumerate() {
            fs::write(path.join(format!("{at}.yaml")), flow).unwrap();
        }
        Self::start_in(folder, &[("FLOWS", path.to_str().unwrap())])
    }

    fn start_in(folder: TempDir, settings: &[(&str, &str)]) -> Self {
        let mut running = Process::start(folder.path(), settings);
        let (address, link) = (running.address(), running.page_link());
        Self { folder, address, link, running: Some(running) }
    }

    /// The same with the flows of this repository.
    pub(crate) fn with_shipped_flows() -> Self {
        let flows = concat!(env!("CARGO_MANIFEST_DIR"), "/flows");
        Self::start_in(tempfile::tempdir().unwrap(), &[("FLOWS", flows)])
    }

    /// Saves another text into the file of the flow.
    pub(crate) fn save_flow(&self, flow: &str) {
        fs::write(self.folder.path().join("flow.yaml"), flow).unwrap();
    }

    /// The link that the last start logged.
    pub(crate) fn link(&self) -> String {
        self.link.clone()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the page, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it with SIGTERM, and waits until it has ended.
    pub(crate) async fn stop(&mut self) {
        let running = self.running.take().unwrap();
        // Off this thread: the browser's answers are read here meanwhile.
        let (status, log) = spawn_blocking(move || running.stop()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{log:#?}");
    }

    /// Ends it as a crash would.
    pub(crate) fn kill9(&mut self) {
        self.running.take().unwrap().kill9();
    }

    pub(crate) fn start_again(&mut self) {
        assert!(self.running.is_none(), "it still runs");
        let address = self.address.to_string();
        let mut running = Process::start(self.folder.path(), &[("BIND", &address)]);
        self.link = running.page_link();
        self.running = Some(running);
    }
}

/// The page before a bot that can be slow, busy or forgetful.
pub(crate) struct FakeService {
    /// The bot behind it.
    pub(crate) bot: Arc<FakeBot>,
    address: SocketAddr,
    running: Option<(CancellationToken, JoinHandle<()>)>,
}

impl FakeService {
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

    /// The link that opens the page.
    pub(crate) fn link(&self) -> String {
        self.bot.link(self.address)
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

    /// Starts again with another key, as the real one does.
    pub(crate) async fn start_anew(&mut self) {
        self.bot.change_key();
        self.start_again().await;
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
