//! Sets up the log: which lines, how they look, and that they go to standard error.
//!
//! What is logged, and that no message text, phone number or token is, lies
//! with those who log. How lines reach standard error is `queue`'s.

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

/// Has everything for standard error written by a thread of its own from now
/// on. Whoever drops the guard waits until it is written, for a second at most.
pub fn start() -> anyhow::Result<Finish> {
    QUEUE.start().context("the thread that writes the log cannot be started")?;
    Ok(Finish(()))
}

/// The last lines of a process are written when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Finish(());

impl Drop for Finish {
    fn drop(&mut self) {
        QUEUE.finish(LAST_LINES);
    }
}

/// Writes to standard error, behind the lines of the log. Without a thread that
/// writes, it waits for whoever reads, as commands do that log nothing.
pub fn print(text: &str) {
    if QUEUE.is_started() {
        QUEUE.push_last(text.as_bytes());
    } else {
        // Nothing is left to be done where even this cannot be told.
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

/// Logs from now on, in every thread; an error says that somebody logs already.
/// The lines wait in memory until [`start`] has them written.
pub fn init(settings: LogSettings) -> Result<(), TryInitError> {
    let terminal = io::stderr().is_terminal();
    let default = if terminal { LogFormat::Text } else { LogFormat::Json };
    // What the layer itself has to say would go to standard error, past the queue.
    let lines = fmt::layer().with_writer(|| Line).log_internal_errors(false);
    let registry = tracing_subscriber::registry().with(settings.filter);
    match settings.format.unwrap_or(default) {
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_span_list(false)).try_init()?;
        }
        // On a terminal the layer itself looks at `NO_COLOR`.
        LogFormat::Text if terminal => registry.with(lines).try_init()?,
        LogFormat::Text => registry.with(lines.with_ansi(false)).try_init()?,
    }
    log_panics();
    Ok(())
}

/// A panic becomes a line like any other: where it was, and what it said only
/// if no value stands in it, since that could be what somebody wrote.
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
