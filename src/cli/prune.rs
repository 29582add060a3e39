//! `ringback prune`: deletes old messages.

use anyhow::Context;
use jiff::Timestamp;

use super::output::Output;
use crate::config::Retention;
use crate::hint::WithHint;
use crate::server::retention::{self, Refused};
use crate::store::Store;

/// Deletes old messages, and says how many.
pub(super) async fn run(
    store: &Store,
    retention: Retention,
    trusts_clock: bool,
) -> anyhow::Result<()> {
    let ours = Timestamp::now();
    let pruned = retention::prune_by_hand(store, retention, ours, trusts_clock)
        .await
        .context("the old messages are not all deleted")
        .with_hint("what was deleted stays so; run it again for the rest")?;
    let (deleted, before) = pruned.map_err(|refused| doubtful(&refused, ours)).with_hint(
        "correct a clock that is ahead; if they are right, run it again with `--trust-clock`",
    )?;
    let messages = if deleted == 1 { "message" } else { "messages" };
    let before = shown(before);
    Output::new().line(&format!("{deleted} {messages} from before {before} deleted"));
    Ok(())
}

/// A clock that is ahead would delete new messages.
fn doubtful(Refused { doubt, server_clock }: &Refused, ours: Timestamp) -> anyhow::Error {
    let mut clocks = format!("this machine's clock says {}", shown(ours));
    if let Some(theirs) = server_clock {
        clocks = format!("{clocks}, the database server's {}", shown(*theirs));
    }
    anyhow::anyhow!(clocks).context(format!("nothing was deleted: {doubt}"))
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
