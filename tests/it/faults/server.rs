//! A MariaDB of a test's own, to be stopped, killed and started again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use tempfile::TempDir;
use uuid::Uuid;

use super::LIVING_ON;
use super::disk::Disk;
use crate::support::database::run_sql;
use crate::support::ringback::DEADLINE;
use crate::support::skip;

/// The most connections that a server takes.
pub(super) const MAX_CONNECTIONS: usize = 20;

/// A server with durable commits, on a port that stays its own; gone with this value.
#[derive(Debug)]
pub(super) struct Server {
    folder: TempDir,
    /// Where its data are, if not there.
    disk: Option<Disk>,
    port: u16,
    running: Option<Child>,
    /// What it is told beside all this.
    options: Vec<String>,
}

impl Server {
    /// A new one with an empty database `ringback`, or `None` where none is installed.
    pub(super) async fn start() -> Option<Self> {
        Self::start_with(None, Vec::new()).await
    }

    /// The same, told these options.
    pub(super) async fn start_told(options: Vec<String>) -> Option<Self> {
        Self::start_with(None, options).await
    }

    /// The same, its data on this disk.
    pub(super) async fn start_on(disk: Disk) -> Option<Self> {
        Self::start_with(Some(disk), Vec::new()).await
    }

    async fn start_with(disk: Option<Disk>, options: Vec<String>) -> Option<Self> {
        if Command::new("mariadbd").arg("--version").output().is_err() {
            skip("there is no `mariadbd` (scripts/test installs one)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut server = Self { folder, disk, port: 0, running: None, options };
        let installed = server.install();
        assert!(installed.status.success(), "{installed:?}");
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

    /// The disk that its data are on.
    pub(super) fn disk(&self) -> &Disk {
        self.disk.as_ref().unwrap()
    }

    /// How many bytes the file of one of its tables has.
    pub(super) fn size_of(&self, table: &str) -> u64 {
        let file = self.folder.path().join("data/ringback").join(table).with_extension("ibd");
        fs::metadata(file).unwrap().len()
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.running.as_ref().unwrap().id()
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

    /// Starts it again if it has ended by itself, as whoever supervises it
    /// would; whether it had.
    pub(super) fn revive(&mut self) -> bool {
        let ended = self.running.as_mut().unwrap().try_wait().unwrap().is_some();
        if ended {
            self.restart();
        }
        ended
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
        let id = self.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Runs it and waits until it takes connections; `None` if it ended instead.
    fn try_run(&mut self) {
        let folder = self.folder.path();
        let mut child = self
            .command(&[&LIVING_ON[..], &["mariadbd"]].concat())
            .args(["--bind-address=127.0.0.1", "--socket="])
            .arg(format!("--tmpdir={}", folder.display()))
            .arg(format!("--pid-file={}", folder.join("pid").display()))
            .arg(format!("--port={}", self.port))
            .arg(format!("--max-connections={MAX_CONNECTIONS}"))
            // As it comes, durable commits included, but for its size.
            .args(["--skip-name-resolve", "--innodb-buffer-pool-size=32M", "--skip-networking=0"])
            .args(&self.options)
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

    fn install(&self) -> Output {
        self.command(&["mariadb-install-db"])
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// One of its programs, where its disk is and with what both are told.
    fn command(&self, program: &[&str]) -> Command {
        let folder = self.folder.path();
        let (by, data) = match &self.disk {
            None => (Vec::new(), folder.join("data")),
            Some(disk) => (disk.namespace.starting_in(folder), disk.inside().join("data")),
        };
        let mut words = by.iter().map(String::as_str).chain(program.iter().copied());
        let mut command = Command::new(words.next().unwrap());
        command.args(words).arg("--no-defaults");
        // It runs as root only if it is told to. In a namespace it always does.
        if self.disk.is_some() || folder.metadata().unwrap().uid() == 0 {
            command.arg("--user=root");
        }
        command.arg(format!("--datadir={}", data.display())).arg("--innodb-log-file-size=8M");
        command
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
