//! A MariaDB of a test's own, to be stopped, killed and started again.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tempfile::TempDir;
use uuid::Uuid;

use crate::support::database::run_sql;
use crate::support::ringback::DEADLINE;
use crate::support::skip;

/// The most connections that a server takes.
pub(super) const MAX_CONNECTIONS: usize = 20;

/// A server with durable commits, on a port that stays its own; gone with this value.
#[derive(Debug)]
pub(super) struct Server {
    folder: TempDir,
    port: u16,
    running: Option<Child>,
}

impl Server {
    /// A new one with an empty database `ringback`, or `None` where none is installed.
    pub(super) async fn start() -> Option<Self> {
        if Command::new("mariadbd").arg("--version").output().is_err() {
            skip("there is no `mariadbd` (scripts/test installs one)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let installed = install(folder.path());
        assert!(installed.status.success(), "{installed:?}");
        let mut server = Self { folder, port: 0, running: None };
        // Below what the system gives to outgoing connections, so that it is
        // still free when the server comes back.
        while server.running.is_none() {
            server.port = 12_000 + (Uuid::new_v4().as_u128() % 20_000) as u16;
            server.try_run();
        }
        // No right to write where the server is read-only, as root has.
        let prepare = "CREATE DATABASE ringback CHARACTER SET utf8mb4; \
                       CREATE USER bot@'%'; GRANT ALL ON ringback.* TO bot@'%'; \
                       CREATE USER stranger@'%'";
        run_sql(&server.url_as("root", ""), prepare).await;
        Some(server)
    }

    /// What `DATABASE_URL` is to be.
    pub(super) fn url(&self) -> String {
        self.url_as("bot", "ringback")
    }

    /// The same for another account and database.
    pub(super) fn url_as(&self, user: &str, database: &str) -> String {
        format!("mysql://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Runs statements as its administrator.
    pub(super) async fn administer(&self, statements: &str) {
        run_sql(&self.url_as("root", ""), statements).await;
    }

    /// Ends it at once, as a crash would.
    pub(super) fn kill9(&mut self) {
        let mut child = self.running.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts it again on its port and its data; returns once it answers.
    pub(super) fn restart(&mut self) {
        self.try_run();
        assert!(self.running.is_some(), "the server does not start again");
    }

    /// Halts it in the midst of whatever it does.
    pub(super) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(super) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.running.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Runs it and waits until it takes connections; `None` if it ended instead.
    fn try_run(&mut self) {
        let data = self.folder.path();
        let mut child = Command::new("mariadbd")
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--socket="])
            .args(as_root(data))
            .arg(format!("--datadir={}", data.join("data").display()))
            .arg(format!("--tmpdir={}", data.display()))
            .arg(format!("--pid-file={}", data.join("pid").display()))
            .arg(format!("--port={}", self.port))
            .arg(format!("--max-connections={MAX_CONNECTIONS}"))
            // As it comes, durable commits included, but for its size.
            .args(["--skip-name-resolve", "--innodb-buffer-pool-size=32M"])
            .args(["--innodb-log-file-size=8M", "--skip-networking=0"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, ready) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                drop(sender.send(line));
            }
        });
        let until = Instant::now() + DEADLINE;
        loop {
            match ready.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains("ready for connections") => {
                    self.running = Some(child);
                    return;
                }
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    child.kill().unwrap();
                    panic!("the server neither starts nor ends");
                }
            }
        }
        child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.running {
            // A frozen one ends by this, too.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn install(folder: &Path) -> Output {
    Command::new("mariadb-install-db")
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .arg("--innodb-log-file-size=8M")
        .args(as_root(folder))
        .arg(format!("--datadir={}", folder.join("data").display()))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The server runs as root only if it is told to; `folder` is this process' own.
fn as_root(folder: &Path) -> Option<&'static str> {
    (folder.metadata().unwrap().uid() == 0).then_some("--user=root")
}
