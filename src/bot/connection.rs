//! The one connection through which the worker writes.

use crate::store::{Store, StoreError, Writer};

/// Returns the connection that writes, and opens one if there is none, or if
/// another host is used by now. Nothing may be open on it that is to last.
pub(super) async fn connected<'a>(
    writer: &'a mut Option<Writer>,
    store: &Store,
) -> Result<&'a mut Writer, StoreError> {
    if writer.as_ref().is_some_and(|writer| writer.is_elsewhere(store)) {
        *writer = None;
    }
    match writer {
        Some(writer) => Ok(writer),
        none => Ok(none.insert(store.writer().await?)),
    }
}
