//! The runtime in which commands wait.

use anyhow::Context;
use tokio::runtime::{Builder, Runtime};

/// How many tasks run before the runtime checks which others can continue. With
/// the default, the bot would wait behind the replies of its last batch, while
/// the database is idle.
const TASKS_AT_A_TIME: u32 = 8;

/// One thread: there is little to do between two waits, and passing it between
/// threads costs more than doing it.
pub(super) fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_current_thread()
        .event_interval(TASKS_AT_A_TIME)
        .enable_all()
        .build()
        .context("the runtime cannot be started")
}
