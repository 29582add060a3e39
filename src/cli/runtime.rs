//! The runtime that commands wait in.

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};

/// How many tasks run before the runtime looks who else can go on. By default
/// the bot would wait behind the replies of its last batch, the database idle.
const TASKS_AT_A_TIME: u32 = 8;

/// One thread: there is little to do between one wait and the next, and
/// handing that from thread to thread costs more than doing it.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_current_thread()
        .event_interval(TASKS_AT_A_TIME)
        .enable_all()
        .build()
        .context("the runtime cannot be started")
}
