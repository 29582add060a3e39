//! `ringback prune`: deletes old messages.

use anyhow::Context;
use jiff::Timestamp;

use super::output::Output;
use crate::hint::WithHint;
use crate::server::retention;
use crate::store::Store;

/// Deletes, and says how many.
pub(super) async fn run(store: &Store, before: Timestamp) -> anyhow::Result<()> {
    let deleted = retention::prune(store, before)
        .await
        .context("the old messages are not all deleted")
        .with_hint("what was deleted stays so; run it again for the rest")?;
    let messages = if deleted == 1 { "message" } else { "messages" };
    let before = before.strftime("%Y-%m-%d %H:%M:%S UTC");
    Output::new().line(&format!("{deleted} {messages} from before {before} deleted"));
    Ok(())
}
