//! The built `ringback` as a running service, on a free port of this machine.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Instant;

use serde_json::Value;

use super::ringback::{DEADLINE, command, piped};

/// A service that answers; killed when it goes out of scope.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    address: SocketAddr,
    /// The lines of its log that were not read yet.
    log: Receiver<String>,
    /// Those that were.
    read: Vec<String>,
    reader: Arc<(Mutex<Reading>, Condvar)>,
}

/// Whether somebody reads the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    On,
    Paused,
    /// For ever: standard error is closed.
    Over,
}

impl Service {
    /// Starts it in this folder with these settings and waits until it listens.
    ///
    /// Unless the settings say otherwise it takes a free port and logs JSON. A
    /// test that restarts it passes the same folder or `DATABASE_URL` again.
    pub(crate) fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::start_by(&[], folder, settings)
    }

    /// The same, started by another command, which is given this one.
    pub(crate) fn start_by(by: &[&str], folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut service = Self::spawn_by(by, folder, settings);
        service.wait_until_it_listens();
        service
    }

    /// Starts it, and does not wait: it has no address yet.
    pub(crate) fn spawn(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::spawn_by(&[], folder, settings)
    }

    fn spawn_by(by: &[&str], folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut all = vec![("BIND", "127.0.0.1:0"), ("LOG_FORMAT", "json"), ("RUST_LOG", "info")];
        all.extend(settings);
        let mut command = started_by(by, command(folder, &all, &["serve"]));
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, log) = mpsc::channel();
        let reader = Arc::new((Mutex::new(Reading::On), Condvar::new()));
        let reading = Arc::clone(&reader);
        // Reads to the end, whether anybody listens or not, unless it is paused.
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                drop(sender.send(line));
                let (state, changed) = &*reading;
                let is_paused = |state: &mut Reading| *state == Reading::Paused;
                let state = changed.wait_while(state.lock().unwrap(), is_paused).unwrap();
                if *state == Reading::Over {
                    break;
                }
            }
        });
        let address = SocketAddr::from(([0, 0, 0, 0], 0));
        Self { child, address, log, read: Vec::new(), reader }
    }

    /// Waits until its log tells where it listens.
    pub(crate) fn wait_until_it_listens(&mut self) {
        let line = self
            .wait_for_line("the line that tells its address", |line| address_in(line).is_some());
        self.address = address_in(&line).unwrap();
    }

    /// Reads its log no further, but for a line that is being read.
    pub(crate) fn pause_log(&self) {
        self.set_reading(Reading::Paused);
    }

    /// Reads its log again.
    pub(crate) fn resume_log(&self) {
        self.set_reading(Reading::On);
    }

    /// Closes its standard error, behind the next line.
    pub(crate) fn close_log(&self) {
        self.set_reading(Reading::Over);
    }

    fn set_reading(&self, reading: Reading) {
        let (state, changed) = &*self.reader;
        *state.lock().unwrap() = reading;
        changed.notify_all();
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a page or route.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits for a line of the log that was not read yet, and returns it; the
    /// ones before are passed over.
    pub(crate) fn wait_for_line(&mut self, what: &str, is_it: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + DEADLINE;
        while let Ok(line) = self.log.recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            self.read.push(line.clone());
            if is_it(&line) {
                return line;
            }
        }
        panic!(
            "the service ended or stayed silent before {what}; its log was:\n{}",
            self.read.join("\n")
        );
    }

    /// The link with the key, by which the phone page opens; to be asked once.
    pub(crate) fn page_link(&mut self) -> String {
        let line = self.wait_for_line("the phone page's link", |line| line.contains("/?key="));
        let from = line.find("http://").unwrap();
        line[from..].split(' ').next().unwrap().to_owned()
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Asks it to read its flows anew (SIGHUP).
    pub(crate) fn hangup(&self) {
        self.signal("-HUP");
    }

    /// Asks it to end, as Ctrl-C does (SIGINT).
    pub(crate) fn interrupt(&self) {
        self.signal("-INT");
    }

    /// Halts it in the midst of whatever it does (SIGSTOP).
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on (SIGCONT).
    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success(), "the service had ended already");
    }

    /// Asks it to end, waits until it has, and returns how it ended and its whole log.
    pub(crate) fn stop(self) -> (ExitStatus, Vec<String>) {
        self.terminate();
        self.ended()
    }

    /// Ends it at once (SIGKILL), as a crash would; its whole log.
    pub(crate) fn kill9(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.ended().1
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end, whether or not its log is read.
    pub(crate) fn exited(mut self) -> ExitStatus {
        let until = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "the service did not end within {DEADLINE:?}");
            thread::yield_now();
        }
    }

    /// Waits for its end, which is when its log ends.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let until = Instant::now() + DEADLINE;
        loop {
            match self.log.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.read.push(line),
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    panic!("the service did not end within {DEADLINE:?}")
                }
            }
        }
        (self.child.wait().unwrap(), std::mem::take(&mut self.read))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Fails if it has ended, which is as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn started_by(by: &[&str], command: Command) -> Command {
    let Some((program, arguments)) = by.split_first() else { return command };
    let mut outer = Command::new(program);
    outer.args(arguments).arg(command.get_program()).args(command.get_args());
    outer.current_dir(command.get_current_dir().unwrap()).env_clear();
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    piped(&mut outer);
    outer
}

/// The address that a line of the log tells, in a field `address`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    let field = line.get("address").or_else(|| line.get("fields")?.get("address"))?;
    field.as_str()?.trim_start_matches("http://").trim_end_matches('/').parse().ok()
}

#[test]
fn finds_the_address_in_a_line_of_the_log() {
    for (line, found) in [
        (r#"{"level":"INFO","message":"listening","address":"127.0.0.1:4711"}"#, true),
        (r#"{"fields":{"message":"listening","address":"http://127.0.0.1:4711/"}}"#, true),
        (r#"{"message":"listening on 127.0.0.1:4711"}"#, false),
        ("listening address=127.0.0.1:4711", false),
    ] {
        let expected = found.then(|| "127.0.0.1:4711".parse().unwrap());
        assert_eq!(address_in(line), expected, "{line}");
    }
}
