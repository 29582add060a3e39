//! Messages of people who are in newer flows than this release can load.

use std::collections::HashSet;

use super::batch::Batch;
use super::refusal::Refusal;
use crate::store::{StoreError, Writer};
use crate::telemetry::Outcome;

/// Refuses these messages. A message that was taken before gets its reply,
/// wherever its sender is now. The others may be repeated at a process that
/// knows their flows.
pub(super) async fn refuse(
    writer: &mut Writer,
    batch: &mut Batch,
    ids: &HashSet<String>,
) -> Result<(), StoreError> {
    let recorded = writer.recorded(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let mut outdated = batch.split_off(|message| ids.contains(&message.id));
    outdated.answer(recorded, Outcome::Repeated);
    outdated.refuse(Refusal::Outdated);
    Ok(())
}
