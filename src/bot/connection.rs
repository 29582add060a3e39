//! The one connection through which the worker writes.

use crate::store::{Store, StoreError, Writer};

/// Returns the connection that writes, and opens one if there is none.
pub(super) async fn connected<'a>(
    writer: &'a mut Option<Writer>,
    store: &Store,
) -> Result<&'a mut Writer, StoreError> {
    match writer {
        Some(writer) => Ok(writer),
        none => Ok(none.insert(store.writer().await?)),
    }
}
