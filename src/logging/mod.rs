//! Sets up the log: which lines are written, in which format, to standard error.
//!
//! The callers decide what is logged, and keep out message text, phone numbers
//! and tokens. `queue` brings the lines to standard error.

mod queue;

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::time::Duration;

use anyhow::Context;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use self::queue::Queue;
use crate::config::{LogFormat, LogSettings};

static QUEUE: Queue = Queue::new();

/// How long the end of the process waits for a standard error that nobody reads.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Lets a separate thread write everything for standard error from now on.
/// Dropping the guard waits until everything is written, for a second at most.
pub fn start() -> anyhow::Result<Finish> {
    QUEUE.start().context("the thread that writes the log cannot be started")?;
    Ok(Finish(()))
}

/// Writes the last lines of a process when it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Finish(());

impl Drop for Finish {
    fn drop(&mut self) {
        QUEUE.finish(LAST_LINES);
    }
}

/// Writes to standard error, after the lines of the log. Without a thread that
/// writes, it waits for the reader, as in commands that log nothing.
pub fn print(text: &str) {
    if QUEUE.is_started() {
        QUEUE.push_last(text.as_bytes());
    } else {
        // If even this cannot be written, nothing remains to be done.
        drop(io::stderr().write_all(text.as_bytes()));
    }
}

/// A line of the log on its way into the queue.
struct Line;

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        QUEUE.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts logging, in every thread; an error means that a logger is set
/// already. The lines wait in memory until [`start`] begins to write them.
pub fn init(settings: LogSettings) -> Result<(), TryInitError> {
    let terminal = io::stderr().is_terminal();
    let default = if terminal { LogFormat::Text } else { LogFormat::Json };
    // Errors of the layer itself would bypass the queue on their way to standard error.
    let lines = fmt::layer().with_writer(|| Line).log_internal_errors(false);
    let registry = tracing_subscriber::registry().with(settings.filter);
    match settings.format.unwrap_or(default) {
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_span_list(false)).try_init()?;
        }
        // On a terminal the layer itself respects `NO_COLOR`.
        LogFormat::Text if terminal => registry.with(lines).try_init()?,
        LogFormat::Text => registry.with(lines.with_ansi(false)).try_init()?,
    }
    log_panics();
    Ok(())
}

/// Logs a panic as a line like any other: its place, and its text only if it
/// contains no value, since a value could be what somebody wrote.
fn log_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let said = panic.payload().downcast_ref::<&'static str>();
        tracing::error!(
            place,
            said,
            "a part of the service panicked: this is a defect of Ringback"
        );
    }));
}
