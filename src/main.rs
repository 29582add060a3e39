//! The `ringback` command: reads `.env`, then the command line, and does what it says.

use std::process::ExitCode;

use ringback::cli;
use ringback::config::dotenv;

/// A message is some hundred small pieces of memory, most of them short-lived.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // First of all, since the command line falls back to the environment.
    cli::run(dotenv::load())
}
