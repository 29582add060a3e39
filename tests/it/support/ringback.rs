//! The built `ringback`, run with nothing in its environment but what a test says.

use std::fmt;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long anything may take before a test gives up on it. It is for a hang
/// only: nothing waits for it to pass.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

/// A command of `ringback` in this folder, with these settings and no others.
///
/// The folder keeps a `.env` or a database of the repository away.
pub(crate) fn command(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringback"));
    command.current_dir(folder).env_clear().envs(settings.iter().copied()).args(arguments);
    piped(&mut command);
    command
}

/// Lets a command's output be read, and gives it nothing to read.
pub(crate) fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped())
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    finish(command(folder, settings, arguments).spawn().unwrap())
}

/// Runs it to its end, with this to read. The input must fit into a pipe, as a
/// few thousand bytes do: what the command prints is read only afterwards.
pub(crate) fn run_with_input(
    folder: &Path,
    settings: &[(&str, &str)],
    arguments: &[&str],
    input: impl AsRef<[u8]>,
) -> Outcome {
    let mut child = command(folder, settings, arguments).stdin(Stdio::piped()).spawn().unwrap();
    // A command that ends before it has read all is no fault.
    drop(child.stdin.take().unwrap().write_all(input.as_ref()));
    finish(child)
}

/// What a command that ended has left behind.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Outcome {
    /// All of it, for snapshots.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("none".to_owned(), |code| code.to_string());
        write!(f, "exit code: {code}\n--- stdout\n{}--- stderr\n{}", self.stdout, self.stderr)
    }
}

/// Waits for the end of a process whose standard output and error are pipes.
pub(crate) fn finish(mut child: Child) -> Outcome {
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());
    let (Ok(stdout), Ok(stderr)) = (stdout.recv_timeout(DEADLINE), stderr.recv_timeout(DEADLINE))
    else {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the command did not end within {DEADLINE:?}");
    };
    Outcome { code: child.wait().unwrap().code(), stdout, stderr }
}

/// Reads a pipe to its end, which is when the process ends.
fn read(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        sender.send(text)
    });
    receiver
}
