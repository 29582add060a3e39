//! Starts and ends what is measured: the built service, or a peer.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use url::Url;

use super::args::{self, Args, Subject};
use super::database::Schema;
use super::scene::Around;
use super::script::{PUBLIC_URL, TOKEN};

/// How long it may take until it answers.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// How long it may take to end by itself.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

/// The connections to the database that a peer has in all.
const PEER_CONNECTIONS: usize = 40;

/// gunicorn's own advice: two workers for each core, and one.
fn flask_workers() -> usize {
    2 * cores() + 1
}

fn cores() -> usize {
    available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A service that answers; ended when it goes out of scope.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Running {
    /// Starts it, and waits until it answers.
    pub(crate) async fn start(
        subject: Subject,
        schema: &Schema,
        args: &Args,
        (folder, around): (&Path, Option<&Around>),
    ) -> anyhow::Result<Self> {
        let name = args::name(&subject);
        let address = free_address()?;
        let mut command = match subject {
            Subject::Flask | Subject::Express | Subject::Axum => {
                let peers = args.peers_folder.as_deref();
                let peers = peers.context("the peers are not installed: use `scripts/bench`")?;
                peer(subject, peers, address, schema)?
            }
            Subject::Ringback | Subject::Http | Subject::Store => {
                // Requests that are no messages are logged as such, each.
                let log = if subject == Subject::Http { "error" } else { &args.log };
                ringback(address, schema, log, around)
            }
        };
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(standard_error(args, &name)?);
        let child = command.spawn().with_context(|| format!("`{name}` cannot be started"))?;
        let mut running = Self { child, address };
        running.wait().await.with_context(|| {
            format!("`{name}` does not answer; `--logs FOLDER` keeps what it says")
        })?;
        Ok(running)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    async fn wait(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + STARTS_WITHIN;
        loop {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("it ended with {status}");
            }
            if timeout(STARTS_WITHIN, answers(self.address)).await.is_ok_and(|answers| answers) {
                return Ok(());
            }
            anyhow::ensure!(Instant::now() < deadline, "it took more than {STARTS_WITHIN:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends it, and waits for that.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        terminate(self.child.id())?;
        let deadline = Instant::now() + ENDS_WITHIN;
        while self.child.try_wait()?.is_none() {
            anyhow::ensure!(Instant::now() < deadline, "it did not end within {ENDS_WITHIN:?}");
            sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

impl Drop for Running {
    /// After [`stop`](Self::stop) there is nothing left to do.
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // Kindly, so that it ends its own children.
            drop(terminate(self.child.id()));
            std::thread::sleep(Duration::from_millis(200));
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}

fn terminate(pid: u32) -> anyhow::Result<()> {
    Command::new("kill").arg(pid.to_string()).status().context("`kill` cannot be run")?;
    Ok(())
}

fn ringback(address: SocketAddr, schema: &Schema, log: &str, around: Option<&Around>) -> Command {
    let built = Path::new(env!("CARGO_BIN_EXE_ringback"));
    let mut command = Command::new(around.and_then(Around::binary).unwrap_or(built));
    command
        .env_clear()
        .envs(around.map(Around::settings).unwrap_or_default())
        .env("BIND", address.to_string())
        .env("DATABASE_URL", &schema.url)
        .env("PUBLIC_URL", PUBLIC_URL)
        .env("TWILIO_AUTH_TOKEN", TOKEN)
        .env("LOG_FORMAT", "json")
        .env("RUST_LOG", log);
    command
}

fn peer(
    subject: Subject,
    peers: &Path,
    address: SocketAddr,
    schema: &Schema,
) -> anyhow::Result<Command> {
    let mut command = match subject {
        Subject::Flask => {
            let workers = flask_workers();
            let threads = PEER_CONNECTIONS.div_ceil(workers).to_string();
            let mut command = Command::new(peers.join("flask/bin/gunicorn"));
            command.args([
                "--worker-class",
                "gthread",
                "--keep-alive",
                "60",
                "--log-level",
                "warning",
            ]);
            command.args(["--workers", &workers.to_string(), "--threads", &threads]);
            command.args(["--bind", &address.to_string(), "--chdir"]);
            command.arg(peers.join("flask")).arg("app:app").env("THREADS", threads);
            command
        }
        Subject::Express => {
            let mut command = Command::new("node");
            let pool = PEER_CONNECTIONS.div_ceil(cores());
            command.arg(peers.join("express/app.js")).env("NODE_ENV", "production");
            command.env("WORKERS", cores().to_string()).env("POOL", pool.to_string());
            command
        }
        _ => {
            let mut command = Command::new(peers.join("axum/ringback-bench-axum"));
            command.env("POOL", PEER_CONNECTIONS.to_string());
            command
        }
    };
    let url = Url::parse(&schema.url).context("a peer needs a server")?;
    command
        .env("PORT", address.port().to_string())
        .env("PUBLIC_URL", PUBLIC_URL)
        .env("TWILIO_AUTH_TOKEN", TOKEN)
        .env("DATABASE_URL", &schema.url)
        .env("DB_HOST", url.host_str().unwrap_or_default())
        .env("DB_PORT", url.port().unwrap_or(3306).to_string())
        .env("DB_USER", url.username())
        .env("DB_PASSWORD", url.password().unwrap_or_default())
        .env("DB_NAME", url.path().trim_start_matches('/'));
    Ok(command)
}

fn standard_error(args: &Args, name: &str) -> anyhow::Result<Stdio> {
    let Some(folder) = &args.logs else { return Ok(Stdio::null()) };
    fs::create_dir_all(folder)?;
    let file =
        File::options().create(true).append(true).open(folder.join(format!("{name}.log")))?;
    Ok(file.into())
}

/// An address that is free now. That it still is a moment later is likely, and seen if not.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Whether it answers a request, however.
async fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return false };
    let request = b"GET /readyz HTTP/1.1\r\nHost: bot.example.com\r\nConnection: close\r\n\r\n";
    let mut answer = Vec::new();
    stream.write_all(request).await.is_ok()
        && stream.read_to_end(&mut answer).await.is_ok()
        && answer.starts_with(b"HTTP/1.1 ")
}
