//! The `ringback` command: reads `.env`, then the command line, and carries it out.

use std::process::ExitCode;

use ringback::cli;
use ringback::config::dotenv;

/// A message needs several hundred small pieces of memory, most of them short-lived.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // This is the first step, since the command line falls back to the environment.
    cli::run(dotenv::load())
}
