//! Sets up the log: which lines, how they look, and that they go to standard error.
//!
//! What is logged, and that no message text, phone number or token is, lies
//! with those who log.

use std::io::{self, IsTerminal};
use std::panic;

use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::{LogFormat, LogSettings};

/// Logs from now on, in every thread; an error says that somebody logs already.
pub fn init(settings: LogSettings) -> Result<(), TryInitError> {
    let terminal = io::stderr().is_terminal();
    let default = if terminal { LogFormat::Text } else { LogFormat::Json };
    // A log that nobody reads any more must not end the program: without
    // `log_internal_errors(false)` a closed standard error is a panic.
    let lines = fmt::layer().with_writer(io::stderr).log_internal_errors(false);
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
